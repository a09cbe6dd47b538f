package queue

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"antrean/shared/ticket"
)

// index is the settings by name, rebuilt with them.
type index struct {
	zone      *time.Location
	services  map[ticket.ServiceID]*Service
	counters  map[ticket.CounterID]*Counter
	agencies  map[ticket.AgencyID]*Agency
	zones     map[ticket.ZoneID]*Zone
	sequences map[ticket.SequenceID]Sequence
	byRef     map[uint16]ticket.ServiceID
	calendar  calendar
}

func (s *State) use(v *Settings) {
	s.settings = v
	x := index{
		services: map[ticket.ServiceID]*Service{}, counters: map[ticket.CounterID]*Counter{},
		agencies: map[ticket.AgencyID]*Agency{}, zones: map[ticket.ZoneID]*Zone{},
		sequences: map[ticket.SequenceID]Sequence{}, byRef: map[uint16]ticket.ServiceID{}, calendar: newCalendar(v),
	}
	if x.zone, _ = time.LoadLocation(v.TimeZone); x.zone == nil {
		x.zone = time.UTC // only a settings event that no program of ours decided could say so
	}
	for i := range v.Services {
		x.services[v.Services[i].ID] = &v.Services[i]
		x.byRef[v.Services[i].Ref] = v.Services[i].ID
	}
	for i := range v.Counters {
		x.counters[v.Counters[i].ID] = &v.Counters[i]
	}
	for i := range v.Agencies {
		x.agencies[v.Agencies[i].ID] = &v.Agencies[i]
	}
	for i := range v.Zones {
		x.zones[v.Zones[i].ID] = &v.Zones[i]
	}
	for _, q := range v.Sequences {
		x.sequences[q.ID] = q
	}
	was := s.index
	s.index = x
	s.reorder(was, x)
}

func (s *State) service(id ticket.ServiceID) *Service { return s.index.services[id] }
func (s *State) counter(id ticket.CounterID) *Counter { return s.index.counters[id] }

func (s *State) label(id ticket.CounterID) string {
	if c := s.counter(id); c != nil {
		return c.Label
	}
	return string(id)
}

// Decide puts the settings in force. What they no longer name is archived, never
// lost; small ids are given to what is new. The same settings again are no event.
func (a ChangeSettings) Decide(s *State, _ Moment) (Decision, error) {
	next := a.Settings
	if s.settings != nil {
		if next.Office != s.settings.Office {
			return Decision{}, settingsErr("this is office %.60q, the settings are of %.60q", s.settings.Office, next.Office)
		}
		next = keepOld(next, *s.settings)
	}
	if err := number(&next, s.settings); err != nil {
		return Decision{}, err
	}
	if err := check(&next); err != nil {
		return Decision{}, err
	}
	if err := s.checkToday(&next); err != nil {
		return Decision{}, err
	}
	for i := range next.Services {
		v := &next.Services[i]
		if n := s.Waiting(v.ID); v.Archived && n > 0 && !s.service(v.ID).Archived {
			return Decision{}, ErrHasWaiting.With("service", v.Name.In("id")).With("waiting", strconv.Itoa(n))
		}
	}
	if s.settings != nil && reflect.DeepEqual(next, *s.settings) {
		return Decision{Before: true}, nil
	}
	return Decision{Events: []Event{SettingsChanged{next}}}, nil
}

func settingsErr(format string, args ...any) error {
	return ErrSettings.With("why", fmt.Sprintf(format, args...))
}

// merge appends to now, archived, what only was: names are for ever.
func merge[T any, K comparable](now, was []T, id func(T) K, archive func(*T)) []T {
	here := make(map[K]bool, len(now))
	for _, v := range now {
		here[id(v)] = true
	}
	out := append([]T(nil), now...)
	for _, v := range was {
		if !here[id(v)] {
			archive(&v)
			out = append(out, v)
		}
	}
	return out
}

