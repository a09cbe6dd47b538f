package board

import (
	"slices"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Line is how the board stands with its server.
type Line uint8

const (
	Searching Line = iota // no view yet
	Online
	Lost    // the view is the last one that came
	Refused // the server answers, and says no; see Picture.Code
)

// Picture is what to draw at one moment. Two equal pictures look the same, so one
// that equals the last need not be painted.
type Picture struct {
	Line     Line
	Code     string // the refusal's, with Refused
	LastView string // "10.42 WIB", with Lost and Refused once there was a view
	Silent   bool   // the last announcement could not be heard
	Ready    bool   // there is a view; without one everything below is empty

	Epoch string
	Seq   uint64

	Office   string
	Zone     string // empty on the board of the whole hall
	Clock    string // "10.42"
	ZoneName string // "WIB"
	Date     time.Time
	DayOpen  bool

	Latest   *Latest // nil: nobody was called yet
	Recent   []Row   // newest first, without Latest
	Counters []Cell  // in the office's order
	Waiting  []Count // in the office's order
	Turn     int     // which page of counters and services; pages are counted by the screen
}

// Latest is the call that is shown large.
type Latest struct {
	ID      uint64 // of its announcement; 0 where that is no longer told
	Number  string
	Counter string // label
	Name    string // of the counter; may be empty
	Recall  bool
	Pulse   bool // drawn reversed just now
}

// Row is an earlier call.
type Row struct{ Number, Counter string }

// Cell is what a counter does.
type Cell struct {
	Counter string
	Open    bool
	Number  string // empty: nobody
	Latest  bool   // it is the counter that is shown large
}

// Count is how many wait for a service.
type Count struct {
	Service string
	Agency  string
	Waiting int
}

// Picture is what to draw at a moment of the board's own clock.
func (b *Board) Picture(at time.Time) Picture {
	p := Picture{Line: b.line(), Code: b.code, Silent: b.failed, Ready: b.ready}
	if !b.ready {
		return p
	}
	v, lang := &b.view, b.opts.Language
	now := b.now(at)
	p.Epoch, p.Seq = b.epoch, b.seq
	p.Office, p.Zone = v.Place.Name.In(lang), v.ZoneName.In(lang)
	p.Clock, p.ZoneName = now.Format("15.04"), v.Place.ZoneName
	p.Date = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	p.DayOpen = v.Day.Open
	if p.Line != Online {
		p.LastView = b.sent.In(b.zone).Format("15.04")
		if p.ZoneName != "" {
			p.LastView += " " + p.ZoneName
		}
	}
	p.Latest = b.latest(at)
	p.Recent = b.recent(p.Latest)
	for _, c := range v.Counters {
		p.Counters = append(p.Counters, Cell{
			Counter: c.Counter.Label, Open: c.Open, Number: c.Number,
			Latest: p.Latest != nil && p.Latest.Number == c.Number && p.Latest.Counter == c.Counter.Label,
		})
	}
	for _, w := range v.Waiting {
		p.Waiting = append(p.Waiting, Count{Service: w.Name.In(lang), Agency: w.Agency.In(lang), Waiting: w.Waiting})
	}
	if b.pages > 1 {
		p.Turn = int(at.Sub(b.started) / PageTime)
	}
	return p
}

func (b *Board) line() Line {
	switch {
	case b.code != "":
		return Refused
	case b.online && b.ready:
		return Online
	case b.ready:
		return Lost
	}
	return Searching
}

// latest is the call that is being announced, so that eye and ear agree while a few
// wait their turn; where the voice is late, and when nothing is announced, the newest.
func (b *Board) latest(at time.Time) *Latest {
	c := b.current
	var said *Latest
	if c != nil {
		said = &Latest{
			ID: c.call.ID, Number: c.call.Number.Text, Counter: c.call.Counter.Label, Name: c.call.Counter.Name.In(b.opts.Language),
			Recall: c.call.Recall, Pulse: pulses(c.began, at),
		}
		if !c.late {
			return said
		}
	}
	for _, r := range b.view.Recent {
		if !shown(r) {
			continue
		}
		l := &Latest{Number: r.Number.Text, Counter: r.Counter.Label, Name: r.Counter.Name.In(b.opts.Language)}
		for _, a := range slices.Backward(b.view.Announcements) {
			if a.Number.Text == l.Number && a.Counter.ID == r.Counter.ID {
				l.ID, l.Recall = a.ID, a.Recall
				break
			}
		}
		if c != nil && l.ID != 0 { // it pulses when it comes, and when it is said
			l.Pulse = l.ID == c.call.ID && pulses(c.began, at) || l.ID == b.arrived.id && pulses(b.arrived.at, at)
		}
		return l
	}
	return said
}

// pulses reports whether what began to pulse is drawn reversed.
func pulses(began, at time.Time) bool {
	age := at.Sub(began)
	return age < PulseTime && (age/pulseHalf)%2 == 0
}

func (b *Board) recent(large *Latest) []Row {
	var rows []Row
	for _, r := range b.view.Recent {
		if shown(r) && (large == nil || r.Number.Text != large.Number) {
			rows = append(rows, Row{r.Number.Text, r.Counter.Label})
		}
	}
	return rows
}

// shown hides a call that sends nobody anywhere any more.
func shown(c wire.Call) bool { return c.State != ticket.Cancelled && c.State != ticket.Expired }

// Page picks what fits of a list. Where not everything fits, rows that tell nothing
// are dropped first; what then remains is shown page by page. Text never shrinks for it.
func Page[T any](all []T, fits, turn int, tells func(T) bool) (rows []T, pages int) {
	if fits <= 0 {
		return nil, 0
	}
	if len(all) <= fits {
		return all, 1
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(t T) bool { return !tells(t) })
	if len(rest) == 0 {
		rest = all[:fits]
	}
	pages = (len(rest) + fits - 1) / fits
	each := (len(rest) + pages - 1) / pages // no last page with a single row
	page := turn % pages
	return rest[page*each : min(len(rest), (page+1)*each)], pages
}

// maxPages is how many pages of waiting counts a visitor may have to sit through.
const maxPages = 4

// Queues is Page for the waiting counts. A hall with too many services for a few pages
// is told by agency instead.
func Queues(all []Count, fits, turn int) ([]Count, int) {
	tells := func(c Count) bool { return c.Waiting > 0 }
	rows, pages := Page(all, fits, turn, tells)
	if pages <= maxPages {
		return rows, pages
	}
	var agencies []Count
	place := map[string]int{}
	for _, c := range all {
		i, met := place[c.Agency]
		if !met {
			i = len(agencies)
			place[c.Agency] = i
			agencies = append(agencies, Count{Service: c.Agency})
		}
		agencies[i].Waiting += c.Waiting
	}
	if _, unnamed := place[""]; unnamed {
		return rows, pages
	}
	return Page(agencies, fits, turn, tells)
}

// location is the office's zone; where the machine does not know it, the three
// Indonesian ones are known here.
func location(p wire.Place) *time.Location {
	if l, err := time.LoadLocation(p.TimeZone); err == nil && p.TimeZone != "" {
		return l
	}
	hours := map[string]int{"WIB": 7, "WITA": 8, "WIT": 9}[p.ZoneName]
	return time.FixedZone(p.ZoneName, hours*3600)
}
