package eventlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"antrean/queue-server/internal/queue"
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
		kind, b = kindFinished, putText(putUint(b, 1, uint64(e.Ticket)), 2, e.Outcome)
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
		_, err := f.onlyNumber()
		return queue.CounterClosed{}, err
	case kindPrinted:
		return d.printed(f)
	case kindSpoken:
		return d.spoken(f)
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
