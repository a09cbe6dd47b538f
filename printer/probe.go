package printer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"antrean/printer/escpos"
	"antrean/printer/port"
)

// Finding is what a printer said when it was asked what it can do.
type Finding struct {
	Address   string         `json:"address"`
	Answers   bool           `json:"answers"` // to real-time questions
	Status    Status         `json:"status"`
	Maker     string         `json:"maker,omitempty"`
	Model     string         `json:"model,omitempty"`
	Firmware  string         `json:"firmware,omitempty"`
	NativeQR  bool           `json:"native_qr"`
	ProcessID bool           `json:"process_id"`
	Automatic bool           `json:"automatic_status"`
	Clear     bool           `json:"clear_buffers"`
	InOrder   bool           `json:"paper_status"` // answers GS r
	Profile   escpos.Profile `json:"profile"`      // fits this unit
}

// Probe asks the printer at address what it can do, within wait for each
// question, and derives a profile for that very unit: width, code page, cut
// and beep, which cannot be asked for, are those of base; empty takes the
// built-in profile of the model, else generic80. It prints nothing on a
// printer that knows the commands; one that does not may print some signs.
//
// An error means that the port cannot be used; a printer that says nothing is
// a Finding without Answers.
func Probe(ctx context.Context, address, base string, wait time.Duration) (Finding, error) {
	a, err := port.Parse(address)
	if err != nil {
		return Finding{}, err
	}
	open, err := port.Open(ctx, a)
	if err != nil {
		return Finding{}, err
	}
	q := prober{ctx: ctx, line: newLine(open), wait: wait}
	defer func() { _ = q.line.close() }()

	f := Finding{Address: address}
	if f.Status, f.Answers, err = q.status(); err == nil && f.Answers {
		err = q.abilities(&f)
	}
	if err != nil {
		return f, err
	}
	return f, f.derive(base)
}

// prober asks one question after the other; after each that gets no answer it
// is quiet for as long again, so that a late one is not taken for the next.
type prober struct {
	ctx  context.Context
	line *line
	wait time.Duration
}

// ask reports whether an answer of that kind came. An error is a lost port.
func (q prober) ask(question []byte, match func(escpos.Answer) bool) (escpos.Answer, bool, error) {
	nothing := func(escpos.Answer) {}
	a, err := q.line.ask(q.ctx, question, q.wait, nothing, match)
	if errors.Is(err, errNoAnswer) {
		_, err = q.line.await(q.ctx, q.wait, nothing, func(escpos.Answer) bool { return false })
		if errors.Is(err, errNoAnswer) {
			return a, false, nil
		}
	}
	return a, err == nil, err
}

func (q prober) status() (Status, bool, error) {
	var b [4]byte
	for n := 1; n <= 4; n++ {
		a, ok, err := q.ask(escpos.Realtime(n), isKind(escpos.RealtimeByte))
		if err != nil {
			return fault(Busy, err), false, err
		}
		if !ok {
			return fault(Silent, errNoAnswer), false, nil
		}
		b[n-1] = a.Data[0]
	}
	return realtimeStatus(b), true, nil
}

func (q prober) abilities(f *Finding) error {
	for _, t := range []struct {
		n    byte
		into *string
	}{{66, &f.Maker}, {67, &f.Model}, {65, &f.Firmware}} {
		a, ok, err := q.ask(escpos.Identity(t.n), block(0x5f))
		if err != nil {
			return err
		}
		if ok {
			*t.into = strings.TrimSpace(string(a.Data[1:]))
		}
	}
	id := escpos.MakeID(uint16(time.Now().UnixNano()))
	for _, t := range []struct {
		question []byte
		match    func(escpos.Answer) bool
		into     *bool
	}{
		{escpos.QRProbe(), block(0x37, 0x36), &f.NativeQR},
		{escpos.ProcessID(id), block(0x37, 0x22, id[0], id[1], id[2], id[3]), &f.ProcessID},
		{escpos.PaperStatus(), isKind(escpos.PaperByte), &f.InOrder},
		{escpos.AutomaticStatus(), isKind(escpos.Automatic), &f.Automatic},
		{escpos.ClearBuffers(), block(0x37, 0x25), &f.Clear},
	} {
		_, ok, err := q.ask(t.question, t.match)
		if err != nil {
			return err
		}
		*t.into = ok
	}
	return nil
}

// block matches an answer that begins so.
func block(prefix ...byte) func(escpos.Answer) bool {
	return func(a escpos.Answer) bool {
		return a.Kind == escpos.Block && strings.HasPrefix(string(a.Data), string(prefix))
	}
}

// models name the built-in profile for what a printer calls itself.
var models = []struct{ contains, profile string }{
	{"TM-T82", "epson-tm-t82"},
	{"TM-T88", "epson-tm-t88"},
	{"VIRTUAL-384", "virtual58"},
	{"VIRTUAL-576", "virtual80"},
}

func (f *Finding) derive(base string) error {
	for _, m := range models {
		if base == "" && strings.Contains(f.Model, m.contains) {
			base = m.profile
		}
	}
	if base == "" {
		base = "generic80"
	}
	p, err := escpos.LookUp(base)
	if err != nil {
		return err
	}
	if f.Answers {
		p.Answers = escpos.Always
		p.NativeQR, p.ProcessID, p.Automatic, p.Clear = f.NativeQR, f.ProcessID, f.Automatic, f.Clear
		p.Title = strings.TrimSpace(fmt.Sprintf("%s %s, probed", f.Maker, f.Model))
		p.Name = "probed"
	}
	f.Profile = p
	return nil
}
