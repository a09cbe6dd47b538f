package spool

import (
	"errors"
	"testing"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func id(t *testing.T, last string) ticket.ID {
	x, err := ticket.ParseID("0198c0de-0000-7000-8000-0000000000" + last)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func reopen(t *testing.T, s *Spool, dir string) *Spool {
	t.Helper()
	if s != nil {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAfterAPowerCutEveryUnfinishedPaperIsReported(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, nil, dir)
	asked, taken, sending, done := id(t, "01"), id(t, "02"), id(t, "03"), id(t, "04")
	for _, x := range []ticket.ID{asked, taken, sending, done} {
		must(t, s.Ask("sinjai", wire.TakeTicket{ID: x, Service: "ktp"}))
	}
	must(t, s.Step(taken, Taken))
	must(t, s.Step(sending, Sending))
	must(t, s.End(done, wire.Printed{State: "confirmed"}))
	must(t, s.Reported(done, wire.Printed{State: "confirmed"}))

	s = reopen(t, s, dir)
	got, err := s.Unreported()
	must(t, err)
	want := []struct {
		id     ticket.ID
		report wire.Printed
	}{
		{asked, wire.Printed{State: "failed", Detail: "abandoned"}},
		{taken, wire.Printed{State: "failed", Detail: "abandoned"}},
		{sending, wire.Printed{State: "unknown", Detail: "fault"}},
	}
	if len(got) != len(want) {
		t.Fatalf("unreported: %+v", got)
	}
	for i, w := range want {
		if got[i].Request.ID != w.id || *got[i].Report != w.report || got[i].Office != "sinjai" || got[i].Request.Service != "ktp" {
			t.Errorf("%d: %+v %+v", i, got[i], got[i].Report)
		}
	}
}

func TestAReportThatWasOvertakenIsNotForgotten(t *testing.T) {
	s := reopen(t, nil, t.TempDir())
	x := id(t, "01")
	must(t, s.Ask("sinjai", wire.TakeTicket{ID: x}))
	must(t, s.Step(x, Sending))
	must(t, s.End(x, wire.Printed{State: "unknown"}))
	must(t, s.Step(x, Sending)) // a late step is no way back
	must(t, s.End(x, wire.Printed{State: "confirmed"}))
	must(t, s.Reported(x, wire.Printed{State: "unknown"}))
	got, err := s.Unreported()
	must(t, err)
	if len(got) != 1 || got[0].Report.State != "confirmed" {
		t.Errorf("unreported: %+v", got)
	}
}

func TestASecondKioskOnTheSameFolderIsTurnedAway(t *testing.T) {
	dir := t.TempDir()
	reopen(t, nil, dir)
	if _, err := Open(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("err = %v", err)
	}
}
