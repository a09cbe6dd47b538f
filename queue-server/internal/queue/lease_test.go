package queue

import (
	"fmt"
	"testing"
	"time"

	"antrean/shared/ticket"
)

func (h *hall) grant(id string, seq ticket.SequenceID, count, share int) Lease {
	h.t.Helper()
	h.must(GrantLease{ID: id, Device: "k1", Sequence: seq, Count: count, Share: share})
	l, _ := h.st.Lease(id)
	return l
}

func late(id ticket.ID, lease string, n int, service ticket.ServiceID, age time.Duration) Arrive {
	return Arrive{ID: id, Lease: lease, Device: "k1", N: n, Service: service, Age: age}
}

func TestALeasesNumbersAreNobodyElses(t *testing.T) {
	h := newHall(t)
	h.take("ktp")
	l := h.grant("l1", "A", 10, 0)
	if l.From != 2 || l.To != 11 {
		t.Fatalf("lease: %+v", l)
	}
	if n := h.take("kk"); n.Number.Text != "A-012" {
		t.Errorf("drawn: %s", n.Number.Text)
	}
	again := h.must(GrantLease{ID: "l1", Device: "k1", Sequence: "A", Count: 10})
	if !again.Before {
		t.Error("the same grant again made an event")
	}
	h.refused(GrantLease{ID: "l1", Device: "k1", Sequence: "A", Count: 11}, ErrLeaseUsed)
	h.refused(GrantLease{ID: "l2", Device: "k1", Sequence: "Z", Count: 1}, ErrNoSuchSequence)
	for _, n := range []int{0, -5, MaxLease + 1, 1 << 62} {
		h.refused(GrantLease{ID: "l2", Device: "k1", Sequence: "A", Count: n}, ErrLeaseSize)
	}
	h.grant("l2", "A", 10, 0)
	h.refused(GrantLease{ID: "l3", Device: "k1", Sequence: "A", Count: 1}, ErrLeaseHeld)
	h.must(EndLease{ID: "l2", Device: "k1"})
	if d := h.must(EndLease{ID: "l2", Device: "k1"}); !d.Before {
		t.Error("a lease ended twice")
	}
	if l := h.grant("l3", "A", 10, 0); l.From != 23 {
		t.Errorf("numbers of a lease that was given back are used again: %+v", l)
	}
	h.refused(EndLease{ID: "l1", Device: "k2"}, ErrLeaseNotYours)
	h.refused(EndLease{ID: "l9"}, ErrNoSuchLease)
	h.must(EndLease{ID: "l1"}) // a person may
	h.must(CloseDay{})
	h.refused(GrantLease{ID: "l4", Device: "k1", Sequence: "A", Count: 1}, ErrDayClosed)
}

func TestATicketGivenOutAloneTakesTheRankOfItsArrival(t *testing.T) {
	h := newHall(t)
	h.grant("l1", "A", 10, 0)
	granted := h.now.Office
	h.pass(10 * time.Minute)
	first := h.take("ktp")
	h.pass(10 * time.Minute)
	second := h.take("ktp")
	for i, c := range []struct {
		age   time.Duration
		rank  Instant
		ahead int
		from  RankFrom
	}{
		{15 * time.Minute, h.now.Office.Add(-15 * time.Minute), 0, RankOfAge},
		{5 * time.Minute, h.now.Office.Add(-5 * time.Minute), 2, RankOfAge},
		{0, h.now.Office, 4, RankOfAge},
		{1 << 62, granted, 0, RankOfAge},
		{-1, h.now.Office, 6, RankOfReach},
	} {
		got := h.st.Ticket(h.must(late(h.newID(), "l1", i+1, "ktp", c.age)).Answer.Ticket)
		if got.Rank != c.rank || got.Ahead != c.ahead || got.RankFrom != c.from || got.Number.Text != fmt.Sprintf("A-%03d", i+1) {
			t.Errorf("age %v: %+v, want rank %d, ahead %d", c.age, got, c.rank, c.ahead)
		}
	}
	if h.st.Ahead(first) != 2 || h.st.Ahead(second) != 4 {
		t.Errorf("ahead of those in the room: %d, %d", h.st.Ahead(first), h.st.Ahead(second))
	}
}

