package flow

import (
	"fmt"
	"testing"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// story is a kiosk with somebody in front of it.
type story struct {
	t       *testing.T
	f       *Flow
	now     time.Time
	page    Page
	effects []Effect // of the last event
	asks    []wire.TakeTicket
	reports []Report
	timers  []due
	ids     int
}

type due struct {
	at    time.Time
	timer Timer
}

func text(s string) wire.Text { return wire.Text{"id": s, "en": s + " (en)"} }

func hall() wire.KioskView {
	opens := time.Date(2025, 3, 3, 0, 30, 0, 0, time.UTC) // 08.30 WITA
	return wire.KioskView{
		Place:     wire.Place{Name: text("MPP Sinjai"), TimeZone: "Asia/Makassar", ZoneName: "WITA"},
		Languages: []string{"id", "en", "bug"},
		Day:       wire.Day{Open: true, Date: "2025-03-03"},
		Agencies: []wire.Agency{
			{ID: "dukcapil", Name: text("Dukcapil"), Services: []wire.Service{
				{ID: "kk", Name: text("Kartu keluarga"), Waiting: 3},
				{ID: "ktp", Name: text("KTP"), Waiting: 4, Requirements: []wire.Text{text("KK"), text("Surat"), text("Foto")}},
				{ID: "akta", Name: text("Akta"), Closed: &wire.Closed{Code: "not_open_yet", OpensAt: &opens}},
			}},
			{ID: "samsat", Name: text("Samsat"), Services: []wire.Service{{ID: "pajak", Name: text("Pajak"), Closed: &wire.Closed{Code: "holiday"}}}},
			{ID: "bpjs", Name: text("BPJS"), Services: []wire.Service{{ID: "daftar", Name: text("Daftar")}}},
		},
	}
}

func quiet(t *testing.T) *story {
	s := &story{t: t, now: time.Date(2025, 3, 3, 0, 5, 0, 0, time.UTC)}
	s.f = New(Config{Languages: []string{"id", "en"}, Tiles: 2, Requirements: 2, NewID: func() ticket.ID {
		s.ids++
		id, err := ticket.ParseID(fmt.Sprintf("0198c0de-0000-7000-8000-%012d", s.ids))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}})
	s.take(s.f.Begin())
	return s
}

// open is a kiosk that has a server and shows its start page.
func open(t *testing.T) *story {
	s := quiet(t)
	s.line("")
	s.view(hall())
	return s
}

func (s *story) take(effects []Effect) {
	s.effects = effects
	for _, e := range effects {
		switch e := e.(type) {
		case Show:
			s.page = e.Page
		case Ask:
			s.asks = append(s.asks, e.Request)
		case Report:
			s.reports = append(s.reports, e)
		case After:
			s.timers = append(s.timers, due{s.now.Add(e.Wait), e.Timer})
		}
	}
}

// wait lets time pass, with every timer that elapses in it.
func (s *story) wait(d time.Duration) {
	end := s.now.Add(d)
	for {
		next := -1
		for i, x := range s.timers {
			if !x.at.After(end) && (next < 0 || x.at.Before(s.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		x := s.timers[next]
		s.timers = append(s.timers[:next], s.timers[next+1:]...)
		s.now = x.at
		s.take(s.f.Handle(Elapsed{s.now, x.timer}))
	}
	s.now = end
}

func (s *story) tap(targets ...Target) {
	for _, t := range targets {
		s.wait(time.Second)
		s.take(s.f.Handle(Tapped{s.now, t}))
	}
}
func (s *story) line(tr Trouble)       { s.take(s.f.Handle(Line{At: s.now, Trouble: tr})) }
func (s *story) view(v wire.KioskView) { s.take(s.f.Handle(Viewed{s.now, s.now, v})) }
func (s *story) fault(err error) {
	s.take(s.f.Handle(Answered{At: s.now, ID: s.asks[len(s.asks)-1].ID, Err: err}))
}

func (s *story) number(text string) wire.TakenTicket {
	ask := s.asks[len(s.asks)-1]
	t := wire.TakenTicket{ID: ask.ID, Number: ticket.Number{Text: text}, Service: ask.Service, Ahead: 3, Link: "http://mpp/t/sinjai/x"}
	s.take(s.f.Handle(Answered{At: s.now, ID: ask.ID, Taken: &t}))
	return t
}

func (s *story) paper(id ticket.ID, p Paper, detail string) {
	s.take(s.f.Handle(PrintEnded{s.now, id, p, detail}))
}

func (s *story) on(k Kind) {
	s.t.Helper()
	if s.page.Kind != k {
		s.t.Fatalf("the page is %q, want %q", s.page.Kind, k)
	}
}

func (s *story) is(what string, got, want any) {
	s.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func find[E Effect](s *story) (e E, ok bool) {
	for _, x := range s.effects {
		if e, ok = x.(E); ok {
			return e, true
		}
	}
	return e, false
}
