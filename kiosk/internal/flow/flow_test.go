package flow

import (
	"errors"
	"testing"
	"time"

	"antrean/shared/reason"
	"antrean/shared/wire"
)

var errLine = errors.New("connection refused")

func TestAVisitorTakesANumberWithThreeTaps(t *testing.T) {
	s := open(t)
	s.on(Start)
	s.is("languages, without those that the kiosk cannot speak", s.page.Languages, "[id en]")
	s.tap(LanguageTarget("en"))
	s.on(Agencies)
	s.tap(AgencyTarget("dukcapil"))
	s.on(Services)
	s.tap(ServiceTarget("kk"))
	s.on(Taking)
	s.is("asked in the visitor's language", s.asks[0].Language, "en")
	got := s.number("A-001")
	s.on(Thanks)
	s.is("paper", s.page.Paper, Printing)
	p, ok := find[Print](s)
	if !ok || p.Ticket.ID != got.ID || p.Language != "en" || p.Service["id"] != "Kartu keluarga" || p.Agency["id"] != "Dukcapil" {
		t.Fatalf("print = %+v, %v", p, ok)
	}
	s.paper(got.ID, Printed, "")
	s.is("paper", s.page.Paper, Printed)
	s.is("reported", s.reports[0].Printed.State, "confirmed")
	s.wait(LeaveThanks - time.Second)
	s.on(Thanks)
	s.wait(2 * time.Second)
	s.on(Start)
	s.is("the next visitor's language is the office's first", s.page.Language, "id")
	s.is("tickets asked for", s.ids, 1)
}

func TestRequirementsAreShownBeforeTheTicketIsDrawn(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("ktp"))
	s.on(Confirm)
	s.is("asked already", len(s.asks), 0)
	s.is("requirements on the first sheet", len(s.page.Requirements), 2)
	s.is("sheets", s.page.Sheets, 2)
	s.tap(NextPage)
	s.is("requirements on the second", len(s.page.Requirements), 1)
	s.tap(Take)
	s.on(Taking)
	s.is("service", s.asks[0].Service, "ktp")
}

func TestTappingTwiceIsOneTap(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("ktp"))
	s.wait(time.Second)
	for range 3 { // an eager finger, 150 ms apart
		s.take(s.f.Handle(Tapped{s.now, Take}))
		s.wait(150 * time.Millisecond)
	}
	s.is("asks", len(s.asks), 1)
	s.is("ids", s.ids, 1)

	s = open(t)
	s.tap(LanguageTarget("id"))
	s.wait(200 * time.Millisecond)
	s.take(s.f.Handle(Tapped{s.now, AgencyTarget("dukcapil")})) // the second tap of a double tap falls on a tile
	s.on(Agencies)
}

func TestATapMeantForAPageThatIsGoneDoesNothing(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), ServiceTarget("kk"), Take, Back, AgencyTarget("nowhere"), PreviousPage)
	s.on(Agencies)
	s.is("sheet", s.page.Sheet, 1)
	s.is("asks", len(s.asks), 0)
}

func TestALostAnswerIsAskedForAgainWithTheSameID(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	s.fault(errLine)
	s.is("says that it tries again", s.page.Retrying, true)
	s.wait(RetryFirst)
	s.fault(reason.New(reason.Unavailable, "outcome_unknown"))
	s.wait(2 * RetryFirst)
	s.fault(reason.New(reason.TooMany, "slower"))
	s.wait(4 * RetryFirst)
	s.is("asks", len(s.asks), 4)
	for _, a := range s.asks {
		s.is("the request", a, s.asks[0])
	}
	s.number("A-007")
	s.on(Thanks)
	s.wait(LeaveNoPaper * 3)
	s.is("asks after the answer", len(s.asks), 4)
}

func TestWhoeverLeavesAnUnansweredAskLeavesItsTicketBehind(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	s.fault(errLine)
	s.tap(Home)
	s.on(Start)
	if f, ok := find[Forget](s); !ok || f.ID != s.asks[0].ID {
		t.Fatalf("the ask was not forgotten: %v", s.effects)
	}
	asked := len(s.asks)
	s.wait(time.Minute)
	s.is("asks after leaving", len(s.asks), asked)
	s.number("A-009") // the answer comes all the same
	s.on(Start)
	s.is("reported", s.reports[0].Printed, wire.Printed{State: "failed", Detail: "abandoned"})
	if _, ok := find[Print](s); ok {
		t.Error("a paper for nobody was printed")
	}
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	if s.asks[len(s.asks)-1].ID == s.asks[0].ID {
		t.Error("the next visitor got the id of the last one")
	}
}

