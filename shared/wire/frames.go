package wire

import (
	"encoding/json"
	"time"

	"antrean/shared/ticket"
)

// Ask is what a client may send on its socket: topics to watch and to leave.
type Ask struct {
	Subscribe   []string `json:"subscribe,omitempty"`
	Unsubscribe []string `json:"unsubscribe,omitempty"`
}

// Frame is the whole view of one topic. Epoch names the log's incarnation; Seq is
// the office's sequence up to which the view is true. A topic that may not be
// watched answers with Problem and no View.
type Frame struct {
	Topic   string          `json:"topic"`
	Office  ticket.OfficeID `json:"office"`
	Epoch   string          `json:"epoch,omitempty"`
	Seq     uint64          `json:"seq"`
	At      time.Time       `json:"at"` // the server's wall time
	View    json.RawMessage `json:"view,omitempty"`
	Problem *Problem        `json:"problem,omitempty"`
}

// Day is the business day as devices show it.
type Day struct {
	Open bool   `json:"open"`
	Date string `json:"date,omitempty"` // 2006-01-02
}

// Place is where and how an office writes its time.
type Place struct {
	Name     Text   `json:"name"`
	TimeZone string `json:"time_zone"` // IANA
	ZoneName string `json:"zone_name"` // WIB, WITA, WIT
}

// Closed says why something is closed. Its text is "closed.<code>" in the catalogue.
type Closed struct {
	Code    string     `json:"code"`
	OpensAt *time.Time `json:"opens_at,omitempty"`
}

// KioskView is the view of topic "kiosk".
type KioskView struct {
	Place     Place    `json:"place"`
	Languages []string `json:"languages"` // in the order of the office's choice
	Day       Day      `json:"day"`
	Agencies  []Agency `json:"agencies"`             // those with services, in the office's order
	Links     bool     `json:"links"`                // tickets carry a link
	PublicURL string   `json:"public_url,omitempty"` // where phones reach the server; empty where Links is false
}

// Agency is an instansi with what it offers at the kiosk.
type Agency struct {
	ID       ticket.AgencyID `json:"id"`
	Name     Text            `json:"name"`
	Services []Service       `json:"services"`
}

// Service is a choice at the kiosk.
type Service struct {
	ID           ticket.ServiceID `json:"id"`
	Name         Text             `json:"name"`
	Requirements []Text           `json:"requirements,omitempty"`
	Closed       *Closed          `json:"closed,omitempty"` // nil: tickets are given
	Waiting      int              `json:"waiting"`
}

// BoardView is the view of "board/{zone}".
type BoardView struct {
	Place         Place          `json:"place"`
	Zone          ticket.ZoneID  `json:"zone"`
	ZoneName      Text           `json:"zone_label"`
	Day           Day            `json:"day"`
	Voice         Voice          `json:"voice"`
	Announcements []Announcement `json:"announcements"` // of the last minutes, oldest first, the same for all boards of the zone
	Recent        []Call         `json:"recent"`        // latest calls, newest first, 12 at most; a ticket once
	Counters      []BoardCounter `json:"counters"`      // in the office's order
	Waiting       []WaitingCount `json:"waiting"`       // per service with a counter in the zone
}

// Voice is how calls are said.
type Voice struct {
	Times  int    `json:"times"`  // the sentence is said so often, 1 to 3
	Digits string `json:"digits"` // "each": nol nol satu; "number": satu
}

// Announcement is one thing to be said and flashed, once by each board. A recall
// is a new one.
type Announcement struct {
	ID       uint64           `json:"id"` // the sequence of its event: grows, never repeats within an epoch
	At       time.Time        `json:"at"`
	Recall   bool             `json:"recall,omitempty"`
	Number   ticket.Number    `json:"number"`
	Prefix   string           `json:"prefix"` // what stands before the digits: "A-"
	Counter  CounterName      `json:"counter"`
	Language string           `json:"language"` // the visitor's
	Service  ticket.ServiceID `json:"service"`
}

// CounterName is how a counter is shown and said.
type CounterName struct {
	ID    ticket.CounterID `json:"id"`
	Label string           `json:"label"` // "3"
	Name  Text             `json:"name,omitempty"`
}

