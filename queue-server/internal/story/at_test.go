package story

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

func (h *hall) look(t *testing.T, at, lang string) Picture {
	t.Helper()
	p, err := h.teller().At(t.Context(), "uji", at, lang)
	if err != nil {
		t.Fatalf("at %s: %v", at, err)
	}
	clean(t, p.Print("id"))
	clean(t, p.Print("en"))
	return p
}

// line is the numbers that wait for a service.
func (p Picture) line(id ticket.ServiceID) []string {
	var out []string
	for _, s := range p.Services {
		if s.ID == id {
			for _, k := range s.Waiting {
				out = append(out, k.Number)
			}
		}
	}
	return out
}

func TestTheOfficeIsShownAsItStood(t *testing.T) {
	h := newHall(t)
	h.pass(time.Minute) // 09.01
	for range 3 {
		h.take("ktp", ticket.Regular)
	}
	h.take("kk", ticket.Priority)
	h.pass(9 * time.Minute) // 09.10
	h.call("1")
	called := h.st.Seq()
	h.must(queue.Pause{Counter: "c2", Session: "s2", Reason: "prayer"})
	h.must(queue.Force{Service: "akta", Reason: "system_down"})
	h.must(queue.Force{Open: true})
	h.pass(5 * time.Minute) // 09.15
	h.must(queue.Start{AtCounter: at("1")})
	h.must(queue.Park{AtCounter: at("1"), Reason: "photocopy"})
	h.pass(time.Hour)
	h.must(queue.CloseDay{})

	p := h.look(t, fmt.Sprint(called), "en")
	if got := p.line("ktp"); !slices.Equal(got, []string{"A-002", "A-003"}) {
		t.Errorf("after the call KTP has %v", got)
	}
	if len(p.Counters) != 3 || p.Counters[0].Number != "A-001" || p.Counters[0].State != "called" || p.Event != "called" || p.Waiting != 3 {
		t.Errorf("after the call: %+v", p)
	}
	for _, when := range []string{"2026-11-23 09:10", "09:10", "2026-11-23T09:12:00+08:00", "2026-11-23T01:14:59Z", "09:14:59"} {
		p = h.look(t, when, "en")
		if p.Seq != called+3 || p.Counters[1].Paused != "Prayer" || p.Forced != "open" {
			t.Errorf("at %s: %+v", when, p)
		}
	}
	for lang, right := range map[string][]string{
		"en": {"Test Mall at 2026-11-23 09:10:00 +08:00", "Business day 2026-11-23, open.", "held open against its hours", "1. A-002, regular, 9 minutes", "Birth certificate (System down)", "1: A-001, Identity card, called (less than a minute)", "2: paused (Prayer)", "3: free"},
		"id": {"MPP Uji pada", "Hari layanan 2026-11-23, terbuka.", "Akta (Gangguan sistem)", "1. A-004, prioritas, 9 menit", "2: jeda (Salat)", "3: kosong"},
	} {
		text := h.look(t, "09:10", lang).Print(lang)
		for _, s := range right {
			if !strings.Contains(text, s) {
				t.Errorf("no %q in\n%s", s, text)
			}
		}
	}
	if p = h.look(t, "09:59", "id"); len(p.Parked) != 1 || p.Parked[0].Number != "A-001" || p.Counters[0].Number != "" {
		t.Errorf("with one set aside: %+v", p)
	}
	if p = h.look(t, "2026-12-24", "id"); p.Day.Open || p.Waiting != 0 || len(p.Counters) != 0 || p.Seq != h.st.Seq() {
		t.Errorf("after the day: %+v", p)
	}
}

func TestTheOrderShownIsTheOrderInWhichTheyAreCalled(t *testing.T) {
	h := newHall(t)
	for i := range 12 {
		class := ticket.Regular
		if i%3 == 2 {
			class = ticket.Priority
		}
		h.take("kk", class)
		h.pass(time.Minute)
	}
	shown := h.look(t, fmt.Sprint(h.st.Seq()), "id").line("kk")
	var called []string
	for range shown {
		called = append(called, h.st.Ticket(h.call("2").Answer.Ticket).Number.Text)
		h.must(queue.Miss{AtCounter: at("2")})
	}
	if !slices.Equal(shown, called) || slices.IsSorted(shown) {
		t.Errorf("shown %v, called %v", shown, called)
	}
}

func TestAClockThatGoesBackDoesNotHideWhatWas(t *testing.T) {
	h := newHall(t)
	h.take("ktp", ticket.Regular)
	h.pass(10 * time.Minute)
	h.now.Wall = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	h.take("ktp", ticket.Regular)
	if p := h.look(t, "09:05", "en"); p.Taken != 1 {
		t.Errorf("at 09.05: %+v", p)
	}
	if p := h.look(t, "09:10", "en"); p.Taken != 2 {
		t.Errorf("at 09.10: %+v", p)
	}
	told := h.story(t, "A-002", "", "en")
	if !strings.Contains(told[0], "clock could not be believed") {
		t.Errorf("the story does not tell of the clock: %s", told[0])
	}
}

func TestASnapshotAndABaseChangeNothing(t *testing.T) {
	h := newHall(t)
	h.take("ktp", ticket.Regular)
	var seqs []uint64
	for day := range 3 {
		for range 5 {
			h.take("ktp", ticket.Regular)
			h.call("1")
			h.must(queue.Miss{AtCounter: at("1")})
			seqs = append(seqs, h.st.Seq())
			h.pass(time.Minute)
		}
		h.must(queue.OpenDay{Date: fmt.Sprintf("2026-11-%d", 24+day)})
		h.pass(24*time.Hour - 5*time.Minute)
		h.openCounters()
	}
	shown := func(x *Teller) (out []string) {
		for _, seq := range seqs {
			p, err := x.At(t.Context(), "uji", fmt.Sprint(seq), "id")
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, p.Print("id"))
		}
		for _, day := range []string{"2026-11-23", "2026-11-24", "2026-11-25"} {
			s, err := x.Tell(t.Context(), "uji", "A-003", day, "id")
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, Print(s, "id"))
		}
		return out
	}
	plain := shown(h.teller())
	st, err := h.teller().at(t.Context(), "uji", seqs[6])
	if err != nil {
		t.Fatal(err)
	}
	based := h.teller()
	if err := based.keep(st); err != nil {
		t.Fatal(err)
	}
	if got := shown(based); !slices.Equal(got, plain) {
		t.Error("with a base the stories differ")
	}
	for _, seq := range []uint64{seqs[3], seqs[9]} {
		st, err := h.teller().at(t.Context(), "uji", seq)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.save(st); err != nil {
			t.Fatal(err)
		}
	}
	if got := shown(h.teller()); !slices.Equal(got, plain) {
		t.Error("with snapshots the stories differ")
	}
	if _, err := h.teller().Tell(t.Context(), "uji", "A-007", "2026-11-24", "id"); !errors.Is(err, ErrNoSuchNumber) {
		t.Errorf("a number of another day: %v", err)
	}
}
