//go:build linux

// Command bench takes the figures of the house in one run, side by side with bare
// yardsticks on the same disk and the same processors, and prints one table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"antrean/deploy/rig"
)

type options struct {
	server string
	folder string
	span   time.Duration
	bare   bool
	size   int
	only   string
}

func main() {
	var o options
	flag.StringVar(&o.server, "server", "bin/queue-server", "the server as built")
	flag.StringVar(&o.folder, "folder", "bin", "where the temporary folder is made: on the disk that is to be measured")
	flag.DurationVar(&o.span, "span", 3*time.Second, "how long each rate is measured")
	flag.BoolVar(&o.bare, "bare-gorilla", false, "be the yardstick of the fan-out (the program starts itself so)")
	flag.IntVar(&o.size, "size", 300, "bytes of a frame of the yardstick")
	flag.StringVar(&o.only, "only", "", "only the part of this name: tickets, boards, day, honesty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	if o.bare {
		return serveBare(ctx, o.size, out)
	}
	if err := os.MkdirAll(o.folder, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(o.folder, "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{options: o, dir: dir}
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"tickets", b.tickets}, {"boards", b.boards}, {"day", b.day}, {"honesty", b.honesty}} {
		if o.only != "" && o.only != part.name {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Fprintf(os.Stderr, "bench: %s\n", part.name)
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return b.figures.write(out)
}

// serveBare says its address and serves until it is told to end.
func serveBare(ctx context.Context, size int, out io.Writer) error {
	return bareGorilla(func(h http.Handler) error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "{\"address\":%q}\n", l.Addr())
		s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
		defer context.AfterFunc(ctx, func() { _ = s.Close() })()
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}, size)
}

// bench is one run with what it has found.
type bench struct {
	options
	dir     string
	figures figures
}

var callerCounts = []int{1, 8, 256}

// tickets: durable issue, by the office alone and over HTTP, against the bare disk.
func (b *bench) tickets(ctx context.Context) error {
	disk, err := bareDisk(b.dir, b.span)
	if err != nil {
		return err
	}
	alone, err := officeAlone(b.dir, callerCounts, b.span)
	if err != nil {
		return err
	}
	after, err := bareDisk(b.dir, b.span) // again, since a disk shared with others changes its mind
	if err != nil {
		return err
	}
	disk.rate = (disk.rate + after.rate) / 2
	b.figures.add(figure{what: "bare append + fdatasync, 1 caller", rate: disk.rate, p50: disk.p50, p99: disk.p99, note: fmt.Sprintf("mean of before and after; after: %.0f", after.rate)})
	aims := []string{"aim 0.5", "", "aim 30"}
	for i, m := range alone {
		b.figures.add(figure{what: fmt.Sprintf("durable ticket, office alone, %d callers", callerCounts[i]), rate: m.rate, p50: m.p50, p99: m.p99, ratio: m.rate / disk.rate, against: "bare disk", note: aims[i]})
	}
	return withServer(ctx, b.server, filepath.Join(b.dir, "http"), func(s *rig.Server) error {
		all, err := overHTTP(ctx, s, callerCounts, b.span)
		for i, m := range all {
			b.figures.add(figure{what: fmt.Sprintf("durable ticket, over HTTP, %d callers", callerCounts[i]), rate: m.rate, p50: m.p50, p99: m.p99, ratio: m.rate / disk.rate, against: "bare disk"})
		}
		return err
	})
}

var wallSizes = []int{1, 100, 1000}

// boards: from an officer's press to the boards' frames, and the fan-out's rate.
// Each number of boards has a server of its own, since a board's view grows with
// the calls of the last minutes.
func (b *bench) boards(ctx context.Context) error {
	for _, n := range wallSizes {
		err := withServer(ctx, b.server, filepath.Join(b.dir, fmt.Sprint("boards-", n)), func(s *rig.Server) error {
			return b.wall(ctx, s, n)
		})
		if err != nil {
			return fmt.Errorf("%d boards: %w", n, err)
		}
	}
	return nil
}

