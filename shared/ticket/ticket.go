// Package ticket is the vocabulary of the hall: the names of things that every
// program speaks of. It has no rules and needs nothing but the standard library.
package ticket

import (
	"encoding/hex"
	"errors"
	"fmt"
)

// Permanent names from an office's settings. Once used they are never given to
// anything else; what goes away is archived.
type (
	OfficeID   string
	ZoneID     string // a part of the waiting room with boards of its own
	AgencyID   string // instansi
	SequenceID string // what numbers are drawn from
	ServiceID  string // layanan: what a visitor chooses
	CounterID  string // loket
)

// DeviceID names a paired kiosk or board; AccountID an officer's account.
type (
	DeviceID  string
	AccountID string
)

// ID is a ticket's UUIDv7. Whoever asks for the ticket makes it, so that asking
// twice can never give two tickets.
type ID [16]byte

// ErrID says that a text is no ticket id.
var ErrID = errors.New("a ticket's id is a UUID of version 7, like 0198c0de-0000-7000-8000-000000000001")

// ParseID reads the canonical form of a UUID of version 7, lower or upper case.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return ID{}, ErrID
	}
	packed := s[0:8] + s[9:13] + s[14:18] + s[19:23] + s[24:36]
	if _, err := hex.Decode(id[:], []byte(packed)); err != nil {
		return ID{}, ErrID
	}
	if id[6]>>4 != 7 || id[8]>>6 != 2 {
		return ID{}, ErrID
	}
	return id, nil
}

func (id ID) String() string {
	h := hex.EncodeToString(id[:])
	return h[0:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// IsZero reports whether there is no id at all.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText writes the canonical lower-case form.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote; anything else is ErrID.
func (id *ID) UnmarshalText(b []byte) error {
	parsed, err := ParseID(string(b))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// Number is what is printed, called and shown.
type Number struct {
	Sequence SequenceID `json:"sequence"`
	N        int        `json:"n"`    // from 1, each business day
	Text     string     `json:"text"` // "A-001", unique in (office, day)
}

// Class is a visitor's standing in a line. The reason behind a priority is never kept.
type Class string

const (
	Regular     Class = "regular"
	Priority    Class = "priority"
	Appointment Class = "appointment"
)

// Known reports whether c is one of the classes above.
func (c Class) Known() bool { return c == Regular || c == Priority || c == Appointment }

// State is where a ticket is in its life.
type State uint8

const (
	Waiting State = iota + 1
	Called
	Serving
	Parked
	Done
	NoShow
	Cancelled
	Expired // the day ended before its turn
)

var stateNames = [...]string{Waiting: "waiting", Called: "called", Serving: "serving", Parked: "parked", Done: "done", NoShow: "no_show", Cancelled: "cancelled", Expired: "expired"}

func (s State) String() string {
	if int(s) < len(stateNames) && s != 0 {
		return stateNames[s]
	}
	return fmt.Sprintf("state(%d)", uint8(s))
}

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state's name.
func (s *State) UnmarshalText(b []byte) error {
	for i, n := range stateNames {
		if n != "" && n == string(b) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("unknown ticket state %q", b)
}

// Final reports whether nothing more can happen to a ticket in this state.
func (s State) Final() bool { return s >= Done }

// Text is a text for visitors in several languages, by language tag; "id" is always there.
type Text map[string]string

// In is the text in the language asked for, else Indonesian, else nothing.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t["id"]
}
