package story

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/reason"
	"antrean/shared/ticket"
)

func TestWhatIsNotThereIsRefusedAndSaysWhatToDo(t *testing.T) {
	h := newHall(t)
	h.take("ktp", ticket.Regular)
	teller := h.teller()
	tell := func(office, number, day string) error {
		_, err := teller.Tell(t.Context(), ticket.OfficeID(office), number, day, "id")
		return err
	}
	look := func(at string) error {
		_, err := teller.At(t.Context(), "uji", at, "id")
		return err
	}
	long := strings.Repeat("A", 10_000)
	for name, c := range map[string]struct {
		err  error
		want *reason.Refusal
	}{
		"another office":           {tell("lain", "A-001", ""), ErrNoSuchOffice},
		"a number not given":       {tell("uji", "A-002", ""), ErrNoSuchNumber},
		"no number":                {tell("uji", "  ", ""), ErrBadNumber},
		"a number without end":     {tell("uji", long, ""), ErrBadNumber},
		"control bytes":            {tell("uji", "A-\x00\x1b[2J001", ""), ErrBadNumber},
		"a mark that turns a line": {tell("uji", "A-\u202e001", ""), ErrBadNumber},
		"broken UTF-8":             {tell("uji", "A-\xff001", ""), ErrBadNumber},
		"an emoji":                 {tell("uji", "A-😀", ""), ErrNoSuchNumber},
		"a day without numbers":    {tell("uji", "A-001", "2026-11-24"), ErrNoSuchDay},
		"no day":                   {tell("uji", "A-001", "yesterday"), ErrBadDay},
		"a day without end":        {tell("uji", "A-001", long), ErrBadDay},
		"a day that is none":       {tell("uji", "A-001", "2026-02-30"), ErrBadDay},
		"event 0":                  {look("0"), ErrNoSuchEvent},
		"an event to come":         {look("99999"), ErrNoSuchEvent},
		"an event without end":     {look(strings.Repeat("9", 39)), ErrNoSuchEvent},
		"no time":                  {look("soon"), ErrBadMoment},
		"a time without end":       {look(long), ErrBadMoment},
		"a time before the first":  {look("2026-11-23 08:59"), ErrBeforeFirst},
		"a year ago":               {look("2025-11-23T09:00:00+08:00"), ErrBeforeFirst},
	} {
		r, ok := reason.Of(c.err)
		if !ok || !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
			continue
		}
		for _, lang := range i18n.Languages {
			args := i18n.Args{}
			for k, v := range r.Args {
				args[k] = v
			}
			if text := i18n.Text(lang, "refusal."+r.Code, args); strings.Contains(text, "<no value>") || strings.HasPrefix(text, "refusal.") || len(text) > 400 {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

func TestAnOfficeWithoutADaySaysSo(t *testing.T) {
	h := &hall{t: t, log: eventlog.NewMemory(eventlog.Options{}), st: queue.New("uji"), now: queue.Moment{Wall: monday, Plausible: true, Office: queue.InstantOf(monday)}}
	h.append(system, nil, "", queue.EpochBegun{ID: "e1"})
	if _, err := h.teller().Tell(t.Context(), "uji", "A-001", "", "id"); !errors.Is(err, ErrNoDayYet) {
		t.Error(err)
	}
	p, err := h.teller().At(t.Context(), "uji", "1", "en")
	if err != nil || p.Seq != 1 || p.Day.Number != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	clean(t, p.Print("en"))
}

func FuzzWhateverIsAskedIsAnsweredOrRefused(f *testing.F) {
	h := &hall{t: f, log: eventlog.NewMemory(eventlog.Options{}), st: queue.New("uji"), by: officer, now: queue.Moment{Wall: monday, Plausible: true, Office: queue.InstantOf(monday)}}
	h.append(system, nil, "", queue.EpochBegun{ID: "e1"})
	h.must(queue.ChangeSettings{Settings: office()})
	h.openCounters()
	h.take("ktp", ticket.Priority)
	h.pass(time.Minute)
	h.call("1")
	for _, s := range []string{"A-001", "a-001", "", "3", "2026-11-23", "2026-11-23 09:00", "09:00", "9:00", "2026-11-23T09:00:00+08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "\x00", "A-\u202e", strings.Repeat("9", 10_000)} {
		f.Add("uji", s, s, s, s)
	}
	f.Fuzz(func(t *testing.T, office, number, day, at, lang string) {
		told, err := h.teller().Tell(t.Context(), ticket.OfficeID(office), number, day, lang)
		if _, refused := reason.Of(err); err != nil && !refused {
			t.Errorf("Tell: a fault: %v", err)
		}
		clean(t, strings.Join(lines(told), "\n"))
		p, err := h.teller().At(t.Context(), ticket.OfficeID(office), at, lang)
		r, refused := reason.Of(err)
		if err != nil && !refused {
			t.Errorf("At: a fault: %v", err)
		}
		if refused {
			for _, v := range r.Args {
				if len(v) > 4*maxNumber || !utf8.ValidString(v) {
					t.Errorf("%s has the argument %q", r.Code, v)
				}
			}
			return
		}
		clean(t, p.Print(lang))
	})
}
