package people

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
)

// User is an account as others may see it.
type User struct {
	Account    ticket.AccountID
	User       string // what is typed at the log-in, lower case
	Name       string // the person's, shown to that person and to those who set up
	Role       string
	Offices    []ticket.OfficeID // empty: all
	Disabled   bool
	MustChange bool // the password is a one-time one
	Created    time.Time
}

// account is the stored form of a user. Fields may be added, not renamed.
type account struct {
	ID         ticket.AccountID  `json:"id"`
	User       string            `json:"user"`
	Name       string            `json:"name"`
	Role       string            `json:"role"`
	Offices    []ticket.OfficeID `json:"offices,omitempty"`
	Password   string            `json:"password"`
	MustChange bool              `json:"must_change,omitempty"`
	Disabled   bool              `json:"disabled,omitempty"`
	Created    time.Time         `json:"created"`
}

func (a account) user() User {
	return User{
		Account: a.ID, User: a.User, Name: a.Name, Role: a.Role, Offices: a.Offices,
		Disabled: a.Disabled, MustChange: a.MustChange, Created: a.Created,
	}
}

// AddUser makes an account and returns its one-time password, which the first
// log-in must change. An account is never removed: its id stands in the log.
func (p *People) AddUser(user, name, role string, offices []ticket.OfficeID) (password string, err error) {
	user = canonical(user)
	if !goodUser(user) {
		return "", ErrBadUser
	}
	if !goodName(name) {
		return "", ErrBadName
	}
	if !slices.Contains(Roles, role) {
		return "", ErrUnknownRole.With("role", role)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make an account's id: %w", err)
	}
	a := account{ID: ticket.AccountID(id.String()), User: user, Name: name, Role: role, Offices: offices, MustChange: true, Created: p.now().UTC()}
	password, a.Password, err = p.fresh()
	if err != nil {
		return "", err
	}
	err = p.t.Update(func(x *table.Tx) error {
		if x.Get(bucketAccounts, user) != nil {
			return ErrUserExists.With("user", user)
		}
		return x.PutJSON(bucketAccounts, user, a)
	})
	if err != nil {
		return "", fault("add user", err)
	}
	return password, nil
}

// fresh makes a one-time password and its hash.
func (p *People) fresh() (password, stored string, err error) {
	password = oneTime()
	err = p.hashing(context.Background(), func() { stored = hash(password) })
	return password, stored, err
}

// Users lists all accounts by user name.
func (p *People) Users() ([]User, error) {
	var all []User
	err := p.t.ForEach(bucketAccounts, "", func(key string, v []byte) error {
		var a account
		if err := json.Unmarshal(v, &a); err != nil {
			return fmt.Errorf("account %s: %w", key, err)
		}
		all = append(all, a.user())
		return nil
	})
	slices.SortFunc(all, func(a, b User) int { return cmp.Compare(a.User, b.User) })
	return all, err
}

// DisableUser ends an account's sessions and lets it log in no more. The last
// administrator of all offices stays.
func (p *People) DisableUser(user string) error {
	var ended []Revoked
	err := p.t.Update(func(x *table.Tx) error {
		a, err := mustAccount(x, user)
		if err != nil || a.Disabled {
			return err
		}
		if last, err := lastAdmin(x, a); err != nil || last {
			if err == nil {
				err = ErrLastAdmin
			}
			return err
		}
		a.Disabled = true
		if ended, err = endSessions(x, a.User, ""); err != nil {
			return err
		}
		return x.PutJSON(bucketAccounts, a.User, a)
	})
	if err != nil {
		return fault("disable user", err)
	}
	p.revoke(ended...)
	return nil
}

// EnableUser lets a disabled account log in again, with a new one-time password.
func (p *People) EnableUser(user string) (password string, err error) {
	return p.renew(user, true)
}

// ResetPassword gives an account a new one-time password and ends its sessions.
func (p *People) ResetPassword(user string) (password string, err error) {
	return p.renew(user, false)
}

func (p *People) renew(user string, enable bool) (string, error) {
	password, stored, err := p.fresh()
	if err != nil {
		return "", err
	}
	var ended []Revoked
	err = p.t.Update(func(x *table.Tx) error {
		a, err := mustAccount(x, user)
		if err != nil {
			return err
		}
		if a.Disabled && !enable {
			return ErrAccountDisabled
		}
		a.Disabled, a.Password, a.MustChange = false, stored, true
		if ended, err = endSessions(x, a.User, ""); err != nil {
			return err
		}
		return x.PutJSON(bucketAccounts, a.User, a)
	})
	if err != nil {
		return "", fault("reset password", err)
	}
	p.limits.forget(canonical(user))
	p.revoke(ended...)
	return password, nil
}

func readAccount(x *table.Tx, user string) (a account, ok bool, err error) {
	ok, err = x.GetJSON(bucketAccounts, canonical(user), &a)
	return a, ok, err
}

func mustAccount(x *table.Tx, user string) (account, error) {
	a, ok, err := readAccount(x, user)
	if err == nil && !ok {
		err = ErrNoUser.With("user", shown(user))
	}
	return a, err
}

// lastAdmin reports whether nobody else could set up everything.
func lastAdmin(x *table.Tx, a account) (bool, error) {
	if a.Role != Admin || len(a.Offices) > 0 {
		return false, nil
	}
	others := 0
	err := x.ForEach(bucketAccounts, "", func(key string, v []byte) error {
		var b account
		if err := json.Unmarshal(v, &b); err != nil {
			return fmt.Errorf("account %s: %w", key, err)
		}
		if b.User != a.User && b.Role == Admin && len(b.Offices) == 0 && !b.Disabled {
			others++
		}
		return nil
	})
	return others == 0, err
}

// canonical is how a user name is kept and looked up.
func canonical(user string) string { return strings.ToLower(strings.TrimSpace(user)) }

func goodUser(s string) bool {
	return len(s) >= 2 && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

// goodName accepts a name that can be shown on one line.
func goodName(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= 100 && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) })
}

// shown is a user name for a message: what cannot be one is not repeated.
func shown(user string) string {
	if u := canonical(user); goodUser(u) {
		return u
	}
	return "?"
}