// Call is a line among the recent calls.
type Call struct {
	Number  ticket.Number `json:"number"`
	Counter CounterName   `json:"counter"`
	At      time.Time     `json:"at"`
	State   ticket.State  `json:"state"`
}

// BoardCounter is what a counter is doing now.
type BoardCounter struct {
	Counter CounterName `json:"counter"`
	Open    bool        `json:"open"`
	Number  string      `json:"number,omitempty"` // called or being served; empty: nobody
}

// WaitingCount is how many wait for a service.
type WaitingCount struct {
	Service ticket.ServiceID `json:"service"`
	Name    Text             `json:"name"`
	Agency  Text             `json:"agency"`
	Waiting int              `json:"waiting"`
}

// CounterView is the view of "counter/{id}".
type CounterView struct {
	Place    Place            `json:"place"`
	Counter  CounterName      `json:"counter"`
	Open     bool             `json:"open"`
	Holder   *Holder          `json:"holder,omitempty"` // who holds it while open
	Day      Day              `json:"day"`
	Services []CounterService `json:"services"` // in the counter's order
	Waiting  int              `json:"waiting"`  // for all its services together
	Current  *CounterTicket   `json:"current,omitempty"`
	Last     *CounterTicket   `json:"last,omitempty"` // the ticket before
	Served   int              `json:"served"`         // finished here today

	Paused   string          `json:"paused,omitempty"`   // a code of Pauses while it takes a break
	Undo     *CounterUndo    `json:"undo,omitempty"`     // the last action, while it can be taken back
	Line     []CounterTicket `json:"line"`               // who the counter could call, the next first, 20 at most
	Parked   []CounterTicket `json:"parked"`             // of its services, 50 at most
	Missed   []CounterTicket `json:"missed"`             // missed calls of its services that may still come back, the latest first, 20 at most
	Outcomes []Code          `json:"outcomes,omitempty"` // live codes of the settings
	Pauses   []Code          `json:"pauses,omitempty"`
	Parkings []Code          `json:"parkings,omitempty"`
	Targets  []Target        `json:"targets,omitempty"` // where a ticket can be sent
}

// Code is a reason or an outcome of the settings.
type Code struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}

// CounterUndo is the last action at a counter.
type CounterUndo struct {
	Seq    uint64    `json:"seq"`
	Action string    `json:"action"`           // called, started, finished, missed, cancelled, parked, transferred, service_added, paused, resumed
	Number string    `json:"number,omitempty"` // of the ticket
	Until  time.Time `json:"until"`            // server's wall time
}

// Target is a service that a ticket can be sent to, with the counters that serve it.
type Target struct {
	Service  ticket.ServiceID `json:"service"`
	Name     Text             `json:"name"`
	Agency   Text             `json:"agency"`
	Counters []CounterName    `json:"counters"`
}

// Holder is the session that holds a counter. Session equals Session.ID of its own page.
type Holder struct {
	Session string           `json:"session"`
	Account ticket.AccountID `json:"account"`
}

// CounterService is one line of a counter.
type CounterService struct {
	ID      ticket.ServiceID `json:"id"`
	Name    Text             `json:"name"`
	Waiting int              `json:"waiting"`
	Since   *time.Time       `json:"since,omitempty"` // when the longest waiting one came
}

// CounterTicket is a ticket as the officer sees it.
type CounterTicket struct {
	ID       ticket.ID        `json:"id"`
	Number   ticket.Number    `json:"number"`
	Service  ticket.ServiceID `json:"service"`
	Name     Text             `json:"service_name"`
	Class    ticket.Class     `json:"class"`
	Language string           `json:"language"`
	State    ticket.State     `json:"state"`
	Taken    time.Time        `json:"taken"`
	Called   *time.Time       `json:"called,omitempty"` // the latest call
	Started  *time.Time       `json:"started,omitempty"`
	Ended    *time.Time       `json:"ended,omitempty"`
	Calls    int              `json:"calls"`
	Parking  string           `json:"parking,omitempty"` // why it is parked
	Next     []Text           `json:"next,omitempty"`    // names of the services that its visit goes on to
	Here     bool             `json:"here,omitempty"`    // sent to this counter
}