func keepOld(n, was Settings) Settings {
	n.Zones = merge(n.Zones, was.Zones, func(v Zone) ticket.ZoneID { return v.ID }, func(v *Zone) { v.Archived = true })
	n.Agencies = merge(n.Agencies, was.Agencies, func(v Agency) ticket.AgencyID { return v.ID }, func(v *Agency) { v.Archived = true })
	n.Sequences = merge(n.Sequences, was.Sequences, func(v Sequence) ticket.SequenceID { return v.ID }, func(v *Sequence) { v.Archived = true })
	n.Services = merge(n.Services, was.Services, func(v Service) ticket.ServiceID { return v.ID }, func(v *Service) { v.Archived = true })
	n.Counters = merge(n.Counters, was.Counters, func(v Counter) ticket.CounterID { return v.ID }, func(v *Counter) { v.Archived = true })
	retire := func(v *Code) { v.Archived = true }
	n.Outcomes = merge(n.Outcomes, was.Outcomes, func(v Code) string { return v.Code }, retire)
	n.Pauses = merge(n.Pauses, was.Pauses, func(v Code) string { return v.Code }, retire)
	n.Parkings = merge(n.Parkings, was.Parkings, func(v Code) string { return v.Code }, retire)
	return n
}

// refs gives small ids: the old one to what had one, a new one to what is new. One
// that the settings state themselves must be the old one, or free.
func refs[K comparable](what string, ids []K, at []*uint16, old map[K]uint16) error {
	used := map[uint16]K{}
	top := uint16(0)
	for id, r := range old {
		used[r] = id
		top = max(top, r)
	}
	for i, id := range ids {
		r := *at[i]
		if was, ok := old[id]; ok {
			if r != 0 && r != was {
				return settingsErr("%s %v has ref %d for ever, not %d", what, id, was, r)
			}
			*at[i] = was
		} else if r != 0 {
			if by, taken := used[r]; taken {
				return settingsErr("%s %v and %v have the same ref %d", what, by, id, r)
			}
			used[r] = id
			top = max(top, r)
		}
	}
	for i := range ids {
		if *at[i] == 0 {
			if top == ^uint16(0) {
				return settingsErr("no more than %d of %s", top, what)
			}
			top++
			*at[i] = top
		}
	}
	return nil
}

func number(n *Settings, was *Settings) error {
	n.Services = append([]Service(nil), n.Services...)
	n.Counters = append([]Counter(nil), n.Counters...)
	oldS, oldC := map[ticket.ServiceID]uint16{}, map[ticket.CounterID]uint16{}
	if was != nil {
		for _, v := range was.Services {
			oldS[v.ID] = v.Ref
		}
		for _, v := range was.Counters {
			oldC[v.ID] = v.Ref
		}
	}
	var ids []ticket.ServiceID
	var at []*uint16
	for i := range n.Services {
		ids, at = append(ids, n.Services[i].ID), append(at, &n.Services[i].Ref)
	}
	if err := refs("service", ids, at, oldS); err != nil {
		return err
	}
	var cids []ticket.CounterID
	at = nil
	for i := range n.Counters {
		cids, at = append(cids, n.Counters[i].ID), append(at, &n.Counters[i].Ref)
	}
	return refs("counter", cids, at, oldC)
}