func (b *bench) wall(ctx context.Context, s *rig.Server, n int) error {
	const calls = 30
	desk, err := openDesk(ctx, s, "l1")
	if err != nil {
		return err
	}
	token, err := s.AddDevice(ctx, "kiosk", "Kios", "")
	if err != nil {
		return err
	}
	kiosk := newCaller(s.URL, token, 1)
	for range calls + 1 {
		if _, err := kiosk.take(benchOffice, benchService); err != nil {
			return err
		}
	}
	board, err := s.AddDevice(ctx, "board", "Papan", "")
	if err != nil {
		return err
	}
	w, err := hang(socketOf(s.URL), board, boardTopic, n)
	if err != nil {
		return err
	}
	defer w.take()
	m, err := callToFrame(w, desk.caller, benchOffice, desk.at, calls)
	if err != nil {
		return err
	}
	f := figure{what: fmt.Sprintf("call to frame, %d boards", n), p50: m.p50, p99: m.p99, note: fmt.Sprintf("frames up to %d bytes", w.size.Load())}
	if n == 100 {
		f.note += "; aim: p99 below 20 ms"
	}
	b.figures.add(f)
	if n < wallSizes[len(wallSizes)-1] {
		return nil
	}
	rate, err := fanOut(w, kiosk, b.span)
	if err != nil {
		return err
	}
	size := int(w.size.Load())
	w.take()
	bare, err := b.bareFanOut(ctx, n, size)
	if err != nil {
		return err
	}
	b.figures.add(figure{what: fmt.Sprintf("bare gorilla loop, %d sockets", n), rate: bare, note: fmt.Sprintf("frames of %d bytes", size)})
	b.figures.add(figure{what: fmt.Sprintf("fan-out, %d boards", n), rate: rate, ratio: rate / bare, against: "gorilla loop"})
	return nil
}

// bareFanOut starts the yardstick as a process of its own and counts its frames.
func (b *bench) bareFanOut(ctx context.Context, n, size int) (rate float64, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	c, err := rig.Start(b.dir, rig.Program{Name: "gorilla", Path: self, Args: []string{"-bare-gorilla", fmt.Sprintf("-size=%d", size)}})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	type said struct{ Address string }
	var address string
	err = rig.Eventually(ctx, 10*time.Second, "the bare loop listens", func() (bool, error) {
		all, err := rig.Lines[said](c.Log)
		if len(all) == 0 {
			return false, err
		}
		address = all[0].Address
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	w, err := hang("ws://"+address+"/watch", "", "", n)
	if err != nil {
		return 0, err
	}
	defer w.take()
	began := time.Now()
	answer, err := http.Get(fmt.Sprintf("http://%s/go?span=%s", address, b.span))
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the bare loop: %s", answer.Status)
	}
	return float64(w.frames.Load()) / time.Since(began).Seconds(), nil
}

// day: a worst day of one office: its memory, and how fast the server is up with it.
func (b *bench) day(ctx context.Context) error {
	const tickets, counters = 4000, 10
	return withServer(ctx, b.server, filepath.Join(b.dir, "day"), func(s *rig.Server) error {
		token, err := s.AddDevice(ctx, "kiosk", "Kios", "")
		if err != nil {
			return err
		}
		before, err := resident(s.PID())
		if err != nil {
			return err
		}
		c := newCaller(s.URL, token, 8)
		for range tickets {
			if _, err := c.take(benchOffice, benchService); err != nil {
				return err
			}
		}
		var desks []*desk
		for i := range counters {
			d, err := openDesk(ctx, s, counterID(i+1))
			if err != nil {
				return err
			}
			desks = append(desks, d)
		}
		if err := serveAll(desks, tickets); err != nil {
			return err
		}
		after, err := resident(s.PID())
		if err != nil {
			return err
		}
		again, err := s.Restart(ctx)
		if err != nil {
			return err
		}
		fresh, err := resident(s.PID())
		if err != nil {
			return err
		}
		b.figures.add(figure{what: "memory of the server", note: fmt.Sprintf("%.0f MiB empty, %.0f MiB after a day of %d tickets served, %.0f MiB started with it", before, after, tickets, fresh)})
		b.figures.add(figure{what: "start-up with that day, to its first answer", p50: again})
		return nil
	})
}

// honesty: what must be exactly 0.
func (b *bench) honesty(ctx context.Context) error {
	return withServer(ctx, b.server, filepath.Join(b.dir, "honesty"), func(s *rig.Server) error {
		const drawn, rounds = 4000, 1000
		duplicates, err := eightKiosks(ctx, s, drawn)
		if err != nil {
			return err
		}
		b.figures.add(figure{what: "eight kiosks on one service", note: fmt.Sprintf("%d duplicate numbers in %d tickets", duplicates, drawn)})
		left, err := openDesk(ctx, s, "l1")
		if err != nil {
			return err
		}
		right, err := openDesk(ctx, s, "l2")
		if err != nil {
			return err
		}
		same, err := twoCounters(left, right, rounds)
		if err != nil {
			return err
		}
		b.figures.add(figure{what: "two counters pressing next together", note: fmt.Sprintf("%d of %d rounds called the same ticket", same, rounds)})
		if duplicates+same > 0 {
			return errors.Join(b.figures.write(os.Stderr), errors.New("a number was given twice"))
		}
		return nil
	})
}
