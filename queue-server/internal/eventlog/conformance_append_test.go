package eventlog

import (
	"errors"
	"slices"
	"testing"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// The conformance test of what is appended; testLog runs it.

func committedStays(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 3), part(banda, 0, 2))
	mustAppend(t, l, part(sinjai, 3, 1))
	before := [2]Position{l.Head(sinjai), l.Head(banda)}
	l = reopened(t, e, l)
	if now := [2]Position{l.Head(sinjai), l.Head(banda)}; now != before {
		t.Errorf("heads after the restart = %v, before it %v", now, before)
	}
	if before[0].Seq != 4 || before[0].Global != 6 || before[1].Global != 5 || l.Last() != 6 {
		t.Errorf("heads = %v, last = %d", before, l.Last())
	}
	if got := l.Offices(); !slices.Equal(got, []ticket.OfficeID{banda, sinjai}) {
		t.Errorf("offices = %v", got)
	}
	want := slices.Concat(part(sinjai, 0, 3).Records, part(banda, 0, 2).Records, part(sinjai, 3, 1).Records)
	same(t, replayed(t, l, nil), want)
}

func conflictIsAlone(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 2))
	got := outcomes(l.Append([]Part{part(banda, 0, 1), part(sinjai, 1, 3), part("bone", 5, 1), part("maros", 0, 2)}))
	if want := "committed at 1, conflict at 2, conflict at 0, committed at 2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := l.Append([]Part{part(sinjai, 3, 1)}); !errors.Is(got[0].Err, ErrConflict) {
		t.Errorf("err = %v, want ErrConflict", got[0].Err)
	}
	l = reopened(t, e, l)
	same(t, replayed(t, l, nil), slices.Concat(part(sinjai, 0, 2).Records, part(banda, 0, 1).Records, part("maros", 0, 2).Records))
}

func partsBuildOnEachOther(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	got := outcomes(l.Append([]Part{part(sinjai, 0, 2), part(sinjai, 2, 1), part(sinjai, 2, 1), {Office: sinjai, Expected: 3}, {Office: banda}}))
	if want := "committed at 2, committed at 3, conflict at 3, committed at 3, committed at 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	same(t, replayed(t, reopened(t, e, l), nil), part(sinjai, 0, 3).Records)
}

func invalidIsAlone(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	gap, alien, mute, garbled := part(sinjai, 0, 2), part(sinjai, 0, 2), part(sinjai, 0, 2), part(sinjai, 0, 1)
	gap.Records[1].Seq = 3
	alien.Records[1].Office = banda
	mute.Records[1].Event = nil
	garbled.Records[0].Event = queue.SettingsChanged{Settings: queue.Settings{TimeZone: "\xff"}}
	got := outcomes(l.Append([]Part{gap, alien, mute, garbled, part(banda, 0, 1), part(sinjai, 0, 1)}))
	if want := "invalid at 0, invalid at 0, invalid at 0, invalid at 0, committed at 1, committed at 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	same(t, replayed(t, reopened(t, e, l), nil), slices.Concat(part(banda, 0, 1).Records, part(sinjai, 0, 1).Records))
}

func fullStopsNothing(t *testing.T, e engine) {
	free := uint64(1 << 30)
	l := opened(t, e, Options{Reserve: 1000, FreeSpace: func(string) (uint64, error) { return free, nil }})
	mustAppend(t, l, part(sinjai, 0, 2))
	free = 1100 // more than the reserve, but not with these records
	results := l.Append([]Part{part(sinjai, 2, 1), part(banda, 7, 1)})
	if got, want := outcomes(results), "full at 2, conflict at 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !errors.Is(results[0].Err, ErrFull) {
		t.Errorf("err = %v, want ErrFull", results[0].Err)
	}
	if err := l.SaveSnapshot(sinjai, 2, 1, []byte("a state that is too much as well")); !errors.Is(err, ErrFull) {
		t.Errorf("snapshot: %v, want ErrFull", err)
	}
	free = 1 << 30
	mustAppend(t, l, part(sinjai, 2, 1))
	same(t, replayed(t, reopened(t, e, l), nil), part(sinjai, 0, 3).Records)
}

var errFault = errors.New("input/output error")

// faulty opens e's log with a fault around the second commit.
func faulty(t *testing.T, e engine, fault func(commit func() error) error) engineLog {
	commits := 0
	return opened(t, e, Options{AroundCommit: func(commit func() error) error {
		if commits++; commits == 2 {
			return fault(commit)
		}
		return commit()
	}})
}

func unknownFor(t *testing.T, e engine, fault func(commit func() error) error) []queue.Record {
	t.Helper()
	l := faulty(t, e, fault)
	mustAppend(t, l, part(sinjai, 0, 2))
	if got, want := outcomes(l.Append([]Part{part(sinjai, 9, 1), part(sinjai, 2, 2), part(sinjai, 9, 1), part(banda, 0, 1)})), "conflict at 2, unknown at 2, unknown at 2, unknown at 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for range 2 {
		results := l.Append([]Part{part(sinjai, 2, 1), part("bone", 0, 1)})
		if got, want := outcomes(results), "unknown at 2, unknown at 0"; got != want {
			t.Errorf("afterwards got %s, want %s", got, want)
		}
		if !errors.Is(results[0].Err, ErrStopped) {
			t.Errorf("err = %v, want ErrStopped", results[0].Err)
		}
	}
	if err := l.SaveSnapshot(sinjai, 2, 1, nil); !errors.Is(err, ErrStopped) {
		t.Errorf("snapshot: %v, want ErrStopped", err)
	}
	l = reopened(t, e, l)
	all := replayed(t, l, nil)
	for _, office := range l.Offices() {
		if _, err := l.Check(t.Context(), office); err != nil {
			t.Error(err)
		}
	}
	mustAppend(t, l, part(sinjai, l.Head(sinjai).Seq, 1))
	return all
}

func faultBefore(t *testing.T, e engine) {
	all := unknownFor(t, e, func(func() error) error { return errFault })
	same(t, all, part(sinjai, 0, 2).Records)
}

func faultAfter(t *testing.T, e engine) {
	all := unknownFor(t, e, func(commit func() error) error { return errors.Join(commit(), errFault) })
	same(t, all, slices.Concat(part(sinjai, 0, 4).Records, part(banda, 0, 1).Records))
}

func commitNeverRan(t *testing.T, e engine) {
	all := unknownFor(t, e, func(func() error) error { return nil })
	same(t, all, part(sinjai, 0, 2).Records)
}

func snapshotUnknown(t *testing.T, e engine) {
	l := faulty(t, e, func(func() error) error { return errFault })
	mustAppend(t, l, part(sinjai, 0, 2))
	if err := l.SaveSnapshot(sinjai, 2, 1, []byte("state")); !errors.Is(err, errFault) || !errors.Is(err, ErrStopped) {
		t.Errorf("snapshot: %v, want the fault and ErrStopped", err)
	}
	if got, want := outcomes(l.Append([]Part{part(sinjai, 2, 1)})), "unknown at 2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