// check holds what the rules rely on. The office file says more, with the line.
func check(n *Settings) error {
	if !idForm(string(n.Office)) || n.Name["id"] == "" || len(n.Languages) == 0 {
		return settingsErr("an office has an id, a name in Indonesian and a language")
	}
	if _, err := time.LoadLocation(n.TimeZone); err != nil || n.TimeZone == "" {
		return settingsErr("time zone %.60q is unknown", n.TimeZone)
	}
	if n.LastTicket < 0 || n.LastTicket > 24*time.Hour {
		return settingsErr("no ticket %v before closing", n.LastTicket)
	}
	for _, err := range []error{
		checkLanguages(n.Languages), checkHours("the office", n.Opening), checkDates(n), checkRules(n.Rules),
		checkCodes("outcome", n.Outcomes), checkCodes("pause", n.Pauses), checkCodes("parking", n.Parkings),
	} {
		if err != nil {
			return err
		}
	}
	archived := map[ticket.SequenceID]bool{}
	agencies, sequences, services, zones, counters := map[ticket.AgencyID]bool{}, map[ticket.SequenceID]bool{}, map[ticket.ServiceID]bool{}, map[ticket.ZoneID]bool{}, map[ticket.CounterID]bool{}
	for _, v := range n.Agencies {
		if !idForm(string(v.ID)) || agencies[v.ID] {
			return settingsErr("agency %.60q is no id or there twice", v.ID)
		}
		agencies[v.ID] = true
	}
	for _, v := range n.Zones {
		if !idForm(string(v.ID)) || zones[v.ID] {
			return settingsErr("zone %.60q is no id or there twice", v.ID)
		}
		zones[v.ID] = true
	}
	for _, v := range n.Sequences {
		if !idForm(string(v.ID)) || !prefixForm(v.Prefix) || sequences[v.ID] || v.Padding < 1 || v.Padding > 6 {
			return settingsErr("sequence %.60q is no id, there twice, its prefix cannot be printed, or its padding is not 1 to 6", v.ID)
		}
		sequences[v.ID], archived[v.ID] = true, v.Archived
	}
	for i, v := range n.Services {
		if !idForm(string(v.ID)) || services[v.ID] || !agencies[v.Agency] || !sequences[v.Sequence] || v.Quota < 0 {
			return settingsErr("service %.60q is no id, there twice, or its agency, sequence or quota is wrong", v.ID)
		}
		if archived[v.Sequence] && !v.Archived {
			return settingsErr("service %.60q draws from sequence %.60q, which is archived", v.ID, v.Sequence)
		}
		if err := checkService(&n.Services[i]); err != nil {
			return err
		}
		services[v.ID] = true
	}
	for i, v := range n.Counters {
		if !idForm(string(v.ID)) || counters[v.ID] || !zones[v.Zone] {
			return settingsErr("counter %.60q is no id, there twice, or its zone is unknown", v.ID)
		}
		counters[v.ID] = true
		if err := checkCounter(&n.Counters[i], services); err != nil {
			return err
		}
	}
	if err := checkHelp(n); err != nil {
		return err
	}
	return distinct(live(n.Sequences))
}

func live(all []Sequence) []Sequence {
	var out []Sequence
	for _, q := range all {
		if !q.Archived {
			out = append(out, q)
		}
	}
	return out
}

// checkToday refuses a sequence that could print what another one has printed or
// may print today: prefixes change from the next day, so what is frozen counts as
// it was when it was frozen.
func (s *State) checkToday(n *Settings) error {
	if !s.day.Open {
		return nil
	}
	var today []Sequence
	used := map[ticket.SequenceID]bool{}
	for _, q := range live(n.Sequences) {
		if f, frozen := s.frozen[q.ID]; frozen {
			q = f
		}
		today = append(today, q)
		used[q.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(s.frozen)) {
		if !used[id] && s.last(id) > 0 {
			today = append(today, s.frozen[id])
		}
	}
	return distinct(today)
}

// distinct refuses two sequences of which one could print a number of the other:
// equal prefixes, or one that is the other's followed by digits only.
func distinct(all []Sequence) error {
	for i, a := range all {
		for _, b := range all[i+1:] {
			long, short := a.Prefix, b.Prefix
			if len(long) < len(short) {
				long, short = short, long
			}
			if rest, ok := strings.CutPrefix(long, short); ok && strings.Trim(rest, "0123456789") == "" {
				return settingsErr("sequences %.60q and %.60q could print the same number (prefixes %.60q and %.60q)", a.ID, b.ID, a.Prefix, b.Prefix)
			}
		}
	}
	return nil
}
