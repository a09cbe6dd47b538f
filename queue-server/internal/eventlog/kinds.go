package eventlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// The permanent numbers of the event types. A number is never used for anything
// else; a new type takes the next one.
const (
	kindEpochBegun      = 1
	kindSettingsChanged = 2
	kindClockFollowed   = 3
	kindDayOpened       = 4
	kindDayClosed       = 5
	kindIssued          = 6
	kindCalled          = 7
	kindRecalled        = 8
	kindStarted         = 9
	kindFinished        = 10
	kindMissedCall      = 11
	kindCancelled       = 12
	kindCounterOpened   = 13
	kindCounterClosed   = 14
	kindPrinted         = 15
	kindSpoken          = 16
	kindReturned        = 17
	kindParked          = 18
	kindUnparked        = 19
	kindTransferred     = 20
	kindServiceAdded    = 21
	kindClassChanged    = 22
	kindDue             = 23
	kindUndone          = 24
	kindCounterPaused   = 25
	kindCounterResumed  = 26
	kindForced          = 27
	kindLeased          = 28
	kindLeaseEnded      = 29
)

// kinds are the event types by number, each with the version of its form that is
// written, which is the newest that is read. All older ones are read too, for ever.
var kinds = [...]struct {
	name    string
	version uint64
}{
	kindEpochBegun:      {"EpochBegun", 1},
	kindSettingsChanged: {"SettingsChanged", 1},
	kindClockFollowed:   {"ClockFollowed", 1},
	kindDayOpened:       {"DayOpened", 1},
	kindDayClosed:       {"DayClosed", 1},
	kindIssued:          {"Issued", 1},
	kindCalled:          {"Called", 1},
	kindRecalled:        {"Recalled", 1},
	kindStarted:         {"Started", 1},
	kindFinished:        {"Finished", 1},
	kindMissedCall:      {"MissedCall", 1},
	kindCancelled:       {"Cancelled", 1},
	kindCounterOpened:   {"CounterOpened", 1},
	kindCounterClosed:   {"CounterClosed", 1},
	kindPrinted:         {"Printed", 1},
	kindSpoken:          {"Spoken", 1},
	kindReturned:        {"Returned", 1},
	kindParked:          {"Parked", 1},
	kindUnparked:        {"Unparked", 1},
	kindTransferred:     {"Transferred", 1},
	kindServiceAdded:    {"ServiceAdded", 1},
	kindClassChanged:    {"ClassChanged", 1},
	kindDue:             {"Due", 1},
	kindUndone:          {"Undone", 1},
	kindCounterPaused:   {"CounterPaused", 1},
	kindCounterResumed:  {"CounterResumed", 1},
	kindForced:          {"Forced", 1},
	kindLeased:          {"Leased", 1},
	kindLeaseEnded:      {"LeaseEnded", 1},
}

// appendEvent adds the body of an event's stored form to b.
func appendEvent(b []byte, event queue.Event) ([]byte, storedKind, error) {
	kind := uint64(0)
	switch e := event.(type) {
	case queue.EpochBegun:
		kind, b = kindEpochBegun, putInt(putText(b, 1, e.ID), 2, int64(e.Gap))
	case queue.SettingsChanged:
		stored, err := encodeSettings(&e.Settings)
		if err != nil {
			return b, storedKind{}, err
		}
		kind, b = kindSettingsChanged, append(b, stored...)
	case queue.ClockFollowed:
		kind, b = kindClockFollowed, putInt(b, 1, int64(e.From))
	case queue.DayOpened:
		kind, b = kindDayOpened, putText(putInt(b, 1, int64(e.Number)), 2, e.Date)
	case queue.DayClosed:
		kind, b = kindDayClosed, putInt(b, 1, int64(e.Number))
	case queue.Issued:
		kind, b = kindIssued, appendIssued(b, &e)
	case queue.Called:
		kind, b = kindCalled, appendCalled(b, &e)
	case queue.Recalled:
		kind, b = kindRecalled, putUint(b, 1, uint64(e.Ticket))
	case queue.Started:
		kind, b = kindStarted, putUint(b, 1, uint64(e.Ticket))
	case queue.Finished:
		kind, b = kindFinished, appendFinished(b, &e)
	case queue.MissedCall:
		kind, b = kindMissedCall, putUint(b, 1, uint64(e.Ticket))
	case queue.Cancelled:
		kind, b = kindCancelled, putUint(b, 1, uint64(e.Ticket))
	case queue.CounterOpened:
		kind, b = kindCounterOpened, putText(putText(b, 1, e.Session), 2, e.TookOver)
	case queue.CounterClosed:
		kind = kindCounterClosed
	case queue.Printed:
		kind, b = kindPrinted, putText(putText(putUint(b, 1, uint64(e.Ticket)), 2, e.State), 3, e.Detail)
	case queue.Spoken:
		kind, b = kindSpoken, appendSpoken(b, &e)
	case queue.Returned:
		kind, b = kindReturned, putInt(putUint(b, 1, uint64(e.Ticket)), 2, int64(e.Rank))
	case queue.Parked:
		kind, b = kindParked, putText(putUint(b, 1, uint64(e.Ticket)), 2, e.Reason)
	case queue.Unparked:
		kind, b = kindUnparked, putUint(b, 1, uint64(e.Ticket))
	case queue.Transferred:
		kind, b = kindTransferred, appendTransferred(b, &e)
	case queue.ServiceAdded:
		kind, b = kindServiceAdded, putText(putUint(b, 1, uint64(e.Ticket)), 2, e.Service)
	case queue.ClassChanged:
		kind, b = kindClassChanged, putText(putUint(b, 1, uint64(e.Ticket)), 2, e.Class)
	case queue.Due:
		kind, b = kindDue, putUint(b, 1, uint64(e.Ticket))
	case queue.Undone:
		kind, b = kindUndone, putUint(b, 1, e.Seq)
	case queue.CounterPaused:
		kind, b = kindCounterPaused, putText(b, 1, e.Reason)
	case queue.CounterResumed:
		kind = kindCounterResumed
	case queue.Forced:
		kind, b = kindForced, appendForced(b, &e)
	case queue.Leased:
		kind, b = kindLeased, appendLeased(b, &e)
	case queue.LeaseEnded:
		kind, b = kindLeaseEnded, putText(b, 1, e.ID)
	default:
		return b, storedKind{}, fmt.Errorf("an event of type %T has no stored form", event)
	}
	return b, storedKind{kind, kinds[kind].version}, nil
}

