package story

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// yearDays is how many days of 1,000 tickets the log of the benchmarks holds; five
// records a ticket.
const yearDays = 20

// longLog is a log of many days, with a snapshot that is newer than what is asked for,
// as it is of an office that has run for long.
func longLog(b *testing.B) (*hall, []string) {
	b.Helper()
	l, err := eventlog.Open(filepath.Join(b.TempDir(), "events.db"), eventlog.Options{Version: "test"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	h := &hall{t: b, log: l, st: queue.New("uji"), by: officer, now: queue.Moment{Wall: monday, Plausible: true, Office: queue.InstantOf(monday)}, hold: true}
	h.append(system, nil, "", queue.EpochBegun{ID: "e1"})
	h.must(queue.ChangeSettings{Settings: office()})
	var days []string
	for range yearDays {
		h.must(queue.ReportSpoken{Announcements: []uint64{1}}) // the day begins
		days = append(days, h.st.Day().Date)
		h.openCounters()
		for range 1000 {
			h.take("ktp", ticket.Regular)
			h.call("1")
			h.must(queue.Start{AtCounter: at("1")})
			h.must(queue.Finish{AtCounter: at("1")})
			h.pass(20 * time.Second)
		}
		h.flush()
		h.pass(24*time.Hour - 20_000*time.Second)
	}
	return h, days
}

func BenchmarkTell(b *testing.B) {
	h, days := longLog(b)
	b.Logf("%d records", h.st.Seq())
	for _, day := range []string{"", days[len(days)-2], days[len(days)/2]} {
		b.Run("first/"+day, func(b *testing.B) {
			for b.Loop() {
				if _, err := h.teller().Tell(b.Context(), "uji", "A-900", day, "id"); err != nil {
					b.Fatal(err)
				}
			}
		})
		teller := h.teller()
		b.Run("again/"+day, func(b *testing.B) {
			for b.Loop() {
				if _, err := teller.Tell(b.Context(), "uji", "A-900", day, "id"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("at/end", func(b *testing.B) {
		teller := h.teller()
		for b.Loop() {
			if _, err := teller.At(b.Context(), "uji", fmt.Sprint(h.st.Seq()), "id"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
