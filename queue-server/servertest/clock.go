package servertest

import (
	"sync"
	"time"
)

// Clock is a server's clock in a test's hands: it goes on by itself, like a real
// one, from a morning in November, and can be moved and doubted. It is the same
// morning on every machine and at every hour.
type Clock struct {
	mu     sync.Mutex
	start  time.Time     // of the machine, with its monotonic reading
	wall   time.Time     // what the clock said at start
	leap   time.Duration // how far the monotonic clock was moved
	synced bool
}

// NewClock is a clock at 09:00 in Makassar on Monday, 23 November 2026, whose
// kernel says that it is right.
func NewClock() *Clock {
	return &Clock{start: time.Now(), wall: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), synced: true}
}

// Now is what the server sees: wall time, monotonic time, and whether the kernel
// trusts the wall time.
func (c *Clock) Now() (wall time.Time, mono time.Duration, synchronised bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	gone := time.Since(c.start)
	return c.wall.Add(gone), gone + c.leap, c.synced
}

// Advance lets time pass: both clocks move.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.leap = c.wall.Add(d), c.leap+d
}

// Set moves the wall clock alone, as a battery that died does, or a hand.
func (c *Clock) Set(wall time.Time, synchronised bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.synced = wall.Add(-time.Since(c.start)), synchronised
}

// Wall is what the clock says.
func (c *Clock) Wall() time.Time {
	wall, _, _ := c.Now()
	return wall
}
