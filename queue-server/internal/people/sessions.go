package people

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
)

// Session is a log-in that is still good.
type Session struct {
	ID         string // public and safe to show: not the secret
	Account    ticket.AccountID
	User       string
	Name       string
	Role       string
	Offices    []ticket.OfficeID // empty: all
	MustChange bool              // nothing but a new password is allowed
	Expires    time.Time
}

// session is the stored form; its key is the secret's digest.
type session struct {
	ID      string    `json:"id"`
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// nobody is no user name that could exist.
const nobody = "?"

// Login begins a session. The secret is the only copy. remote is the address that
// asks, with or without a port: tries are counted for it, and for it with the user.
// An unknown user costs as much as a wrong password, and reads the same.
func (p *People) Login(ctx context.Context, user, password, remote string) (Session, string, error) {
	user = canonical(user)
	if !goodUser(user) || len(password) > 4*maxPassword {
		user, password = nobody, "" // as any other wrong log-in
	}
	if err := p.limits.try(user, remote); err != nil {
		return Session{}, "", err
	}
	var a account
	var known bool
	err := p.t.View(func(x *table.Tx) (err error) { a, known, err = readAccount(x, user); return err })
	if err != nil {
		return Session{}, "", fault("log in", err)
	}
	right, err := p.verify(ctx, a, known, password)
	if err != nil {
		return Session{}, "", fault("log in", err)
	}
	if !right {
		return Session{}, "", ErrWrongLogin
	}
	if a.Disabled {
		return Session{}, "", ErrAccountDisabled
	}
	p.limits.succeeded(user, remote)
	return p.begin(a)
}

// verify compares a password with an account's, or with nobody's where it is not
// known, in the same time.
func (p *People) verify(ctx context.Context, a account, known bool, password string) (right bool, err error) {
	stored := p.dummy
	if known {
		stored = a.Password
	}
	if e := p.hashing(ctx, func() { right, err = matches(stored, password) }); e != nil {
		return false, e
	}
	return right && known, err
}

func (p *People) begin(a account) (Session, string, error) {
	now := p.now().UTC()
	secret := rand.Text()
	s := session{ID: "s-" + rand.Text()[:16], User: a.User, Created: now, Expires: now.Add(SessionLife)}
	err := p.t.Update(func(x *table.Tx) error {
		// The password may have been reset, or the account disabled, during the hash.
		b, err := mustAccount(x, a.User)
		if err != nil {
			return err
		}
		if b.Disabled || b.Password != a.Password {
			return ErrWrongLogin
		}
		if err := sweep(x, now); err != nil {
			return err
		}
		return x.PutJSON(bucketSessions, digest(secret), s)
	})
	if err != nil {
		return Session{}, "", fault("begin session", err)
	}
	return public(s, a), secret, nil
}

func public(s session, a account) Session {
	return Session{
		ID: s.ID, Account: a.ID, User: a.User, Name: a.Name, Role: a.Role, Offices: a.Offices,
		MustChange: a.MustChange, Expires: s.Expires,
	}
}

// Session finds the session of a secret, with the account as it is now.
func (p *People) Session(secret string) (Session, error) {
	var s session
	var a account
	err := p.t.View(func(x *table.Tx) (err error) { s, a, err = p.find(x, secret); return err })
	if err != nil {
		return Session{}, fault("find session", err)
	}
	return public(s, a), nil
}

func (p *People) find(x *table.Tx, secret string) (s session, a account, err error) {
	if secret == "" {
		return s, a, ErrNoSession
	}
	ok, err := x.GetJSON(bucketSessions, digest(secret), &s)
	if err != nil {
		return s, a, err
	}
	if !ok || !p.now().Before(s.Expires) {
		return s, a, ErrNoSession
	}
	a, ok, err = readAccount(x, s.User)
	if err == nil && (!ok || a.Disabled) {
		err = ErrNoSession
	}
	return s, a, err
}

// Logout ends a session; one that has ended is no error.
func (p *People) Logout(secret string) error {
	var s session
	var ok bool
	err := p.t.Update(func(x *table.Tx) (err error) {
		if ok, err = x.GetJSON(bucketSessions, digest(secret), &s); err != nil || !ok {
			return err
		}
		return x.Delete(bucketSessions, digest(secret))
	})
	if err != nil {
		return fault("log out", err)
	}
	if ok {
		p.revoke(Revoked{Session: s.ID})
	}
	return nil
}

// SetPassword changes the session's own password, 10 to 200 characters, and ends
// the account's other sessions. This session goes on.
func (p *People) SetPassword(ctx context.Context, secret, old, password string) error {
	var s session
	var a account
	err := p.t.View(func(x *table.Tx) (err error) { s, a, err = p.find(x, secret); return err })
	if err != nil {
		return fault("set password", err)
	}
	if err := newPassword(a.User, old, password); err != nil {
		return err
	}
	if err := p.limits.try(a.User, "session:"+s.ID); err != nil {
		return err
	}
	if len(old) > 4*maxPassword {
		return ErrWrongPassword
	}
	right, err := p.verify(ctx, a, true, old)
	if err != nil {
		return fault("set password", err)
	}
	if !right {
		return ErrWrongPassword
	}
	var stored string
	if err := p.hashing(ctx, func() { stored = hash(password) }); err != nil {
		return fault("set password", err)
	}
	var ended []Revoked
	err = p.t.Update(func(x *table.Tx) error {
		_, b, err := p.find(x, secret)
		if err != nil {
			return err
		}
		if b.Password != a.Password {
			return ErrWrongPassword // it was changed elsewhere during the hash
		}
		b.Password, b.MustChange = stored, false
		if ended, err = endSessions(x, b.User, digest(secret)); err != nil {
			return err
		}
		return x.PutJSON(bucketAccounts, b.User, b)
	})
	if err != nil {
		return fault("set password", err)
	}
	p.limits.succeeded(a.User, "session:"+s.ID)
	p.revoke(ended...)
	return nil
}

// endSessions removes an account's sessions but the one under the key except.
func endSessions(x *table.Tx, user, except string) (ended []Revoked, err error) {
	var keys []string
	err = eachSession(x, func(key string, s session) {
		if s.User == user && key != except {
			keys = append(keys, key)
			ended = append(ended, Revoked{Session: s.ID})
		}
	})
	return ended, deleteAll(x, keys, err)
}

// sweep removes sessions whose time is over.
func sweep(x *table.Tx, now time.Time) error {
	var keys []string
	err := eachSession(x, func(key string, s session) {
		if !now.Before(s.Expires) {
			keys = append(keys, key)
		}
	})
	return deleteAll(x, keys, err)
}

func eachSession(x *table.Tx, f func(key string, s session)) error {
	return x.ForEach(bucketSessions, "", func(key string, v []byte) error {
		var s session
		if err := json.Unmarshal(v, &s); err != nil {
			return fmt.Errorf("session: %w", err)
		}
		f(key, s)
		return nil
	})
}

func deleteAll(x *table.Tx, keys []string, err error) error {
	for _, k := range keys {
		if err == nil {
			err = x.Delete(bucketSessions, k)
		}
	}
	return err
}
