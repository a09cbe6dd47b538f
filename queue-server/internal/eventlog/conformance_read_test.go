package eventlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// The conformance test of what is read back; testLog runs it.

// twoOffices appends so that the offices' records lie mixed: three of sinjai, one
// of banda, and so on, and long stretches of banda alone.
func twoOffices(t *testing.T, l engineLog, rounds int) (all []queue.Record) {
	t.Helper()
	for n := range uint64(rounds) {
		parts := []Part{part(sinjai, l.Head(sinjai).Seq, 3), part(banda, l.Head(banda).Seq, 1)}
		if n%5 == 4 {
			parts = []Part{part(banda, l.Head(banda).Seq, 37)}
		}
		mustAppend(t, l, parts...)
		for _, p := range parts {
			all = append(all, p.Records...)
		}
	}
	return all
}

func of(office ticket.OfficeID, records []queue.Record) (own []queue.Record) {
	for _, r := range records {
		if r.Office == office {
			own = append(own, r)
		}
	}
	return own
}

func replayOrder(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	all := twoOffices(t, l, 200) // several chunks
	same(t, replayed(t, l, nil), all)
	same(t, replayed(t, reopened(t, e, l), nil), all)
}

func replayFromPositions(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 4), part(banda, 0, 2))
	at := map[ticket.OfficeID]Position{sinjai: l.Head(sinjai)}
	mustAppend(t, l, part(banda, 2, 2), part(sinjai, 4, 1))
	same(t, replayed(t, l, at), slices.Concat(part(banda, 0, 4).Records, part(sinjai, 4, 1).Records))
	at[banda] = l.Head(banda)
	same(t, replayed(t, l, at), part(sinjai, 4, 1).Records)
	at[sinjai] = l.Head(sinjai)
	same(t, replayed(t, l, at), nil)

	stop := errors.New("stop")
	if err := l.Replay(t.Context(), nil, func(*queue.Record) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("err = %v, want the caller's own", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := l.Replay(ended, nil, func(*queue.Record) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want the context's", err)
	}
	at[sinjai] = Position{Seq: 5, Global: l.Head(sinjai).Global, Chain: Hash{1}}
	wantDamage(t, l.Replay(t.Context(), at, func(*queue.Record) error { return nil }), sinjai, 5)
}

func readerAppends(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 3))
	n := 0
	err := l.After(t.Context(), 0, func(uint64, *queue.Record) error {
		n++
		mustAppend(t, l, part(sinjai, l.Head(sinjai).Seq, 1))
		return nil
	})
	if err != nil || n != 3 || l.Head(sinjai).Seq != 6 {
		t.Errorf("read %d, head %d, %v; want 3, 6", n, l.Head(sinjai).Seq, err)
	}
}

func readStretch(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	all := twoOffices(t, l, 60)
	for office, own := range map[ticket.OfficeID][]queue.Record{sinjai: of(sinjai, all), banda: of(banda, all)} {
		last := uint64(len(own))
		for _, s := range [][2]uint64{{1, 1}, {0, 3}, {2, 2}, {last / 3, last / 2}, {last/2 + 1, 0}, {last, last}, {last - 1, last + 9}, {last + 1, 0}, {5, 4}} {
			var got []queue.Record
			if err := l.Read(t.Context(), office, s[0], s[1], func(r *queue.Record) error { got = append(got, *r); return nil }); err != nil {
				t.Fatal(err)
			}
			to := min(s[1], last)
			if s[1] == 0 {
				to = last
			}
			from := max(s[0], 1)
			var want []queue.Record
			if from <= to {
				want = own[from-1 : to]
			}
			same(t, got, want)
		}
	}
	if err := l.Read(t.Context(), "bone", 1, 0, func(*queue.Record) error { return errors.New("read") }); err != nil {
		t.Errorf("an office that is not there: %v", err)
	}
}

func cursorFollows(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	all := twoOffices(t, l, 30)
	cursor, seen := uint64(0), []queue.Record(nil)
	enough := errors.New("enough for now")
	for cursor < l.Last() {
		n := 0
		err := l.After(t.Context(), cursor, func(global uint64, r *queue.Record) error {
			if n++; n > 50 {
				return enough
			}
			seen, cursor = append(seen, *r), global
			return nil
		})
		if err != nil && !errors.Is(err, enough) {
			t.Fatal(err)
		}
	}
	same(t, seen, all)
	mustAppend(t, l, part(sinjai, l.Head(sinjai).Seq, 1))
	n := 0
	if err := l.After(t.Context(), cursor, func(global uint64, _ *queue.Record) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("after the cursor came %d records, %v", n, err)
	}
}

