package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"antrean/printer/escpos"
	"antrean/printer/port"
)

// ask finds out how the printer is, opening its port if need be.
func (o *owner) ask(ctx context.Context) Status {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(o.ctx, cancel)()

	reused := o.line != nil
	s, err := o.askOnce(ctx)
	if errors.Is(err, port.ErrGone) && reused {
		// A network printer hangs up an idle connection, a USB one may have
		// been replugged: neither is an absent printer.
		s, _ = o.askOnce(ctx)
	}
	return s
}

func (o *owner) askOnce(ctx context.Context) (Status, error) {
	if err := o.connect(ctx); err != nil {
		return fault(Absent, err), err
	}
	if o.profile.Answers == escpos.Never {
		return fault(Silent, errors.New("this kind of printer answers nothing")), nil
	}
	if o.dirty {
		if err := o.settle(ctx); err != nil {
			return o.failed(err), err
		}
	}
	var answers [4]byte
	for n := 1; n <= 4; n++ {
		a, err := o.line.ask(ctx, escpos.Realtime(n), o.cfg.AnswerWait, o.note, isKind(escpos.RealtimeByte))
		if err != nil {
			return o.failed(err), err
		}
		answers[n-1] = a.Data[0]
	}
	return realtimeStatus(answers), nil
}

// settle lets a late answer arrive before the next question, whose answer it
// would be taken for.
func (o *owner) settle(ctx context.Context) error {
	_, err := o.line.await(ctx, o.cfg.AnswerWait, o.note, isKind(escpos.RealtimeByte))
	o.dirty = false
	if errors.Is(err, errNoAnswer) {
		return nil
	}
	return err
}

// failed turns the failure of a question into a status.
func (o *owner) failed(err error) Status {
	switch {
	case errors.Is(err, port.ErrGone):
		o.disconnect()
		return fault(Absent, err)
	case errors.Is(err, port.ErrStalled):
		return fault(Busy, err)
	default:
		o.dirty = true
		return fault(Silent, err)
	}
}

func fault(c Condition, err error) Status {
	return Status{Conditions: []Condition{c}, At: time.Now(), Detail: err.Error()}
}

// realtimeStatus reads the answers to DLE EOT 1 to 4.
func realtimeStatus(b [4]byte) Status {
	c := []Condition{}
	add := func(is bool, what Condition) {
		if is && !slices.Contains(c, what) {
			c = append(c, what)
		}
	}
	open := b[1]&escpos.CoverBit != 0
	add(open, CoverOpen)
	add(b[1]&escpos.PaperStopBit != 0, PaperOut)
	// The sensors tell nothing true while the cover is open.
	add(!open && b[3]&escpos.PaperEndBits != 0, PaperOut)
	add(!open && b[3]&escpos.NearEndBits != 0, PaperLow)
	add(b[2]&escpos.CutterBit != 0, CutterJam)
	add(b[2]&escpos.UnrecoverableBit != 0, Broken)
	add(b[2]&escpos.HeatBit != 0, HeadHot)
	offline := b[0]&escpos.OfflineBit != 0 || b[1]&escpos.ErrorBit != 0 || b[2]&escpos.RecoverableBit != 0
	s := ordered(c, offline)
	s.Raw = fmt.Sprintf("% x", b)
	return s
}

// automaticStatus reads the four bytes that follow GS a FFh.
func automaticStatus(b [4]byte) Status {
	c := []Condition{}
	add := func(is bool, what Condition) {
		if is {
			c = append(c, what)
		}
	}
	open := b[0]&0x20 != 0
	add(open, CoverOpen)
	add(b[1]&0x08 != 0, CutterJam)
	add(b[1]&0x20 != 0, Broken)
	add(b[1]&0x40 != 0, HeadHot)
	add(!open && b[2]&0x0c != 0, PaperOut)
	add(!open && b[2]&0x03 != 0, PaperLow)
	return ordered(c, b[0]&0x08 != 0)
}

// ordered sorts by severity. Offline is only said where nothing explains it.
func ordered(c []Condition, offline bool) Status {
	s := Status{Conditions: c, At: time.Now()}
	slices.SortFunc(s.Conditions, func(a, b Condition) int { return severity[b] - severity[a] })
	if offline && !s.Stops() {
		s.Conditions = slices.Insert(s.Conditions, 0, Offline)
	}
	return s
}
