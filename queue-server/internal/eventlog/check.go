package eventlog

import (
	"context"
	"fmt"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// Report is what Check found to be whole.
type Report struct {
	Office    ticket.OfficeID
	Records   uint64 // checked, from the first one on
	Chain     Hash   // the last link
	First     time.Time
	Last      time.Time
	Snapshots int // that agree with the chain
}

// Check verifies an office's log from its first record to its last: that each can
// be read, the hash chain, that no sequence is missing, that the log's head and the
// snapshots know of nothing beyond it. What is wrong is a *Damage or a *NewerError;
// the report then covers what comes before. It may run beside everything else.
func (l *Log) Check(ctx context.Context, office ticket.OfficeID) (Report, error) {
	report := Report{Office: office}
	end := l.head(office)
	marks := map[uint64]Position{}
	for _, s := range l.snapshots(office) {
		marks[s.Seq] = s.Position
	}
	if end.Seq == 0 && len(marks) == 0 {
		return report, fmt.Errorf("check office %q: the log knows no such office", office)
	}
	var at Position
	w := walk{log: l, at: map[ticket.OfficeID]*Position{office: &at}, only: office, verify: true}
	var wrong error
	w.passed = func(at Position) {
		mark, ok := marks[at.Seq]
		switch {
		case !ok:
		case mark == at:
			report.Snapshots++
		case wrong == nil:
			wrong = &Damage{office, at.Seq, at.Global, "its link is not the one that a snapshot holds"}
		}
	}
	err := w.run(ctx, end.first, end.Global, func(_ uint64, r *queue.Record) error {
		if report.Records == 0 {
			report.First = r.At
		}
		report.Records, report.Last = r.Seq, r.At
		return nil
	})
	report.Chain = at.Chain
	if err == nil {
		err = wrong
	}
	if err == nil {
		err = agree(office, at, end.Position)
	}
	for seq := range marks {
		if err == nil && seq > end.Seq {
			err = l.holds(office, marks[seq], end.Position)
		}
	}
	return report, err
}
