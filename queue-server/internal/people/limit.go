package people

import (
	"fmt"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How fast passwords may be tried. One person mistypes a few times; behind one
// address a whole hall may log in at eight o'clock.
const (
	pairTries    = 5 // for one user from one address, then one more each pairEvery
	pairEvery    = 30 * time.Second
	addressTries = 60 // for one address, then one more each addressEvery
	addressEvery = 2 * time.Second
	userTries    = 60 // for one user from anywhere, then one more each userEvery
	userEvery    = 20 * time.Second

	maxLimits = 20_000 // counters kept at once; above it the full ones are dropped
)

// limits counts tries by user and address, in memory: a restart forgives.
type limits struct {
	now func() time.Time
	mu  sync.Mutex
	all map[limitKey]*rate.Limiter
}

type limitKey struct{ user, address string }

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, all: map[limitKey]*rate.Limiter{}}
}

// try counts one try, before any costly work, or refuses it and says when to come
// back. A refused try is not counted.
func (l *limits) try(user, remote string) error {
	address := addressOf(remote)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	asked := []*rate.Limiter{
		l.at(limitKey{user, address}, pairEvery, pairTries),
		l.at(limitKey{"", address}, addressEvery, addressTries),
		l.at(limitKey{user, ""}, userEvery, userTries),
	}
	for _, one := range asked {
		if one.TokensAt(now) < 1 {
			wait := (1 - one.TokensAt(now)) / float64(one.Limit())
			return ErrTooManyTries.With("seconds", fmt.Sprint(int(math.Ceil(wait))))
		}
	}
	for _, one := range asked {
		one.AllowN(now, 1)
	}
	return nil
}

// succeeded gives back what a right log-in has taken: only mistakes count.
func (l *limits) succeeded(user, remote string) {
	address := addressOf(remote)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, limitKey{user, address})
	for _, k := range []limitKey{{"", address}, {user, ""}} {
		if one := l.all[k]; one != nil {
			one.AllowN(l.now(), -1)
		}
	}
}

// forget clears a user's tries, when somebody has given a new password.
func (l *limits) forget(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k := range l.all {
		if k.user == user {
			delete(l.all, k)
		}
	}
}

func (l *limits) at(k limitKey, every time.Duration, burst int) *rate.Limiter {
	one := l.all[k]
	if one == nil {
		one = rate.NewLimiter(rate.Every(every), burst)
		l.all[k] = one
	}
	return one
}

// sweep keeps the memory small: a counter that is full again says nothing. Where
// that is not enough, somebody is trying from everywhere: the pairs start again
// while the limits of the addresses hold, then all of them.
func (l *limits) sweep(now time.Time) {
	if len(l.all) < maxLimits {
		return
	}
	for k, one := range l.all {
		if one.TokensAt(now) >= float64(one.Burst()) {
			delete(l.all, k)
		}
	}
	if len(l.all) < maxLimits {
		return
	}
	for k := range l.all {
		if k.user != "" && k.address != "" {
			delete(l.all, k)
		}
	}
	if len(l.all) >= maxLimits {
		clear(l.all)
	}
}

// addressOf is who is counted as one: an IPv4 address, or an IPv6 network of 64
// bits, since one household has that many addresses.
func addressOf(remote string) string {
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		remote = ap.Addr().String()
	}
	a, err := netip.ParseAddr(remote)
	if err != nil {
		return "?" + remote
	}
	a = a.Unmap()
	if a.Is6() {
		if n, err := a.WithZone("").Prefix(64); err == nil {
			return n.String()
		}
	}
	return a.String()
}