// TicketView is the view of "ticket/{id}": what the visitor's phone shows.
type TicketView struct {
	Place   Place         `json:"place"`
	Number  ticket.Number `json:"number"`
	Agency  Text          `json:"agency"`
	Service Text          `json:"service"`
	Class   ticket.Class  `json:"class"`
	State   ticket.State  `json:"state"`
	Ahead   int           `json:"ahead"` // while waiting
	Counter *CounterName  `json:"counter,omitempty"`
	Day     string        `json:"day"`
	Taken   time.Time     `json:"taken"`
	Called  *time.Time    `json:"called,omitempty"`
	Calls   int           `json:"calls"` // grows with each recall: ring again
}

// OfficeView is the view of "office": the hall at a glance.
type OfficeView struct {
	Place    Place           `json:"place"`
	Day      Day             `json:"day"`
	Clock    ClockState      `json:"clock"`
	Counters []OfficeCounter `json:"counters"`
	Services []OfficeService `json:"services"`
	Taken    int             `json:"taken"`  // tickets today
	Served   int             `json:"served"` // finished today
	Waiting  int             `json:"waiting"`
	Alerts   []Alert         `json:"alerts"`
	Closed   *Closed         `json:"closed,omitempty"` // the whole office is closed by hand
}

// Alert is something that a supervisor should see. Its text is "alert.<code>" in
// the catalogue, with Args; it goes away by itself. Where Args has a service, name is
// its name in the office's first language, for who does not know the service.
type Alert struct {
	Code  string            `json:"code"`
	Level string            `json:"level"` // warning, fault
	Args  map[string]string `json:"args,omitempty"`
	Since *time.Time        `json:"since,omitempty"`
}

// ClockState says whether the server's wall clock can be believed.
type ClockState struct {
	Plausible bool       `json:"plausible"`
	Wall      *time.Time `json:"wall,omitempty"`      // what the clock says, where it can't be believed
	Believed  *time.Time `json:"believed,omitempty"`  // when it was last believed, where it can't be
	NextDate  string     `json:"next_date,omitempty"` // the date that a supervisor would confirm for the next day
}

// OfficeCounter is a counter in the office's view; Holder names it for the list of counters to open.
type OfficeCounter struct {
	Counter CounterName   `json:"counter"`
	Zone    ticket.ZoneID `json:"zone"`
	Agency  Text          `json:"agency,omitempty"`
	Open    bool          `json:"open"`
	Holder  *Holder       `json:"holder,omitempty"`
	Number  string        `json:"number,omitempty"`
	Waiting int           `json:"waiting"`
	Paused  string        `json:"paused,omitempty"`
	Served  int           `json:"served"`
	Since   *time.Time    `json:"since,omitempty"` // of the ticket that is there: called or started
}

// OfficeService is a service in the office's view.
type OfficeService struct {
	ID      ticket.ServiceID `json:"id"`
	Name    Text             `json:"name"`
	Agency  ticket.AgencyID  `json:"agency"`
	Closed  *Closed          `json:"closed,omitempty"`
	Waiting int              `json:"waiting"`
	Taken   int              `json:"taken"`
	Quota   int              `json:"quota,omitempty"`
	Oldest  *time.Time       `json:"oldest,omitempty"` // when the longest waiting one came
	Open    int              `json:"open"`             // counters that serve it now
	Forced  bool             `json:"forced,omitempty"` // open or closed by hand
	Order   ServiceOrder     `json:"order"`            // its rules, to be put in words
}

// ServiceOrder is a service's rules as numbers; the page says them in words.
type ServiceOrder struct {
	Appointment int `json:"appointment,omitempty"`
	Priority    int `json:"priority,omitempty"`
	Regular     int `json:"regular,omitempty"`
	Bound       int `json:"bound,omitempty"`
}

// DeviceView is the view of "device/{id}".
type DeviceView struct {
	Device Device `json:"device"`
}
