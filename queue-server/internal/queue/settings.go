package queue

import (
	"time"

	"antrean/shared/ticket"
)

// Settings are an office as its people have set it up. They are stored whole, as
// one event, at each change. The stored form uses these field names: renaming one
// needs a new version of the form (see eventlog).
type Settings struct {
	Office     ticket.OfficeID
	Name       ticket.Text
	TimeZone   string        // IANA; one for an office
	Languages  []string      // that visitors may choose, "id" among them
	PublicURL  string        // where phones reach the server; empty: worked out by the server
	LastTicket time.Duration // no tickets so long before closing
	Opening    []Opening     // the office's hours; no entry for a weekday: closed on it
	Voice      Voice
	Zones      []Zone
	Agencies   []Agency
	Sequences  []Sequence
	Services   []Service
	Counters   []Counter
}

// Voice is how calls are spoken.
type Voice struct {
	Times  int    // 1 to 3
	Digits string // "each" or "number"
}

// Opening is the hours of some weekdays.
type Opening struct {
	Days   []time.Weekday
	Open   Minute
	Close  Minute // up to 24:00
	Breaks []Break
}

// Break is a part of the day in which no tickets are given.
type Break struct {
	From, To Minute
	Reason   string // a closed code: break, friday_prayer
}

// Minute is a time of day, in minutes since local midnight, 0 to 1440.
type Minute int

// Zone is a part of the waiting room.
type Zone struct {
	ID       ticket.ZoneID
	Name     ticket.Text
	Archived bool
}

// Agency is an instansi.
type Agency struct {
	ID       ticket.AgencyID
	Name     ticket.Text
	Archived bool
}

// Sequence is what numbers are drawn from: Prefix and the number, zero-padded to
// Padding digits.
type Sequence struct {
	ID       ticket.SequenceID
	Prefix   string // "A-"
	Padding  int    // 1 to 6
	Archived bool
}

// Service is what a visitor chooses.
type Service struct {
	ID           ticket.ServiceID
	Ref          uint16 // small and permanent, from 1: what stored reasons call it
	Agency       ticket.AgencyID
	Sequence     ticket.SequenceID
	Name         ticket.Text
	Requirements []ticket.Text
	Opening      []Opening // empty: the office's
	Quota        int       // tickets a day; 0: no limit
	Closed       string    // a closed code while closed by hand, else empty
	Archived     bool
}

// Counter is a loket.
type Counter struct {
	ID       ticket.CounterID
	Ref      uint16 // small and permanent, from 1
	Label    string // what is shown and said: "3"
	Name     ticket.Text
	Agency   ticket.AgencyID // empty: of the hall
	Zone     ticket.ZoneID
	Services []ticket.ServiceID // in the order of preference
	Archived bool
}
