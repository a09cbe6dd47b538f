package flow

import (
	"fmt"
	"testing"
	"time"

	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"

	"pgregory.net/rapid"
)

func TestWithoutAServerTheKioskSaysSoAndRecoversByItself(t *testing.T) {
	s := quiet(t)
	s.on(Away)
	s.is("trouble", s.page.Trouble, Connecting)
	s.line(Offline)
	s.is("trouble", s.page.Trouble, Offline)
	s.line("")
	s.is("trouble", s.page.Trouble, Connecting)
	s.view(hall())
	s.on(Start)

	s.line(Offline) // a hiccup
	s.on(Start)
	s.wait(Grace - time.Second)
	s.line("")
	s.wait(time.Minute)
	s.on(Start)

	s.line(Offline)
	s.wait(Grace / 2)
	s.line(Offline) // the next attempt fails too: the grace goes on
	s.wait(Grace / 2)
	s.on(Away)
	s.line("")
	s.on(Start)
}

func TestALineThatFallsWhileTheNumberIsShownChangesNothingForTheVisitor(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	s.line(Offline)
	s.wait(Grace)
	s.on(Taking)
	s.line("")
	got := s.number("A-001")
	s.line(Offline)
	s.wait(Grace)
	s.on(Thanks)
	s.paper(got.ID, Printed, "")
	s.wait(LeaveThanks)
	s.on(Away)
}

func TestBackFromARefusalIsNoWayIntoAHallWithoutAServer(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("samsat"))
	s.tap(ServiceTarget("pajak"))
	s.on(Refused)
	s.line(Offline)
	s.wait(Grace)
	s.tap(Back)
	s.on(Away)
}

func TestARevokedTokenIsSaidAtOnceToTheTechnician(t *testing.T) {
	s := open(t)
	s.take(s.f.Handle(Line{At: s.now, Trouble: BadToken, Code: "unauthorized"}))
	s.on(Away)
	s.is("trouble", s.page.Trouble, BadToken)
	s.is("code", s.page.Code, "unauthorized")
}

func TestWithoutPaperTheNumberStaysLongerToBePhotographed(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	got := s.number("A-001")
	s.paper(got.ID, NoPaper, "paper_end")
	s.is("reported", s.reports[0].Printed, wire.Printed{State: "failed", Detail: "paper_end"})
	s.wait(LeaveNoPaper - time.Second)
	s.on(Thanks)
	s.tap(StillHere) // now exactly at the end: the wait begins anew or the page is gone
	s = open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	got = s.number("A-002")
	s.paper(got.ID, Doubtful, "silent")
	s.wait(15 * time.Second)
	s.tap(StillHere)
	s.wait(15 * time.Second)
	s.on(Thanks)
	s.tap(Done)
	s.on(Start)
	s.is("a doubtful paper is not a missing one", s.page.PaperGone, false)
	s.paper(got.ID, Printed, "") // it came out after all
	s.is("reported", s.reports[len(s.reports)-1].Printed.State, "confirmed")
}

func TestTheNextVisitorIsToldThatThereIsNoPaper(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	got := s.number("A-001")
	s.paper(got.ID, NoPaper, "paper_end")
	s.tap(Done)
	s.is("no paper", s.page.PaperGone, true)
	s.take(s.f.Handle(PrinterSeen{s.now, true})) // somebody put a roll in
	s.is("no paper", s.page.PaperGone, false)
}

func TestAPrinterThatNeverAnswersDoesNotHoldTheGlass(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), AgencyTarget("dukcapil"), ServiceTarget("kk"))
	got := s.number("A-001")
	s.wait(HoldThanks)
	s.on(Start)
	s.paper(got.ID, Doubtful, "silent")
	s.on(Start)
	s.is("reported", s.reports[0].Printed.State, "unknown")
}

