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
	Special    []Special     // dated hours that replace Opening, such as Ramadan's
	Holidays   []Holiday     // public holidays and cuti bersama
	Rules      Rules
	Outcomes   []Code // how a service can end
	Pauses     []Code // why a counter pauses
	Parkings   []Code // why a ticket is parked
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

// Special is hours that hold from one date to another, both included, in place of
// the weekly ones of the office and of every service.
type Special struct {
	From, To string // 2006-01-02
	Name     ticket.Text
	Opening  []Opening
}

// Holiday is a date on which the office is closed.
type Holiday struct {
	Date string // 2006-01-02
	Name ticket.Text
}

// Code is a reason or an outcome: what is kept is the code, what is read is the name.
type Code struct {
	Code     string
	Name     ticket.Text
	Archived bool
}

// Rules are the office's choices where a rule leaves one.
type Rules struct {
	TransferToBack bool // a transferred ticket goes to the back; else it keeps its first arrival
	JourneyToBack  bool // so does a ticket that goes on to the next service of its visit
	Return         Return
}

// Return is how a late-comer comes back after a missed call.
type Return struct {
	Minutes int    // at most so long after the missed call; 0: no limit in minutes
	Numbers int    // and so many calls of the same service later; 0: no limit in numbers
	Times   int    // of one ticket in a day; 0: once
	Place   string // "front": by the old arrival; "after": behind After people; "back", also where empty
	After   int
}

// Order is how a service's line yields its head. The zero Order is first come,
// first served, whatever the class.
type Order struct {
	Appointment int // calls in a row of each class while others wait; all 0: no classes
	Priority    int
	Regular     int
	Bound       int // nobody is overtaken by more than so many, because of class; 0: the ratio alone bounds it
}

// Classes reports whether the order looks at classes at all.
func (o Order) Classes() bool { return o.Appointment+o.Priority+o.Regular > 0 }

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
	Opening      []Opening       // empty: the office's
	Quota        int             // tickets a day; 0: no limit
	Quotas       map[Channel]int // tickets a day by channel; no entry: no limit of its own
	Target       time.Duration   // of waiting; 0: none
	Order        Order
	Closed       string // a closed code while closed by hand, else empty
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
	Help     []ticket.ServiceID // called only while nobody waits for Services
	Prefers  bool               // pick by the order of Services; else by the longest wait
	Patience int                // with Prefers: no head is passed over more often than this, from 1
	Archived bool
}

// Channel is how a ticket was asked for.
type Channel string

const (
	ChannelKiosk   Channel = "kiosk"
	ChannelDesk    Channel = "desk"
	ChannelBooking Channel = "booking"
)
