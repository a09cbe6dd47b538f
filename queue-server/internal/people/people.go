// Package people knows who may do what: accounts with a password and a role, their
// sessions, and paired devices with a token. They are records, not events. It keeps
// no secret that could be used again: passwords as argon2id, session and device
// secrets as SHA-256. What a role may do is decided by who asks here.
package people

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"antrean/queue-server/internal/table"
	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// Refusals.
var (
	ErrWrongLogin      = reason.New(reason.Unauthorized, "wrong_login")
	ErrTooManyTries    = reason.New(reason.TooMany, "too_many_tries") // args: seconds
	ErrAccountDisabled = reason.New(reason.Forbidden, "account_disabled")
	ErrNoSession       = reason.New(reason.Unauthorized, "no_session")
	ErrNoDevice        = reason.New(reason.Unauthorized, "no_device")

	ErrWrongPassword = reason.New(reason.Forbidden, "wrong_password") // the old one, when a new one is set
	ErrShortPassword = reason.New(reason.Unprocessable, "password_too_short")
	ErrLongPassword  = reason.New(reason.Unprocessable, "password_too_long")
	ErrSamePassword  = reason.New(reason.Unprocessable, "password_not_new")

	ErrBadUser      = reason.New(reason.Unprocessable, "bad_user_name")
	ErrBadName      = reason.New(reason.Unprocessable, "bad_name")
	ErrUnknownRole  = reason.New(reason.Unprocessable, "unknown_role")
	ErrUnknownKind  = reason.New(reason.Unprocessable, "unknown_device_kind")
	ErrUserExists   = reason.New(reason.Conflict, "user_exists")
	ErrNoUser       = reason.New(reason.NotFound, "no_such_user")
	ErrLastAdmin    = reason.New(reason.Conflict, "last_admin")
	ErrNoSuchDevice = reason.New(reason.NotFound, "no_such_device")
)

// Roles.
const (
	Admin      = "admin"      // sets up: settings, accounts, devices; and all below
	Supervisor = "supervisor" // runs the day; and all below
	Officer    = "officer"    // serves at a counter
)

// Roles are all roles, the mightiest first.
var Roles = []string{Admin, Supervisor, Officer}

// Buckets of this package.
const (
	bucketAccounts = "people.accounts" // user name -> account
	bucketSessions = "people.sessions" // SHA-256 of the secret -> session
	bucketDevices  = "people.devices"  // device id -> device
	bucketTokens   = "people.tokens"   // SHA-256 of the token -> device id
)

// SessionLife is how long a session lasts: a shift, with room.
const SessionLife = 12 * time.Hour

// People is the register. All methods may be called at the same time.
type People struct {
	t      *table.Table
	now    func() time.Time
	limits *limits
	hasher chan struct{} // as many hashes run at once as it has room for
	dummy  string        // the hash of a password that nobody has

	mu       sync.Mutex
	watchers map[int]func(Revoked)
	next     int
}

// hashers is how many argon2id run at once: each takes 19 MiB and 40 ms of a core.
const hashers = 2

// Open reads the register in t. The clock decides when sessions end and tries are
// counted.
func Open(t *table.Table, now func() time.Time) (*People, error) {
	p := &People{
		t: t, now: now, limits: newLimits(now), hasher: make(chan struct{}, hashers),
		watchers: map[int]func(Revoked){},
	}
	p.dummy = hash(oneTime())
	return p, nil
}

// Revoked says what may no longer be used from now on: a device, or a session by
// its public name.
type Revoked struct {
	Device  ticket.DeviceID
	Session string
}

// OnRevoke calls f for every device revoked and every session ended before its
// time, after that is on disk, so that its sockets close at once. f must return
// soon; stop ends the calls.
func (p *People) OnRevoke(f func(Revoked)) (stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.next
	p.next++
	p.watchers[n] = f
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.watchers, n)
	}
}

func (p *People) revoke(all ...Revoked) {
	p.mu.Lock()
	fs := make([]func(Revoked), 0, len(p.watchers))
	for _, f := range p.watchers {
		fs = append(fs, f)
	}
	p.mu.Unlock()
	for _, r := range all {
		for _, f := range fs {
			f(r)
		}
	}
}

// digest is under what key a secret is kept. Secrets have 128 random bits or more,
// so a plain hash is enough.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func fault(what string, err error) error {
	if err == nil {
		return nil
	}
	if _, refusal := reason.Of(err); refusal {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}