func TestWhatIsNotOfTheLeaseIsRefused(t *testing.T) {
	h := newHall(t)
	h.grant("l1", "A", 5, 0)
	id := h.newID()
	d := h.must(late(id, "l1", 3, "ktp", 0))
	if again := h.must(late(id, "l1", 3, "ktp", time.Hour)); !again.Before || again.Answer != d.Answer {
		t.Errorf("again: %+v", again)
	}
	h.refused(late(id, "l1", 3, "kk", 0), ErrIDUsed)
	h.refused(late(id, "l1", 4, "ktp", 0), ErrIDUsed)
	h.refused(late(h.newID(), "l1", 3, "ktp", 0), ErrNumberUsed)
	h.refused(late(h.newID(), "l1", 0, "ktp", 0), ErrLeaseNumber)
	h.refused(late(h.newID(), "l1", 6, "ktp", 0), ErrLeaseNumber)
	h.refused(late(h.newID(), "l1", 1, "akta", 0), ErrLeaseService)
	h.refused(late(h.newID(), "l1", 1, "none", 0), ErrLeaseService)
	h.refused(late(h.newID(), "l0", 1, "ktp", 0), ErrNoSuchLease)
	other := late(h.newID(), "l1", 1, "ktp", 0)
	other.Device = "k2"
	h.refused(other, ErrLeaseNotYours)
	other.Device, other.Class = "k1", ticket.Appointment
	h.refused(other, ErrNeedsBooking)
	h.refused(Take{ID: id, Service: "ktp"}, ErrIDUsed)
}

func TestNothingOfTodayTurnsALeasesTicketAway(t *testing.T) {
	h := newHall(t)
	h.grant("l1", "A", 5, 0)
	h.must(Force{})
	v := smallOffice()
	v.Sequences = append(v.Sequences, Sequence{ID: "C", Prefix: "C-", Padding: 3})
	v.Services[0].Sequence = "C"
	v.Services[1].Archived = true
	v.Languages = []string{"id"}
	h.must(ChangeSettings{v})
	a := late(h.newID(), "l1", 1, "ktp", 0)
	a.Language = "en"
	h.must(a)
	h.must(late(h.newID(), "l1", 2, "kk", 0))
	h.must(EndLease{ID: "l1", Device: "k1"})
	if n := h.st.Ticket(h.must(late(h.newID(), "l1", 3, "kk", 0)).Answer.Ticket); n.State != ticket.Waiting || n.Number.Text != "A-003" {
		t.Errorf("after its end: %+v", n)
	}
}

func TestALeasesShareOfTheQuotaIsTakenAtTheGrant(t *testing.T) {
	h := newHall(t) // akta has a quota of 5
	h.take("akta")
	l := h.grant("l1", "B", 100, 3)
	if l.Shares["akta"] != 3 {
		t.Fatalf("share: %+v", l)
	}
	h.take("akta")
	h.refused(Take{ID: h.newID(), Service: "akta"}, ErrServiceClosed)
	if l := h.grant("l2", "B", 100, 3); l.Shares["akta"] != 0 {
		t.Errorf("a share of nothing: %+v", l)
	}
	h.refused(late(h.newID(), "l2", 103, "akta", 0), ErrLeaseShare)
	h.must(late(h.newID(), "l1", 2, "akta", 0))
	h.must(late(h.newID(), "l1", 101, "akta", 0))
	h.must(EndLease{ID: "l1", Device: "k1"})
	h.must(late(h.newID(), "l1", 7, "akta", 0)) // its paper is in the hall, and there is room again
	h.refused(Take{ID: h.newID(), Service: "akta"}, ErrServiceClosed)
	h.refused(late(h.newID(), "l1", 8, "akta", 0), ErrLeaseShare)
	if d := differ(h.replay(), h.st); d != "" {
		t.Error(d)
	}
	if d := differ(Restore(h.st.Snapshot()), h.st); d != "" {
		t.Error(d)
	}
}

func TestATicketThatComesAfterItsDayIsKeptAndChangesNothingOfToday(t *testing.T) {
	h := newHall(t)
	h.grant("l1", "A", 5, 0)
	h.pass(20 * 24 * time.Hour)
	first := h.take("ktp")
	taken, served, waiting := h.st.Totals()
	id := h.newID()
	d := h.must(late(id, "l1", 4, "ktp", 3*time.Hour))
	n := h.st.Ticket(d.Answer.Ticket)
	if n.State != ticket.Expired || n.Day != 1 || n.Date != "2026-11-23" || n.Number.Text != "A-004" || d.Answer.State != ticket.Expired || n.Ahead != 0 {
		t.Fatalf("late: %+v", n)
	}
	if a, b, c := h.st.Totals(); a != taken || b != served || c != waiting || h.st.Ahead(first) != 0 {
		t.Errorf("today's figures are others: %d %d %d", a, b, c)
	}
	if n := h.take("kk"); n.Number.Text != "A-002" {
		t.Errorf("today's numbers are others: %s", n.Number.Text)
	}
	h.pass(KeyLife + time.Minute)
	h.take("kk")
	if h.st.Ticket(d.Answer.Ticket) != nil {
		t.Error("it is never forgotten")
	}
	again := h.must(late(id, "l1", 4, "ktp", 3*time.Hour))
	if !again.Before || again.Answer != d.Answer {
		t.Errorf("again, long after: %+v", again)
	}
	h.refused(late(h.newID(), "l1", 4, "ktp", 0), ErrNumberUsed)
	if diff := differ(h.replay(), h.st); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		h.pass(16 * 24 * time.Hour)
		h.take("kk")
	}
	h.refused(late(id, "l1", 4, "ktp", 0), ErrNoSuchLease)
}