func TestNobodyAnsweringTheCountdownEndsTheVisitAlsoWhileAsking(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("en"))
	s.wait(Idle)
	s.is("countdown", s.page.Countdown, Countdown)
	s.is("touchable", s.page.Touchable(), []Target{StillHere, Home})
	s.wait(15 * time.Second)
	s.is("countdown", s.page.Countdown, 5)
	s.tap(AgencyTarget("dukcapil")) // covered by the question
	s.on(Agencies)
	s.tap(StillHere)
	s.on(Agencies)
	s.is("countdown", s.page.Countdown, 0)
	s.is("language", s.page.Language, "en")
	s.wait(Idle - time.Second)
	s.is("countdown, the wait began anew", s.page.Countdown, 0)
	s.wait(time.Second + Countdown*time.Second)
	s.on(Start)

	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	s.wait(Idle + Countdown*time.Second) // the server never answers
	s.on(Start)
	if _, ok := find[Forget](s); !ok {
		t.Error("the ask was not forgotten")
	}
}

func TestAClosedServiceSaysWhyAndWhenAndGivesNoTicket(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), NextPage)
	s.is("greyed", s.page.Tiles[0].Closed.Code, "not_open_yet")
	s.tap(ServiceTarget("akta"))
	s.on(Refused)
	s.is("code", s.page.Code, "not_open_yet")
	if s.page.Closed.OpensAt == nil || s.page.Service["id"] != "Akta" {
		t.Errorf("page = %+v", s.page)
	}
	s.tap(Back)
	s.on(Services)
	s.is("asks", len(s.asks), 0)
	s.tap(Back)
	s.is("an agency with nothing open", s.page.Tiles[1].Closed.Code, "holiday")
	if s.page.Tiles[0].Closed != nil || s.page.Tiles[0].Waiting != 7 {
		t.Errorf("tile = %+v", s.page.Tiles[0])
	}
}

func TestAServiceThatClosesUnderTheVisitorsHandIsRefusedWithItsReason(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("ktp"))
	v := hall()
	v.Agencies[0].Services[1].Closed = &wire.Closed{Code: "quota_reached"}
	s.view(v)
	s.on(Refused)
	s.is("code", s.page.Code, "quota_reached")

	s = open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	s.fault(reason.New(reason.Conflict, "service_closed")) // the server knew first
	s.on(Refused)
	s.is("code", s.page.Code, "service_closed")
	s.wait(LeaveRefused)
	s.on(Start)
	if _, ok := find[Forget](s); ok {
		t.Error("a refused ask is answered, not forgotten")
	}
}

func TestTheOfficeChangesItsSettingsBeneathTheVisitor(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("en"), AgencyTarget("dukcapil"), NextPage)
	s.is("sheet", s.page.Sheet, 2)
	v := hall()
	v.Agencies[0].Services = v.Agencies[0].Services[:2]
	s.view(v)
	s.on(Services)
	s.is("sheet", s.page.Sheet, 0)
	s.tap(ServiceTarget("ktp"))
	s.on(Confirm)
	v = hall()
	v.Agencies[0].Services = v.Agencies[0].Services[:1]
	s.view(v)
	s.on(Services)
	s.is("told that it changed", s.page.Changed, true)
	v.Agencies = v.Agencies[1:]
	s.view(v)
	s.on(Agencies)
	s.is("told that it changed", s.page.Changed, true)
	s.is("language", s.page.Language, "en")
	v.Languages = []string{"id"}
	s.view(v)
	s.is("a language that was withdrawn", s.page.Language, "id")
	v.Agencies = nil
	s.view(v)
	s.on(Start)
	s.is("closed", s.page.Closed.Code, "no_day")
}

func TestAViewThatChangesNothingPaintsNothing(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"))
	s.view(hall())
	if len(s.effects) != 0 {
		t.Errorf("effects = %v", s.effects)
	}
	v := hall()
	v.Agencies[0].Services[0].Waiting++
	s.view(v)
	if _, ok := find[Show](s); !ok {
		t.Error("a new waiting count was not shown")
	}
}

func TestAnOfficeWithOneAgencySkipsThePageOfAgencies(t *testing.T) {
	s := quiet(t)
	v := hall()
	v.Agencies = v.Agencies[:1]
	s.view(v)
	s.tap(LanguageTarget("id"))
	s.on(Services)
}

func TestAClosedHallSaysSoAtTheStart(t *testing.T) {
	s := open(t)
	if s.page.Closed != nil {
		t.Fatalf("closed = %v", s.page.Closed)
	}
	v := hall()
	v.Agencies = v.Agencies[1:2]
	s.view(v)
	s.on(Start)
	s.is("closed", s.page.Closed.Code, "holiday")
}