func wantDamage(t *testing.T, err error, office ticket.OfficeID, seq uint64) {
	t.Helper()
	var d *Damage
	if !errors.As(err, &d) || d.Office != office || d.Seq != seq {
		t.Errorf("got %v, want damage at sequence %d of %s", err, seq, office)
	}
}

func ignore(*queue.Record) error { return nil }

func flippedByte(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 3), part(banda, 0, 3))
	mustAppend(t, l, part(sinjai, 3, 3), part(banda, 3, 1))
	const global, seq = 8, 5 // of sinjai
	size := 0
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	e.spoil(t, global, func(b []byte) []byte { size = len(b); return b })
	for i := range size {
		flip := func(b []byte) []byte { b[i] ^= 0x10; return b }
		e.spoil(t, global, flip)
		l = opened(t, e, Options{})
		report, err := l.Check(t.Context(), sinjai)
		wantDamage(t, err, sinjai, seq)
		if report.Records != seq-1 {
			t.Errorf("byte %d: the report covers %d records", i, report.Records)
		}
		wantDamage(t, l.Read(t.Context(), sinjai, 1, 0, ignore), sinjai, seq)
		wantDamage(t, l.Load(t.Context(), sinjai, 1, nil, ignore), sinjai, seq)
		var d *Damage
		if err := l.Replay(t.Context(), nil, ignore); !errors.As(err, &d) || d.Global != global {
			t.Errorf("byte %d: replay: %v", i, err)
		}
		if _, err := l.Check(t.Context(), banda); err != nil {
			t.Errorf("byte %d: the other office: %v", i, err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		e.spoil(t, global, flip)
	}
	l = opened(t, e, Options{})
	if _, err := l.Check(t.Context(), sinjai); err != nil {
		t.Errorf("with the byte put right: %v", err)
	}
}

func missingRecord(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 6), part(banda, 0, 2))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var third []byte
	e.spoil(t, 3, func(b []byte) []byte { third = b; return nil })
	l = opened(t, e, Options{})
	_, err := l.Check(t.Context(), sinjai)
	wantDamage(t, err, sinjai, 3)
	wantDamage(t, l.Replay(t.Context(), nil, ignore), sinjai, 3)
	wantDamage(t, l.Read(t.Context(), sinjai, 4, 5, ignore), sinjai, 3)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	e.spoil(t, 3, func([]byte) []byte { return third })
	e.spoil(t, 4, func([]byte) []byte { return third })
	l = opened(t, e, Options{})
	_, err = l.Check(t.Context(), sinjai)
	wantDamage(t, err, sinjai, 3)
}

func cutOff(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 3), part(banda, 0, 2))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	e.spoil(t, 3, func([]byte) []byte { return nil })
	l = opened(t, e, Options{})
	_, err := l.Check(t.Context(), sinjai)
	wantDamage(t, err, sinjai, 3)
	wantDamage(t, l.Replay(t.Context(), nil, ignore), sinjai, 3)
	wantDamage(t, l.Load(t.Context(), sinjai, 1, nil, ignore), sinjai, 3)
	wantDamage(t, l.Read(t.Context(), sinjai, 2, 0, ignore), sinjai, 3)
	if _, err := l.Check(t.Context(), banda); err != nil {
		t.Errorf("the other office: %v", err)
	}
	if _, err := l.Check(t.Context(), "bone"); err == nil {
		t.Error("an office that is not there is whole")
	}
}

// snapshotAhead is a log that was put back from a copy older than its snapshot:
// the snapshot is of another one, with the same office.
func snapshotAhead(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 4))
	if err := l.SaveSnapshot(sinjai, 4, 1, []byte("at four")); err != nil {
		t.Fatal(err)
	}
	s, _ := l.Snapshot(sinjai, 1)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	e.spoilSnapshot(t, sinjai, func([]byte) []byte {
		s.Global, s.Chain = 4, Hash{7}
		_, value := encodeSnapshot(sinjai, s)
		return value
	})
	l = opened(t, e, Options{})
	_, err := l.Check(t.Context(), sinjai)
	wantDamage(t, err, sinjai, 4)
	wantDamage(t, l.Load(t.Context(), sinjai, 1, func([]byte) error { return nil }, ignore), sinjai, 4)
	ahead := map[ticket.OfficeID]Position{sinjai: {Seq: 9, Global: 9}}
	wantDamage(t, l.Replay(t.Context(), ahead, ignore), sinjai, 5)
	gone := map[ticket.OfficeID]Position{"bone": {Seq: 9, Global: 9}}
	wantDamage(t, l.Replay(t.Context(), gone, ignore), "bone", 1)
}