// A day that was closed by hand is over, also while it is still its date.
func TestALeaseEndsWithItsDay(t *testing.T) {
	h := newHall(t)
	h.grant("l1", "B", 5, 3)
	h.must(CloseDay{})
	n := h.st.Ticket(h.must(late(h.newID(), "l1", 1, "akta", 0)).Answer.Ticket)
	if n.State != ticket.Expired {
		t.Errorf("after the end: %+v", n)
	}
	if l, _ := h.st.Lease("l1"); l.Ended == 0 || l.Returned {
		t.Errorf("lease: %+v", l)
	}
	h.pass(24 * time.Hour)
	for range 5 {
		h.take("akta") // nothing of yesterday's share is held
	}
}

// Peers' mistake "COUNT or MAX + 1": the next number follows what was drawn, and not
// what is there to be counted, so it outlives cancellations, leases, restarts, a
// restored backup and changed settings.
func TestCountOrMaxPlusOne(t *testing.T) {
	h := newHall(t)
	h.must(Cancel{ID: h.take("ktp").ID})
	h.must(Cancel{ID: h.take("ktp").ID})
	h.grant("l1", "A", 20, 0)
	h.st = Restore(h.st.Snapshot())
	if n := h.take("ktp"); n.Number.Text != "A-023" {
		t.Errorf("after a restart: %s", n.Number.Text)
	}
	h.append(Actor{Kind: ActorSystem}, nil, "", EpochBegun{ID: "e2", Gap: 200})
	if n := h.take("ktp"); n.Number.Text != "A-224" {
		t.Errorf("after a restore: %s", n.Number.Text)
	}
	if n := h.take("akta"); n.Number.Text != "B-201" {
		t.Errorf("of a sequence that the lost time may have drawn from first: %s", n.Number.Text)
	}
	v := smallOffice()
	v.Sequences = append(v.Sequences, Sequence{ID: "C", Prefix: "C-", Padding: 3})
	v.Services[1].Sequence = "C"
	h.must(ChangeSettings{v})
	if n := h.take("kk"); n.Number.Text != "C-201" {
		t.Errorf("of a sequence that the lost time may have added: %s", n.Number.Text)
	}
	v.Sequences[2].Prefix = "D-" // after its first number: from tomorrow
	h.must(ChangeSettings{v})
	if n := h.take("kk"); n.Number.Text != "C-202" {
		t.Errorf("a prefix changed in the day: %s", n.Number.Text)
	}
	v.Sequences = append(v.Sequences, Sequence{ID: "E", Prefix: "C-", Padding: 3})
	h.refused(ChangeSettings{v}, ErrSettings)
	h.pass(24 * time.Hour)
	if n := h.take("kk"); n.Number.Text != "D-001" {
		t.Errorf("the next day: %s", n.Number.Text)
	}
}

// The backup is of yesterday evening: today was opened, and numbers drawn, in the
// time that the restore lost.
func TestADayThatIsOpenedAgainAfterARestoreGoesOnPastTheGap(t *testing.T) {
	h := newHall(t)
	h.take("ktp")
	h.now.Wall, h.now.Office = h.now.Wall.Add(24*time.Hour), h.now.Office.Add(24*time.Hour)
	h.append(Actor{Kind: ActorSystem}, nil, "", EpochBegun{ID: "e2", Gap: 200})
	if n := h.take("ktp"); n.Day != 2 || n.Number.Text != "A-201" {
		t.Errorf("the lost day: day %d, %s", n.Day, n.Number.Text)
	}
	h.pass(24 * time.Hour)
	if n := h.take("ktp"); n.Number.Text != "A-001" {
		t.Errorf("the day after: %s", n.Number.Text)
	}
}

func TestAnArchivedSequenceThatComesBackPrintsAsItIsNow(t *testing.T) {
	v := smallOffice()
	v.Sequences = append(v.Sequences, Sequence{ID: "old", Prefix: "A-", Padding: 3, Archived: true})
	h := newHall(t)
	h.must(ChangeSettings{v})
	h.pass(24 * time.Hour)
	h.take("ktp")
	v.Sequences[2].Archived = false
	h.refused(ChangeSettings{v}, ErrSettings)
	v.Sequences[2].Prefix = "X-"
	v.Services[1].Sequence = "old"
	h.must(ChangeSettings{v})
	if n := h.take("kk"); n.Number.Text != "X-001" {
		t.Errorf("it prints %s", n.Number.Text)
	}
	v.Sequences[2].Archived = true
	h.refused(ChangeSettings{v}, ErrSettings) // a service draws from it
}
