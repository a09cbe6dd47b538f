package flow

import (
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func (f *Flow) tapped(e Tapped) []Effect {
	if !f.lastTap.IsZero() && e.At.Sub(f.lastTap) < DoubleTap {
		return nil
	}
	if !f.page.touchable(e.Target) {
		return nil
	}
	f.lastTap = e.At
	if e.Target == StillHere {
		return f.stillHere()
	}
	if e.Target == Home || e.Target == Done {
		return f.start()
	}
	if l, ok := e.Target.after(languagePrefix); ok {
		return f.speak(l)
	}
	switch f.page.Kind {
	case Agencies, Services, Confirm:
		return f.choose(e.Target)
	case Refused: // Back
		if f.down() || len(f.view.Agencies) == 0 {
			return f.start()
		}
		return append(f.show(f.servicesPage(f.agency, 1)), f.idle()...)
	}
	return nil
}

// speak changes the language: from the start page it begins the visit.
func (f *Flow) speak(lang string) []Effect {
	if f.page.Kind == Start {
		f.page.Language = lang
		if len(f.view.Agencies) == 1 {
			f.agency = f.view.Agencies[0].ID
			return append(f.show(f.servicesPage(f.agency, 1)), f.idle()...)
		}
		return append(f.show(f.agenciesPage(1)), f.idle()...)
	}
	p := f.page
	p.Language = lang
	effects := f.show(p)
	switch p.Kind {
	case Thanks:
		return append(effects, f.leaveThanks()...)
	case Refused:
		f.turn++
		return append(effects, After{LeaveRefused, Timer{leaveTimer, f.turn}})
	}
	return append(effects, f.idle()...)
}

func (f *Flow) stillHere() []Effect {
	if f.page.Kind == Thanks {
		return f.leaveThanks()
	}
	p := f.page
	p.Countdown = 0
	return append(f.show(p), f.idle()...)
}

// choose is a tap on a page of choices.
func (f *Flow) choose(t Target) []Effect {
	if id, ok := t.after(agencyPrefix); ok {
		f.agency = ticket.AgencyID(id)
		return append(f.show(f.servicesPage(f.agency, 1)), f.idle()...)
	}
	if id, ok := t.after(servicePrefix); ok {
		f.service = ticket.ServiceID(id)
		return f.chooseService()
	}
	switch t {
	case NextPage:
		return append(f.show(f.rebuilt(f.page.Sheet+1)), f.idle()...)
	case PreviousPage:
		return append(f.show(f.rebuilt(f.page.Sheet-1)), f.idle()...)
	case Take:
		return f.ask()
	case Back:
		if f.page.Kind == Confirm {
			return append(f.show(f.servicesPage(f.agency, 1)), f.idle()...)
		}
		return append(f.show(f.agenciesPage(1)), f.idle()...)
	}
	return nil
}

func (f *Flow) chooseService() []Effect {
	a, s := f.chosen()
	if s == nil {
		return append(f.show(f.servicesPage(f.agency, 1)), f.idle()...)
	}
	f.page.Agency, f.page.Service = a.Name, s.Name
	if s.Closed != nil {
		return f.refuse(s.Closed.Code, s.Closed)
	}
	if len(s.Requirements) > 0 {
		return append(f.show(f.confirmPage(*a, *s, 1)), f.idle()...)
	}
	return f.ask()
}

// ask draws an id and asks for its ticket. Every later ask of this visit uses the
// same id, so a lost answer can never become a second ticket.
func (f *Flow) ask() []Effect {
	a, s := f.chosen()
	if s == nil {
		return append(f.show(f.servicesPage(f.agency, 1)), f.idle()...)
	}
	f.asking = &wire.TakeTicket{ID: f.cfg.NewID(), Service: s.ID, Class: ticket.Regular, Language: f.page.Language}
	f.attempts = 1
	p := Page{Kind: Taking, Agency: a.Name, Service: s.Name}
	return append(append(f.show(p), Ask{*f.asking}), f.idle()...)
}

func (f *Flow) answered(e Answered) []Effect {
	if f.asking == nil || f.asking.ID != e.ID {
		if e.Taken == nil {
			return nil
		}
		// Its visitor left before the number came: nobody holds a paper.
		return []Effect{Report{e.ID, wire.Printed{State: "failed", Detail: "abandoned"}}}
	}
	if e.Taken != nil {
		return f.thank(*e.Taken)
	}
	if retryable(e.Err) {
		return f.again()
	}
	code := "internal"
	if r, ok := reason.Of(e.Err); ok {
		code = r.Code
	}
	f.asking = nil
	_, s := f.chosen()
	if s != nil && s.Closed != nil { // it closed while we asked: the view can say until when
		return f.refuse(s.Closed.Code, s.Closed)
	}
	return f.refuse(code, nil)
}

func (f *Flow) again() []Effect {
	wait := RetryFirst << min(f.attempts-1, 8)
	f.attempts++
	f.retries++
	p := f.page
	p.Retrying = true
	return append(f.show(p), After{min(wait, RetryMost), Timer{retryTimer, f.retries}})
}

func (f *Flow) thank(t wire.TakenTicket) []Effect {
	p := Page{Kind: Thanks, Agency: f.page.Agency, Service: f.page.Service, Ticket: &t, Paper: Printing}
	lang := f.page.Language
	f.asking = nil
	f.turn++
	effects := f.show(p)
	return append(effects,
		Print{Ticket: t, Language: lang, Place: f.page.Place, Agency: p.Agency, Service: p.Service},
		After{HoldThanks, Timer{leaveTimer, f.turn}})
}

func (f *Flow) printEnded(e PrintEnded) []Effect {
	state := map[Paper]string{Printed: "confirmed", NoPaper: "failed", Doubtful: "unknown"}[e.Paper]
	effects := []Effect{Report{e.ID, wire.Printed{State: state, Detail: e.Detail}}}
	switch e.Paper {
	case Printed:
		f.paperGone = false
	case NoPaper:
		f.paperGone = true
	}
	if f.page.Kind != Thanks || f.page.Ticket.ID != e.ID {
		return effects
	}
	p := f.page
	p.Paper = e.Paper
	return append(append(effects, f.show(p)...), f.leaveThanks()...)
}

// leaveThanks starts the time after which the thank-you page goes by itself:
// longer where the visitor has only the glass to read the number from.
func (f *Flow) leaveThanks() []Effect {
	wait := LeaveThanks
	switch f.page.Paper {
	case Printing:
		wait = HoldThanks
	case NoPaper, Doubtful:
		wait = LeaveNoPaper
	}
	f.turn++
	return []Effect{After{wait, Timer{leaveTimer, f.turn}}}
}

func (f *Flow) elapsed(e Elapsed) []Effect {
	switch {
	case e.Timer.Kind == retryTimer:
		if f.asking == nil || e.Timer.Turn != f.retries {
			return nil
		}
		return []Effect{Ask{*f.asking}}
	case e.Timer.Kind == graceTimer:
		if e.Timer.Turn != f.graces || !f.down() || !f.browsing() {
			return nil
		}
		return f.start()
	case e.Timer.Turn != f.turn:
		return nil
	case e.Timer.Kind == leaveTimer:
		return f.start()
	case e.Timer.Kind == idleTimer:
		p := f.page
		p.Countdown = Countdown
		return append(f.show(p), After{countStep, e.Timer.counting()})
	case e.Timer.Kind == countTimer:
		p := f.page
		p.Countdown--
		if p.Countdown <= 0 {
			return f.start()
		}
		return append(f.show(p), After{countStep, e.Timer})
	}
	return nil
}
