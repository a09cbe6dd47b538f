package story

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Tell is the story of a printed number of a business day (2006-01-02; empty: the
// open day, or the last one), in a language of the house. It costs the records from
// the day's first to the moment at which the office forgets its tickets.
func (t *Teller) Tell(ctx context.Context, office ticket.OfficeID, number, day, lang string) (wire.Story, error) {
	number, err := goodNumber(number)
	if err != nil {
		return wire.Story{}, err
	}
	if err := t.enter(ctx); err != nil {
		return wire.Story{}, err
	}
	defer t.leave()
	d, err := t.findDay(ctx, office, strings.TrimSpace(day))
	if err != nil {
		return wire.Story{}, err
	}
	st, err := t.at(ctx, office, d.seq-1)
	if err != nil {
		return wire.Story{}, err
	}
	told, err := t.follow(ctx, st, d, number, language(lang))
	if err != nil {
		return wire.Story{}, err
	}
	if told == nil {
		return wire.Story{}, ErrNoSuchNumber.With("number", number).With("day", d.date)
	}
	return wire.Story{Number: told.number, Day: d.date, Sentences: told.lines}, nil
}

// maxNumber is how many characters of a printed number are looked for: a prefix has
// a few, and the number six digits.
const maxNumber = 40

// goodNumber is a number as somebody typed it, or the refusal of what is none.
func goodNumber(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 4*maxNumber || !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxNumber {
		return "", ErrBadNumber
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) { // control bytes, marks that turn the line around
		return "", ErrBadNumber
	}
	return s, nil
}

// openDay is a business day of the log.
type openDay struct {
	number int
	date   string
	seq    uint64 // of the event that opened it
}

// findDay finds a business day by its date.
func (t *Teller) findDay(ctx context.Context, office ticket.OfficeID, date string) (openDay, error) {
	last, err := t.head(office)
	if err != nil {
		return openDay{}, err
	}
	if date != "" {
		if at, err := time.Parse(time.DateOnly, date); err != nil || at.Format(time.DateOnly) != date {
			return openDay{}, ErrBadDay
		}
	}
	end, err := t.record(ctx, office, last)
	if err != nil {
		return openDay{}, err
	}
	if end.Day == 0 {
		return openDay{}, ErrNoDayYet
	}
	number := end.Day
	if date != "" {
		st, err := t.at(ctx, office, last)
		if err != nil {
			return openDay{}, err
		}
		if number = st.DayOn(date); number == 0 {
			return openDay{}, ErrNoSuchDay.With("day", date).With("last", st.Day().Date)
		}
	}
	seq, err := t.search(ctx, office, last, func(r *queue.Record) bool { return r.Day >= number })
	if err != nil {
		return openDay{}, err
	}
	first, err := t.record(ctx, office, seq)
	if err != nil {
		return openDay{}, err
	}
	opened, ok := first.Event.(queue.DayOpened)
	if !ok || opened.Number != number {
		return openDay{}, errors.New("the log has no beginning of business day " + strconv.Itoa(number))
	}
	return openDay{number, opened.Date, seq}, nil
}

// follow folds the log on from the day's first record, and has whoever bears the
// number followed. Where two numbers differ in their case alone, the exact one is
// meant; nil: nobody bears it.
func (t *Teller) follow(ctx context.Context, st *queue.State, d openDay, number, lang string) (*narrator, error) {
	var told []*narrator
	err := t.log.Read(ctx, st.Office(), d.seq, 0, func(r *queue.Record) error {
		for _, n := range told {
			n.before(st, r)
		}
		st.Apply(r)
		if e, ok := r.Event.(queue.Issued); ok && strings.EqualFold(e.Number.Text, number) {
			if k := st.Ticket(queue.Ref(r.Seq)); k != nil && k.Day == d.number {
				told = append(told, t.narrator(st, k, lang))
			}
		}
		for _, n := range told {
			n.after(st, r)
		}
		if st.OldestDay() > d.number {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	var found *narrator
	for _, n := range told {
		if found == nil || n.number == number {
			found = n
		}
	}
	return found, nil
}
