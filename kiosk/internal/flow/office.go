package flow

import (
	"slices"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

const countStep = time.Second

func (t Timer) counting() Timer { return Timer{countTimer, t.Turn} }

// viewed takes the office's newest view in, beneath whatever the visitor is doing.
func (f *Flow) viewed(e Viewed) []Effect {
	f.view = &e.View
	f.today = ""
	if !e.Server.IsZero() {
		f.today = e.Server.In(Zone(e.View.Place)).Format(time.DateOnly)
	}
	switch f.page.Kind {
	case Away, Start:
		return f.start()
	case Agencies, Services, Confirm:
		return f.beneath()
	}
	return nil // an ask is decided by the server; what was given stays given
}

// beneath redraws a page of choices after the office changed.
func (f *Flow) beneath() []Effect {
	if len(f.view.Agencies) == 0 {
		return f.start()
	}
	if f.page.Kind == Confirm {
		a, s := f.chosen()
		if s != nil && s.Closed != nil {
			f.page.Agency, f.page.Service = a.Name, s.Name
			return f.refuse(s.Closed.Code, s.Closed)
		}
	}
	p := f.rebuilt(f.page.Sheet)
	p.Countdown = f.page.Countdown
	p.Changed = p.Changed || f.page.Changed && p.Kind == f.page.Kind
	return f.show(p)
}

// rebuilt is the page of choices on the glass, made anew from the view; what the
// office took away falls back to the page before it.
func (f *Flow) rebuilt(sheet int) Page {
	switch f.page.Kind {
	case Services:
		return f.servicesPage(f.agency, sheet)
	case Confirm:
		if a, s := f.chosen(); s != nil {
			return f.confirmPage(*a, *s, sheet)
		}
		p := f.servicesPage(f.agency, 1)
		p.Changed = true
		return p
	}
	return f.agenciesPage(sheet)
}

func (f *Flow) agenciesPage(sheet int) Page {
	f.agency, f.service = "", ""
	tiles := make([]Tile, 0, len(f.view.Agencies))
	for _, a := range f.view.Agencies {
		t := Tile{Target: AgencyTarget(a.ID), Name: a.Name, Closed: closedTogether(a.Services)}
		for _, s := range a.Services {
			t.Waiting += s.Waiting
		}
		tiles = append(tiles, t)
	}
	p := Page{Kind: Agencies}
	p.Tiles, p.Sheet, p.Sheets = cut(tiles, f.cfg.Tiles, sheet)
	return p
}

func (f *Flow) servicesPage(id ticket.AgencyID, sheet int) Page {
	f.service = ""
	a := f.findAgency(id)
	if a == nil {
		p := f.agenciesPage(1)
		p.Changed = true
		return p
	}
	tiles := make([]Tile, 0, len(a.Services))
	for _, s := range a.Services {
		tiles = append(tiles, Tile{Target: ServiceTarget(s.ID), Name: s.Name, Waiting: s.Waiting, Closed: s.Closed})
	}
	p := Page{Kind: Services, Agency: a.Name}
	p.Tiles, p.Sheet, p.Sheets = cut(tiles, f.cfg.Tiles, sheet)
	return p
}

func (f *Flow) confirmPage(a wire.Agency, s wire.Service, sheet int) Page {
	p := Page{Kind: Confirm, Agency: a.Name, Service: s.Name}
	p.Requirements, p.Sheet, p.Sheets = cut(s.Requirements, f.cfg.Requirements, sheet)
	return p
}

// cut is one sheet of what does not fit on one, and which of how many it is; 0
// where everything fits.
func cut[T any](all []T, per, sheet int) (part []T, at, of int) {
	if len(all) <= per {
		return all, 0, 0
	}
	of = (len(all) + per - 1) / per
	at = min(max(sheet, 1), of)
	return slices.Clone(all[(at-1)*per : min(at*per, len(all))]), at, of
}

func (f *Flow) findAgency(id ticket.AgencyID) *wire.Agency {
	for i := range f.view.Agencies {
		if f.view.Agencies[i].ID == id {
			return &f.view.Agencies[i]
		}
	}
	return nil
}

// chosen is the visitor's agency and service as the office has them now.
func (f *Flow) chosen() (*wire.Agency, *wire.Service) {
	a := f.findAgency(f.agency)
	if a == nil {
		return nil, nil
	}
	for i := range a.Services {
		if a.Services[i].ID == f.service {
			return a, &a.Services[i]
		}
	}
	return a, nil
}

func (f *Flow) lineChanged(e Line) []Effect {
	same := f.linked && f.line.Trouble == e.Trouble
	f.line, f.linked = e, true
	if f.page.Kind == Away {
		return f.start()
	}
	if same { // one more attempt that failed: the grace goes on
		return nil
	}
	f.graces++
	if e.Trouble == "" || !f.browsing() {
		return nil
	}
	if e.Trouble != Offline && f.page.Kind == Start {
		return f.start()
	}
	return []Effect{After{Grace, Timer{graceTimer, f.graces}}}
}

// browsing reports whether nothing would be lost by sending the visitor away.
func (f *Flow) browsing() bool {
	switch f.page.Kind {
	case Start, Agencies, Services, Confirm:
		return true
	}
	return false
}

func (f *Flow) down() bool { return f.linked && f.line.Trouble != "" }

func (f *Flow) away() []Effect {
	p := Page{Kind: Away, Trouble: Connecting, Code: f.line.Code}
	if f.down() {
		p.Trouble = f.line.Trouble
	}
	return f.show(p)
}
