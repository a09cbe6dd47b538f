package loop

import (
	"context"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/spool"
	"antrean/kiosk/internal/words"
	"antrean/printer"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// lookEvery is how often the printer is asked for its state between visitors.
const lookEvery = 20 * time.Second

// print prints papers, one after another. From stop on it prints those that wait,
// and returns.
func (l *Loop) print(ctx context.Context, stop <-chan struct{}) {
	for {
		select {
		case p := <-l.papers:
			l.printOne(ctx, p)
		case <-stop:
			for {
				select {
				case p := <-l.papers:
					l.printOne(ctx, p)
				default:
					return
				}
			}
		}
	}
}

func (l *Loop) printOne(ctx context.Context, p flow.Print) {
	id := p.Ticket.ID
	if l.cfg.Printer == nil {
		l.send(ctx, flow.PrintEnded{At: time.Now(), ID: id, Paper: flow.NoPaper, Detail: "no_printer"})
		return
	}
	o := l.cfg.Printer.Print(ctx, printer.Job{ID: id.String(), Ticket: receipt(p), Progress: func(s printer.State) error {
		if s == printer.Sending {
			l.note(l.cfg.Spool.Step(id, spool.Sending))
		}
		return nil
	}})
	if o.Err != nil {
		l.cfg.Log.Warn("paper", "ticket", id, "number", p.Ticket.Number.Text, "state", o.State, "reason", o.Reason, "err", o.Err)
	}
	for _, m := range []struct {
		what string
		at   time.Time
	}{{FirstByte, o.FirstByte}, {LastByte, o.LastByte}, {Confirmed, o.Confirmed}} {
		if !m.at.IsZero() {
			l.cfg.Trace.Write(milestone(m.what, m.at, id, p.Ticket.Number.Text))
		}
	}
	paper, detail := fate(o)
	l.send(ctx, flow.PrintEnded{At: time.Now(), ID: id, Paper: paper, Detail: detail})
}

// fate is what an outcome means to the visitor, with wire.Printed's code of why.
func fate(o printer.Outcome) (paper flow.Paper, detail string) {
	switch o.State {
	case printer.Confirmed:
		return flow.Printed, ""
	case printer.Failed:
		paper = flow.NoPaper
	default:
		paper = flow.Doubtful
	}
	switch o.Reason {
	case printer.PaperOut:
		return paper, "paper_end"
	case printer.CoverOpen:
		return paper, "cover_open"
	case printer.Offline, printer.Busy:
		return paper, "offline"
	case printer.Silent:
		return paper, "silent"
	case printer.Absent:
		return paper, "no_printer"
	}
	return paper, "fault"
}

// receipt is the paper in the visitor's language.
func receipt(p flow.Print) printer.Ticket {
	t, lang := p.Ticket, p.Language
	ahead := words.Say(lang, "first")
	if t.Ahead > 0 {
		ahead = i18n.Text(lang, "common.people_ahead", i18n.Args{"Count": t.Ahead})
	}
	class := ""
	switch t.Class {
	case ticket.Priority:
		class = words.Say(lang, "class_priority")
	case ticket.Appointment:
		class = words.Say(lang, "class_appointment")
	}
	return printer.Ticket{
		Office:  p.Place.Name.In(lang),
		Agency:  p.Agency.In(lang),
		Service: p.Service.In(lang),
		Number:  t.Number.Text,
		Class:   class,
		Time:    words.Date(lang, t.At, p.Place) + "  " + words.Clock(t.At, p.Place),
		Ahead:   ahead,
		Labels:  printer.Labels{Number: words.Say(lang, "your_number"), Link: words.Say(lang, "receipt_scan")},
		Link:    t.Link,
		Footer:  []string{words.Say(lang, "receipt_keep")},
	}
}

// look asks the printer how it is, so that the start page can say beforehand that
// there will be no paper.
func (l *Loop) look(ctx context.Context) {
	if l.cfg.Printer == nil {
		l.send(ctx, flow.PrinterSeen{At: time.Now(), Ready: false})
		return
	}
	last := printer.Ready
	for {
		s, err := l.cfg.Printer.Status(ctx)
		if err != nil {
			return // ctx's, or the printer was closed
		}
		if s.Worst() != last {
			last = s.Worst()
			l.cfg.Log.Info("printer", "state", last, "answer", s.Raw)
		}
		l.send(ctx, flow.PrinterSeen{At: time.Now(), Ready: !s.Stops()})
		sleep(ctx, lookEvery)
		if ctx.Err() != nil {
			return
		}
	}
}