func TestTheLanguageCanBeChangedOnEveryPageOfAVisit(t *testing.T) {
	s := open(t)
	s.tap(LanguageTarget("id"), LanguageTarget("en"))
	s.on(Agencies)
	s.is("language", s.page.Language, "en")
	s.tap(AgencyTarget("samsat"), ServiceTarget("pajak"), LanguageTarget("id"))
	s.on(Refused)
	s.is("language", s.page.Language, "id")
	s.tap(Back, Back, AgencyTarget("dukcapil"), ServiceTarget("kk"))
	got := s.number("A-001")
	s.tap(LanguageTarget("en"))
	s.on(Thanks)
	s.paper(got.ID, Printed, "")
	s.wait(LeaveThanks)
	s.on(Start)
}

// Whatever fingers, line, server and printer do: one ask at a time, a new id only
// after the old one was answered or given up, a paper only for a number that was
// given, and always a way out of every page.
func TestRandomDays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := open(t)
		settled := map[ticket.ID]bool{}
		var current ticket.ID
		check := func() {
			for _, e := range s.effects {
				switch e := e.(type) {
				case Ask:
					if e.Request.ID != current && !current.IsZero() && !settled[current] {
						r.Fatalf("asked for %v while %v is open", e.Request.ID, current)
					}
					if settled[e.Request.ID] {
						r.Fatalf("%v was asked for after it was settled", e.Request.ID)
					}
					current = e.Request.ID
				case Forget:
					settled[e.ID] = true
				case Print:
					if e.Ticket.ID != current {
						r.Fatalf("printed %v, asked for %v", e.Ticket.ID, current)
					}
				}
			}
			if s.page.Kind != Away && s.page.Kind != Taking && len(s.page.Touchable()) == 0 {
				r.Fatalf("no way out of %+v", s.page)
			}
			if s.page.Countdown > Countdown || len(s.page.Tiles) > 2 || len(s.page.Requirements) > 2 {
				r.Fatalf("page = %+v", s.page)
			}
		}
		for range rapid.IntRange(1, 120).Draw(r, "steps") {
			switch rapid.IntRange(0, 9).Draw(r, "what") {
			case 0, 1, 2, 3:
				if all := s.page.Touchable(); len(all) > 0 {
					s.take(s.f.Handle(Tapped{s.now, rapid.SampledFrom(all).Draw(r, "target")}))
				}
			case 4:
				s.wait(time.Duration(rapid.IntRange(0, 70_000).Draw(r, "ms")) * time.Millisecond)
				if s.page.Kind == Start || s.page.Kind == Away {
					settled[current] = true // forgotten within the wait
				}
			case 5:
				v := hall()
				v.Agencies = v.Agencies[:rapid.IntRange(0, 3).Draw(r, "agencies")]
				for i := range v.Agencies {
					v.Agencies[i].Services = v.Agencies[i].Services[:rapid.IntRange(0, len(v.Agencies[i].Services)).Draw(r, "services")]
				}
				s.view(v)
			case 6:
				s.line(rapid.SampledFrom([]Trouble{"", Offline, BadToken}).Draw(r, "line"))
			case 7:
				if len(s.asks) > 0 && !settled[current] {
					settled[current] = true
					s.number(fmt.Sprintf("A-%03d", len(s.asks)))
				}
			case 8:
				if len(s.asks) > 0 && !settled[current] {
					err := rapid.SampledFrom([]error{errLine, reason.New(reason.Conflict, "no"), reason.New(reason.Unavailable, "outcome_unknown")}).Draw(r, "err")
					s.fault(err)
					settled[current] = !retryable(err) || s.page.Kind == Start || s.page.Kind == Away
				}
			case 9:
				if s.page.Kind == Thanks {
					s.paper(s.page.Ticket.ID, rapid.SampledFrom([]Paper{Printed, NoPaper, Doubtful}).Draw(r, "paper"), "")
				}
			}
			check()
			s.now = s.now.Add(time.Duration(rapid.IntRange(0, 900).Draw(r, "gap")) * time.Millisecond)
		}
	})
}
