//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// A figure is one line of the table.
type figure struct {
	what    string
	rate    float64 // a second; 0: not a rate
	p50     time.Duration
	p99     time.Duration
	against string  // what the ratio is to
	ratio   float64 // 0: none
	note    string
}

type figures struct{ rows []figure }

func (t *figures) add(f figure) { t.rows = append(t.rows, f) }

func (t *figures) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "what\ta second\tp50 ms\tp99 ms\tratio\tto\t")
	for _, f := range t.rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.what, number(f.rate, "%.0f"), millis(f.p50), millis(f.p99), number(f.ratio, "%.2f"), f.against, f.note)
	}
	return w.Flush()
}

func number(v float64, format string) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}

func millis(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", float64(d.Nanoseconds())/1e6)
}

// quantile is the q-th of the sorted durations.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// measured is a rate with its spread.
type measured struct {
	rate     float64
	p50, p99 time.Duration
}

func spread(took []time.Duration, all time.Duration) measured {
	slices.Sort(took)
	return measured{float64(len(took)) / all.Seconds(), quantile(took, 0.5), quantile(took, 0.99)}
}

// callers lets n callers do one thing again and again for a while.
func callers(n int, span time.Duration, do func(caller int) error) (measured, error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		all   []time.Duration
		fault error
	)
	began := time.Now()
	for caller := range n {
		wg.Go(func() {
			var took []time.Duration
			var err error
			for err == nil && time.Since(began) < span {
				at := time.Now()
				err = do(caller)
				took = append(took, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if fault == nil {
				fault = err
			}
		})
	}
	wg.Wait()
	return spread(all, time.Since(began)), fault
}
