//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"antrean/deploy/rig"
	"antrean/shared/ticket"
)

// What the office file of the figures (office.toml here) holds.
const (
	benchOffice  ticket.OfficeID  = "bench"
	benchService ticket.ServiceID = "a"
)

// withServer runs a measurement against the real server on a fresh folder.
func withServer(ctx context.Context, binary, dir string, measure func(*rig.Server) error) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	config := filepath.Join(dir, "office.toml")
	if err := os.WriteFile(config, officeFile, 0o600); err != nil {
		return err
	}
	s, err := rig.StartServer(ctx, rig.ServerOptions{Program: binary, Logs: dir, Data: filepath.Join(dir, "data"), Config: config, Office: string(benchOffice)})
	if err != nil {
		return err
	}
	err = measure(s)
	return errors.Join(err, s.Stop())
}

// overHTTP measures durable tickets over HTTP at each number of callers.
func overHTTP(ctx context.Context, s *rig.Server, counts []int, span time.Duration) ([]measured, error) {
	token, err := s.AddDevice(ctx, "kiosk", "Kios ukur", "")
	if err != nil {
		return nil, err
	}
	var all []measured
	for _, n := range counts {
		c := newCaller(s.URL, token, n)
		m, err := callers(n, span, func(int) error {
			_, err := c.take(benchOffice, benchService)
			return err
		})
		c.http.CloseIdleConnections()
		if err != nil {
			return nil, fmt.Errorf("HTTP with %d callers: %w", n, err)
		}
		all = append(all, m)
	}
	return all, nil
}

// eightKiosks lets eight kiosks draw from one service until there are that many
// tickets, and counts the numbers that two of them got.
func eightKiosks(ctx context.Context, s *rig.Server, tickets int) (duplicates int, err error) {
	const kiosks = 8
	var mu sync.Mutex
	given := map[string]int{}
	var wg sync.WaitGroup
	for i := range kiosks {
		token, e := s.AddDevice(ctx, "kiosk", fmt.Sprint("Kios ", i+1), "")
		if e != nil {
			return 0, e
		}
		c := newCaller(s.URL, token, 1)
		wg.Go(func() {
			defer c.http.CloseIdleConnections()
			for range tickets / kiosks {
				taken, e := c.take(benchOffice, benchService)
				mu.Lock()
				given[taken.Number.Text]++
				err = errors.Join(err, e)
				mu.Unlock()
				if e != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, n := range given {
		duplicates += n - 1
	}
	return duplicates, err
}

// twoCounters lets two officers press next at the same moment, round after round,
// and counts the rounds in which both got the same ticket.
func twoCounters(a, b *desk, rounds int) (same int, err error) {
	for range rounds {
		var got [2]ticket.ID
		var errs [2]error
		var wg sync.WaitGroup
		begin := make(chan struct{})
		for i, d := range []*desk{a, b} {
			wg.Go(func() {
				<-begin
				got[i], errs[i] = d.next()
			})
		}
		close(begin)
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			return same, err
		}
		if got[0] == got[1] {
			same++
		}
		if err := errors.Join(a.do("no-show"), b.do("no-show")); err != nil {
			return same, err
		}
	}
	return same, nil
}

// A desk is an officer at a counter.
type desk struct {
	caller *caller
	at     ticket.CounterID
}

func openDesk(ctx context.Context, s *rig.Server, at ticket.CounterID) (*desk, error) {
	user := "petugas-" + string(at)
	oneTime, err := s.AddUser(ctx, user, "Petugas "+string(at), "officer")
	if err != nil {
		return nil, err
	}
	c := newCaller(s.URL, "", 2)
	return &desk{c, at}, c.logIn(benchOffice, at, user, oneTime)
}

func (d *desk) next() (ticket.ID, error) {
	a, err := d.caller.call(benchOffice, d.at)
	if err != nil {
		return ticket.ID{}, err
	}
	if a.Ticket == nil {
		return ticket.ID{}, errors.New("call-next answered without a ticket")
	}
	return a.Ticket.ID, nil
}

func (d *desk) do(command string) error { return d.caller.command(benchOffice, d.at, command) }

// serveAll calls, starts and finishes n tickets at the given desks.
func serveAll(desks []*desk, n int) error {
	var wg sync.WaitGroup
	errs := make([]error, len(desks))
	for i, d := range desks {
		wg.Go(func() {
			for range n / len(desks) {
				if _, err := d.next(); err != nil {
					errs[i] = err
					return
				}
				if errs[i] = errors.Join(d.do("start"), d.do("finish")); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// resident is a process's memory in MiB, as the kernel counts it.
func resident(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmRSS:" {
			kib, err := strconv.ParseFloat(f[1], 64)
			return kib / 1024, err
		}
	}
	return 0, errors.New("the kernel does not tell the memory in use")
}

// counterID names the counters of office.toml: l1 to l10.
func counterID(n int) ticket.CounterID { return ticket.CounterID(fmt.Sprint("l", n)) }