// loaded is what Load restores and how many records it then applies.
func loaded(t *testing.T, l engineLog, office ticket.OfficeID, form int) string {
	t.Helper()
	state, n := "nothing", 0
	err := l.Load(t.Context(), office, form, func(b []byte) error {
		state = string(b)
		if state == "unreadable" {
			state = "nothing"
			return errors.New("cannot be read")
		}
		return nil
	}, func(*queue.Record) error { n++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s + %d", state, n)
}

func wantLoaded(t *testing.T, l engineLog, office ticket.OfficeID, form int, want string) {
	t.Helper()
	if got := loaded(t, l, office, form); got != want {
		t.Errorf("loaded %s in form %d: %s, want %s", office, form, got, want)
	}
}

func snapshotsKept(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 9), part(banda, 0, 3))
	for _, seq := range []uint64{2, 5, 5, 7} { // the writer may be far ahead of a snapshot
		if err := l.SaveSnapshot(sinjai, seq, 1, fmt.Appendf(nil, "at %d", seq)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SaveSnapshot(banda, 3, 1, []byte("banda at 3")); err != nil {
		t.Fatal(err)
	}
	wantLoaded(t, l, sinjai, 1, "at 7 + 2")
	l = reopened(t, e, l)
	wantLoaded(t, l, sinjai, 1, "at 7 + 2")
	wantLoaded(t, l, banda, 1, "banda at 3 + 0")
	report, err := l.Check(t.Context(), sinjai)
	if err != nil || report.Snapshots != 2 || report.Records != 9 || report.Chain != l.Head(sinjai).Chain {
		t.Errorf("report = %+v, %v", report, err)
	}
	states, n := map[ticket.OfficeID]string{}, 0
	err = l.LoadAll(t.Context(), 1, func(o ticket.OfficeID, b []byte) error { states[o] = string(b); return nil }, func(*queue.Record) error { n++; return nil })
	if err != nil || states[sinjai] != "at 7" || states[banda] != "banda at 3" || n != 2 {
		t.Errorf("loaded all: %v + %d, %v", states, n, err)
	}
	for _, wrong := range []struct {
		seq  uint64
		form int
	}{{10, 1}, {0, 1}, {3, 0}} {
		if err := l.SaveSnapshot(sinjai, wrong.seq, wrong.form, nil); err == nil {
			t.Errorf("a snapshot at %d in form %d was saved", wrong.seq, wrong.form)
		}
	}
}

func snapshotPassedOver(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 9), part(banda, 0, 2))
	for seq, state := range map[uint64]string{4: "at 4", 8: "at 8"} {
		if err := l.SaveSnapshot(sinjai, seq, 1, []byte(state)); err != nil {
			t.Fatal(err)
		}
	}
	wantLoaded(t, l, sinjai, 2, "nothing + 9")
	if s, ok := l.Snapshot(sinjai, 2, 1); !ok || s.Seq != 8 || s.Form != 1 || string(s.State) != "at 8" {
		t.Errorf("snapshot = %+v, %v", s, ok)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	size := 0
	e.spoilSnapshot(t, sinjai, func(b []byte) []byte { size = len(b); return b })
	for i := range size {
		flip := func(b []byte) []byte { b[i] ^= 1; return b }
		e.spoilSnapshot(t, sinjai, flip)
		l = opened(t, e, Options{})
		wantLoaded(t, l, sinjai, 1, "at 4 + 5")
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		e.spoilSnapshot(t, sinjai, flip)
	}
	e.spoilSnapshot(t, sinjai, func([]byte) []byte { return []byte{} })
	l = opened(t, e, Options{})
	wantLoaded(t, l, sinjai, 1, "at 4 + 5")
	if err := l.SaveSnapshot(sinjai, 9, 1, []byte("unreadable")); err != nil {
		t.Fatal(err)
	}
	wantLoaded(t, l, sinjai, 1, "nothing + 9") // the damaged one counted as one of the two
}