// event reads a body. Where a type has several versions, its reader takes the
// version and gives today's event.
func (d *decoder) event(kind storedKind, body []byte) (queue.Event, error) {
	if kind.version == 0 {
		return nil, errMalformed
	}
	if err := knows(kind.number, kind.version); err != nil {
		return nil, err
	}
	f := fields{left: body}
	switch kind.number {
	case kindEpochBegun:
		return d.epochBegun(f)
	case kindSettingsChanged:
		return decodeSettings(body)
	case kindClockFollowed:
		n, err := f.onlyNumber()
		return queue.ClockFollowed{From: queue.Instant(n)}, err
	case kindDayOpened:
		return d.dayOpened(f)
	case kindDayClosed:
		n, err := f.onlyNumber()
		return queue.DayClosed{Number: int(int64(n))}, err
	case kindIssued:
		return d.issued(f)
	case kindCalled:
		return d.called(f)
	case kindRecalled:
		n, err := f.onlyNumber()
		return queue.Recalled{Ticket: queue.Ref(n)}, err
	case kindStarted:
		n, err := f.onlyNumber()
		return queue.Started{Ticket: queue.Ref(n)}, err
	case kindFinished:
		return d.finished(f)
	case kindMissedCall:
		n, err := f.onlyNumber()
		return queue.MissedCall{Ticket: queue.Ref(n)}, err
	case kindCancelled:
		n, err := f.onlyNumber()
		return queue.Cancelled{Ticket: queue.Ref(n)}, err
	case kindCounterOpened:
		return d.counterOpened(f)
	case kindCounterClosed:
		return queue.CounterClosed{}, f.nothing()
	case kindPrinted:
		return d.printed(f)
	case kindSpoken:
		return d.spoken(f)
	case kindReturned:
		return d.returned(f)
	case kindParked:
		ref, why, err := f.ticketAnd(&d.names)
		return queue.Parked{Ticket: ref, Reason: why}, err
	case kindUnparked:
		n, err := f.onlyNumber()
		return queue.Unparked{Ticket: queue.Ref(n)}, err
	case kindTransferred:
		return d.transferred(f)
	case kindServiceAdded:
		ref, service, err := f.ticketAnd(&d.names)
		return queue.ServiceAdded{Ticket: ref, Service: ticket.ServiceID(service)}, err
	case kindClassChanged:
		ref, class, err := f.ticketAnd(&d.names)
		return queue.ClassChanged{Ticket: ref, Class: ticket.Class(class)}, err
	case kindDue:
		n, err := f.onlyNumber()
		return queue.Due{Ticket: queue.Ref(n)}, err
	case kindUndone:
		n, err := f.onlyNumber()
		return queue.Undone{Seq: n}, err
	case kindCounterPaused:
		s, err := f.onlyText(&d.names)
		return queue.CounterPaused{Reason: s}, err
	case kindCounterResumed:
		return queue.CounterResumed{}, f.nothing()
	case kindForced:
		return d.forced(f)
	case kindLeased:
		return d.leased(f)
	case kindLeaseEnded:
		s, err := f.onlyText(&d.names)
		return queue.LeaseEnded{ID: s}, err
	}
	return nil, errMalformed
}

// encodeSettings is JSON by Go's field names. A text that JSON cannot hold (which
// is not UTF-8) would come back another one, so it is refused.
func encodeSettings(s *queue.Settings) ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	again, err := decodeSettings(b)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(again.Settings, *s) {
		return nil, errors.New("settings that hold a text which is not UTF-8")
	}
	return b, nil
}

func decodeSettings(b []byte) (queue.SettingsChanged, error) {
	var e queue.SettingsChanged
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&e.Settings); err != nil {
		return e, fmt.Errorf("%w: settings: %w", errMalformed, err)
	}
	return e, nil
}
