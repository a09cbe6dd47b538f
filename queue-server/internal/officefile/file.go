// Package officefile is an office's settings as a TOML file: what is imported,
// exported and kept under version control by those who set an office up. It reads
// strictly and names file, line and what is allowed. A running server never reads
// the file: settings live in the log.
package officefile

import "antrean/shared/ticket"

// Format is the version of the file's form that this program reads and writes.
const Format = 1

// MaxSize is the largest file that is read, in bytes: four times a real office of
// 300 services.
const MaxSize = 1 << 20

// Limits of what a file may hold. Counts keep a service's and a counter's small
// number within 16 bits.
const (
	maxText   = 200 // characters of a text that visitors read
	maxID     = 40
	maxLabel  = 12 // characters of a counter's label, which is shown large and spoken
	maxPrefix = 8
	maxList   = 2000 // zones, agencies, sequences, services, counters: each
	maxNeeds  = 40   // requirements of one service
	maxCodes  = 100  // outcomes, pauses, parkings: each
)

// file mirrors the TOML. Pointers tell a missing value from a zero.
type file struct {
	Format   int        `toml:"format"`
	Office   office     `toml:"office"`
	Voice    *voice     `toml:"voice"`
	Special  []special  `toml:"special"`
	Holiday  []holiday  `toml:"holiday"`
	Outcome  []code     `toml:"outcome"`
	Pause    []code     `toml:"pause"`
	Parking  []code     `toml:"parking"`
	Zone     []zone     `toml:"zone"`
	Agency   []agency   `toml:"agency"`
	Sequence []sequence `toml:"sequence"`
	Service  []service  `toml:"service"`
	Counter  []counter  `toml:"counter"`
}

type office struct {
	ID         string      `toml:"id"`
	Name       ticket.Text `toml:"name"`
	TimeZone   string      `toml:"time_zone"`
	Languages  []string    `toml:"languages"`
	PublicURL  string      `toml:"public_url"`
	LastTicket int         `toml:"last_ticket_minutes"`
	ToBack     bool        `toml:"transfer_to_back"`
	JourneyTo  bool        `toml:"journey_to_back"`
	Opening    []opening   `toml:"opening"`
	Return     comeback    `toml:"return"`
}

type comeback struct {
	Minutes int    `toml:"minutes"`
	Numbers int    `toml:"numbers"`
	Times   int    `toml:"times"`
	Place   string `toml:"place"`
	After   int    `toml:"after"`
}

type special struct {
	From    string      `toml:"from"`
	To      string      `toml:"to"`
	Name    ticket.Text `toml:"name"`
	Opening []opening   `toml:"opening"`
}

type holiday struct {
	Date string      `toml:"date"`
	Name ticket.Text `toml:"name"`
}

type code struct {
	Code     string      `toml:"code"`
	Name     ticket.Text `toml:"name"`
	Archived bool        `toml:"archived"`
}

type order struct {
	Appointment int  `toml:"appointment"`
	Priority    int  `toml:"priority"`
	Regular     *int `toml:"regular"`
	Bound       int  `toml:"bound"`
}

type opening struct {
	Days   []string `toml:"days"`
	Open   string   `toml:"open"`
	Close  string   `toml:"close"`
	Breaks []pause  `toml:"breaks"`
}

type pause struct {
	From   string `toml:"from"`
	To     string `toml:"to"`
	Reason string `toml:"reason"`
}

type voice struct {
	Times  *int    `toml:"times"`
	Digits *string `toml:"digits"`
}

type zone struct {
	ID       string      `toml:"id"`
	Name     ticket.Text `toml:"name"`
	Archived bool        `toml:"archived"`
}

type agency struct {
	ID       string      `toml:"id"`
	Name     ticket.Text `toml:"name"`
	Archived bool        `toml:"archived"`
}

type sequence struct {
	ID       string `toml:"id"`
	Prefix   string `toml:"prefix"`
	Padding  *int   `toml:"padding"`
	Archived bool   `toml:"archived"`
}

type service struct {
	ID           string         `toml:"id"`
	Ref          uint16         `toml:"ref"`
	Agency       string         `toml:"agency"`
	Sequence     string         `toml:"sequence"`
	Name         ticket.Text    `toml:"name"`
	Requirements []ticket.Text  `toml:"requirements"`
	Opening      []opening      `toml:"opening"`
	Quota        int            `toml:"quota"`
	Quotas       map[string]int `toml:"quotas"`
	Target       int            `toml:"target_minutes"`
	Order        *order         `toml:"order"`
	Closed       string         `toml:"closed"`
	Archived     bool           `toml:"archived"`
}

type counter struct {
	ID       string      `toml:"id"`
	Ref      uint16      `toml:"ref"`
	Label    string      `toml:"label"`
	Name     ticket.Text `toml:"name"`
	Agency   string      `toml:"agency"`
	Zone     string      `toml:"zone"`
	Services []string    `toml:"services"`
	Help     []string    `toml:"help"`
	Prefers  bool        `toml:"prefers"`
	Patience *int        `toml:"patience"`
	Archived bool        `toml:"archived"`
}

// What stands where the file says nothing.
const (
	defaultTimes    = 2
	defaultDigits   = "each"
	defaultPadding  = 3
	defaultRegular  = 1 // calls in a row, of a service with classes
	defaultPatience = 3 // of a counter that prefers
)
