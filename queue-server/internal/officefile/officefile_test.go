package officefile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"antrean/queue-server/internal/queue"
	"antrean/shared/config"
	"antrean/shared/ticket"
)

func TestAFileBecomesTheOfficeThatItDescribes(t *testing.T) {
	s, err := Parse("sample.toml", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if s.Office != "sinjai" || s.LastTicket != 30*time.Minute || s.Name["en"] != "Sinjai Mall" || s.Sequences[1].Padding != 3 {
		t.Errorf("office: %+v", s)
	}
	want := queue.Opening{
		Days: []time.Weekday{time.Friday}, Open: 480, Close: 1440,
		Breaks: []queue.Break{{From: 690, To: 780, Reason: "friday_prayer"}, {From: 900, To: 915, Reason: "break"}},
	}
	if d := cmp.Diff(want, s.Opening[1]); d != "" {
		t.Error(d)
	}
	wantService := queue.Service{
		ID: "ktp", Agency: "dukcapil", Sequence: "adm", Name: ticket.Text{"id": "Rekam KTP-el", "en": "Identity card"}, Quota: 100,
		Quotas: map[queue.Channel]int{queue.ChannelKiosk: 80, queue.ChannelBooking: 30}, Target: 45 * time.Minute,
		Order:        queue.Order{Appointment: 1, Priority: 1, Regular: 2, Bound: 10},
		Requirements: []ticket.Text{{"id": "Kartu Keluarga", "en": "Family card"}, {"id": `Surat "pengantar" \ RT`}},
		Opening:      []queue.Opening{{Days: []time.Weekday{time.Monday}, Open: 480, Close: 660}},
	}
	if d := cmp.Diff(wantService, s.Services[0]); d != "" {
		t.Error(d)
	}
	wantCounter := queue.Counter{ID: "loket-1", Label: "1", Agency: "dukcapil", Zone: "a", Services: []ticket.ServiceID{"ktp", "kk"}, Prefers: true, Patience: 4}
	if d := cmp.Diff(wantCounter, s.Counters[0]); d != "" {
		t.Error(d)
	}
	if want := (queue.Return{Minutes: 20, Numbers: 15, Times: 1, Place: "after", After: 3}); s.Rules.Return != want {
		t.Errorf("return: %+v", s.Rules.Return)
	}
	if len(s.Special) != 2 || s.Special[0].Opening[0].Close != 900 || len(s.Holidays) != 2 || s.Holidays[0].Date != "2027-08-17" {
		t.Errorf("dates: %+v, %+v", s.Special, s.Holidays)
	}
	if len(s.Outcomes) != 2 || !s.Outcomes[1].Archived || s.Pauses[0].Code != "istirahat" || s.Parkings[0].Name["id"] != "Fotokopi berkas" {
		t.Errorf("codes: %+v, %+v, %+v", s.Outcomes, s.Pauses, s.Parkings)
	}
	if s.Services[1].Ref != 7 || !s.Agencies[1].Archived {
		t.Errorf("ref or archived lost: %+v, %+v", s.Services[1], s.Agencies[1])
	}
}

// Each change of the sample must be refused on the line of the change.
func TestAMistakeIsToldWithItsLineAndWhatIsAllowed(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for _, c := range []struct {
		name, old, now string
		says           string
	}{
		{"another format", "format = 1", "format = 2", "format = 1"},
		{"an unknown key", `public_url = "https`, `public_ulr = "https`, "public_url"},
		{"an office without an id", `id = "sinjai"`, `id = ""`, "a-z 0-9"},
		{"an id with a slash", `id = "sinjai"`, `id = "sin/jai"`, "a-z 0-9"},
		{"no Indonesian name", `name = { id = "MPP Sinjai", en = "Sinjai Mall" }`, `name = { en = "Sinjai Mall" }`, "Indonesian"},
		{"a language that no screen speaks", `languages = ["id", "en"]`, `languages = ["id", "nl"]`, "id, en"},
		{"a text in a language not offered", `en = "Sinjai Mall"`, `nl = "Sinjai"`, "not among the office's languages"},
		{"languages without Indonesian", `languages = ["id", "en"]`, `languages = ["en"]`, `"id" is missing`},
		{"a language twice", `languages = ["id", "en"]`, `languages = ["id", "id", "en"]`, "twice"},
		{"a bad time zone", "Asia/Makassar", "Asia/Ujungpandangg", "Asia/Jakarta"},
		{"the machine's own zone", "Asia/Makassar", "Local", "Asia/Jakarta"},
		{"an address with a query", "https://antrean.sinjai.example", "https://a.example/?x=1", "no address"},
		{"an address without a scheme", "https://antrean.sinjai.example", "antrean.example", "no address"},
		{"minutes below zero", "last_ticket_minutes = 30", "last_ticket_minutes = -1", "0 to 1440"},
		{"minutes without end", "last_ticket_minutes = 30", "last_ticket_minutes = 9000000000000000000", "0 to 1440"},
		{"an unknown day", `"monday", "tuesday"`, `"monday", "selasa"`, "tuesday"},
		{"a day twice over the same hours", `"monday", "tuesday"`, `"monday", "monday"`, "open from 08:00"},
		{"a day that opens twice", `days = ["friday"]`, `days = ["friday", "tuesday"]`, "tuesday is open from 08:00 to 16:00"},
		{"overlapping hours", `days = ["friday"]`, `days = ["friday", "monday"]`, "monday is open from 08:00 to 16:00"},
		{"a time of day that is none", `open = "08:00"`, `open = "8:00"`, "two digits"},
		{"a time after midnight", `close = "16:00"`, `close = "24:01"`, "two digits"},
		{"a break outside the hours", `to = "13:00", reason = "break"`, `to = "17:00", reason = "break"`, "within 08:00 and 16:00"},
		{"a break over a break", `from = "15:00"`, `from = "12:30"`, "over the one from 11:30"},
		{"an unknown reason", `reason = "friday_prayer"`, `reason = "sleep"`, "break, friday_prayer"},
		{"a voice without end", "times = 2", "times = 4", "1, 2, 3"},
		{"unknown digits", `digits = "each"`, `digits = "all"`, "each, number"},
		{"a control character", `id = "Zona A"`, `id = "Zona\u0000A"`, "cannot be shown"},
		{"a mark that turns the line", `id = "Zona A"`, `id = "Zona\u202eA"`, "turn the line"},
		{"a line end in a name", `id = "Zona A"`, `id = "Zona\nA"`, "cannot be shown"},
		{"a text of 10,000 characters", `id = "Zona A"`, `id = "` + long + `"`, "200 at most"},
		{"an empty text", `id = "Zona A"`, `id = ""`, "empty"},
		{"a space at the end", `id = "Zona A"`, `id = "Zona A "`, "space"},
		{"an id twice", "[[agency]]\nid = \"old\"", "[[agency]]\nid = \"dukcapil\"", "twice"},
		{"a prefix that cannot be spoken", `prefix = "A-"`, `prefix = "a_"`, "A-Z"},
		{"the same prefix", `prefix = "P"`, `prefix = "A-"`, "the same number"},
		{"a prefix that another could print", `prefix = "P"`, `prefix = "A-1"`, "the same number"},
		{"an empty prefix beside digits", "prefix = \"P\"\n", "prefix = \"\"\n[[sequence]]\nid = \"x\"\nprefix = \"12\"\n", "the same number"},
		{"padding of nothing", "padding = 3", "padding = 0", "1 to 6"},
		{"a service of no agency", `agency = "dukcapil"`, `agency = "bpjs"`, "allowed here: dukcapil"},
		{"a service of an archived agency", `agency = "dukcapil"`, `agency = "old"`, "archived"},
		{"a service of no sequence", `sequence = "adm"`, `sequence = "z"`, "adm, pajak"},
		{"a requirement without Indonesian", `{ id = "Kartu Keluarga", en = "Family card" },`, `{ en = "Family card" },`, "Indonesian"},
		{"a quota below zero", "quota = 100", "quota = -100", "no limit"},
		{"a ref that does not fit", "ref = 7", "ref = 70000", "does not fit"},
		{"an unknown closed code", `closed = "closed_by_hand"`, `closed = "malas"`, "closed_by_hand, holiday"},
		{"an unknown service", `services = ["ktp", "kk"]`, `services = ["ktp", "kkk"]`, `"kkk" is not in this file`},
		{"a service twice at a counter", `services = ["ktp", "kk"]`, `services = ["ktp", "ktp"]`, "twice"},
		{"an unknown zone", "zone = \"a\"\nservices = [\"ktp\"", "zone = \"b\"\nservices = [\"ktp\"", `allowed here: a`},
		{"a date that is none", `date = "2027-08-17"`, `date = "2027-02-30"`, "a date like"},
		{"a date in another form", `date = "2027-08-17"`, `date = "17-8-2027"`, "a date like"},
		{"a date twice", `date = "2027-12-25"`, `date = "2027-08-17"`, "twice"},
		{"special hours that end before they begin", `to = "2027-03-09"`, `to = "2027-01-09"`, "having begun on 2027-02-08"},
		{"special hours over others", `from = "2027-12-31"`, `from = "2027-03-01"`, "over those from"},
		{"special hours that are none", `close = "15:00"`, `close = "07:00"`, "later than open"},
		{"a code with a space", `code = "berkas_kurang"`, `code = "berkas kurang"`, "a-z 0-9"},
		{"a code twice", `code = "berkas_kurang"`, `code = "lengkap"`, "twice"},
		{"a code without a name", `name = { id = "Fotokopi berkas" }`, `name = {}`, "Indonesian"},
		{"an unknown place", `place = "after"`, `place = "middle"`, "front, after, back"},
		{"a place behind nobody", "after = 3", "after = 0", "behind how many"},
		{"minutes of a return without end", "minutes = 20", "minutes = 20000", "0 to 1440"},
		{"an unknown channel", "kiosk = 80", "fax = 80", "kiosk, desk, booking"},
		{"a channel's quota of nothing", "kiosk = 80", "kiosk = 0", "1 to 99999"},
		{"a class without a turn", "regular = 2", "regular = 0", "wait for ever"},
		{"an order of an unknown class", "regular = 2", "vip = 2", "vip"},
		{"a bound below zero", "bound = 10", "bound = -1", "ratio alone"},
		{"a target of years", "target_minutes = 45", "target_minutes = 45000", "0 to 1440"},
		{"a patience of nothing", "patience = 4", "patience = 0", "1 to 1000"},
		{"a patience without a preference", "prefers = true\npatience", "prefers = false\npatience", "needs none"},
		{"help by an unknown service", `help = ["kk"]`, `help = ["x"]`, `"x" is not in this file`},
		{"help that is served anyway", "services = []\nhelp", "services = [\"kk\"]\nhelp", "twice"},
		{"a label too long to show", `label = "1"`, `label = "1234567890123"`, "12 at most"},
		{"a label on two counters", "label = \"2\"\nname = { id = \"Meja bantuan\" }\nzone = \"a\"\nservices = []\nhelp = [\"kk\"]\narchived = true", "label = \"1\"\nzone = \"a\"", "two counters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("sample.toml", []byte(with(c.old, c.now)))
			var e *config.Error
			if !errors.As(err, &e) {
				t.Fatalf("accepted, or no *config.Error: %v", err)
			}
			first := 1 + strings.Count(sample[:strings.Index(sample, c.old)], "\n")
			last := first + strings.Count(c.now, "\n")
			if e.File != "sample.toml" || e.Line < first || e.Line > last {
				t.Errorf("told of line %d, want %d to %d: %v", e.Line, first, last, e)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
			if len(err.Error()) > 2000 {
				t.Errorf("the message has %d bytes", len(err.Error()))
			}
		})
	}
}

func TestAnArchivedSequenceLeavesItsPrefixToAnother(t *testing.T) {
	free := with("id = \"pajak\"\nprefix = \"P\"", "id = \"pajak\"\nprefix = \"A-\"\narchived = true")
	if _, err := Parse("f", []byte(free)); err != nil {
		t.Error(err)
	}
}

func TestSeveralMistakesAreToldInTheOrderOfTheFile(t *testing.T) {
	bad := strings.NewReplacer(`close = "16:00"`, `close = "07:00"`, "times = 2", "times = 9", `zone = "a"`, `zone = "q"`).Replace(sample)
	_, err := Parse("f", []byte(bad))
	var es config.Errors
	if !errors.As(err, &es) || len(es) < 4 {
		t.Fatalf("want four mistakes or more, got %v", err)
	}
	for i := range es[1:] {
		if es[i].Line > es[i+1].Line {
			t.Errorf("line %d is told before line %d", es[i].Line, es[i+1].Line)
		}
	}
}

func TestExportThenImportIsTheSameOffice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyOffice(t)
		data, err := Export(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse("export.toml", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s\n%s", d, data)
		}
		if _, err := (queue.ChangeSettings{Settings: got}).Decide(queue.New("o1"), queue.Moment{}); err != nil {
			t.Fatalf("the core refuses what the file allows: %v\n%s", err, data)
		}
	})
}

func TestSettingsThatAreNoOfficeAreNotWritten(t *testing.T) {
	if data, err := Export(queue.Settings{}); err == nil {
		t.Errorf("written: %s", data)
	}
}

// The offices that come with the program, as they are counted in the issue.
func TestTheOfficesThatComeWithTheProgramAreReal(t *testing.T) {
	for _, c := range []struct {
		file, zone                                        string
		zones, agencies, services, sequences, counters, n int
	}{
		{"sinjai.toml", "Asia/Makassar", 2, 27, 114, 40, 30, 60},
		{"bengkulu-tengah.toml", "Asia/Jakarta", 1, 12, 38, 14, 12, 15},
		{"demo.toml", "Asia/Makassar", 2, 6, 16, 8, 8, 8},
	} {
		t.Run(c.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "..", "..", "deploy", "offices", c.file))
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(c.file, data)
			if err != nil {
				t.Fatal(err)
			}
			got := []int{len(s.Zones), len(s.Agencies), len(s.Services), len(s.Sequences), len(s.Counters)}
			if want := []int{c.zones, c.agencies, c.services, c.sequences, c.counters}; !cmp.Equal(got, want) {
				t.Errorf("zones, agencies, services, sequences, counters: %v, want %v", got, want)
			}
			if s.TimeZone != c.zone {
				t.Errorf("time zone %s", s.TimeZone)
			}
			needs := 0
			for _, v := range s.Services {
				if v.Name["en"] == "" {
					t.Errorf("service %s has no English name", v.ID)
				}
				if len(v.Requirements) > 0 {
					needs++
				}
			}
			if needs < c.n {
				t.Errorf("%d services say what to bring, want %d", needs, c.n)
			}
			everyServiceIsServed(t, s)
			again, err := Export(s)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := Parse("again", again); err != nil || !cmp.Equal(back, s) {
				t.Errorf("exported, it is another office (%v)", err)
			}
		})
	}
}

func everyServiceIsServed(t *testing.T, s queue.Settings) {
	t.Helper()
	served, used, drawn := map[ticket.ServiceID]bool{}, map[ticket.AgencyID]bool{}, map[ticket.SequenceID]bool{}
	for _, k := range s.Counters {
		for _, id := range k.Services {
			served[id] = true
		}
	}
	for _, v := range s.Services {
		used[v.Agency], drawn[v.Sequence] = true, true
		if !served[v.ID] {
			t.Errorf("no counter serves %s", v.ID)
		}
	}
	for _, a := range s.Agencies {
		if !used[a.ID] {
			t.Errorf("agency %s has no service", a.ID)
		}
	}
	for _, q := range s.Sequences {
		if !drawn[q.ID] {
			t.Errorf("nothing draws from sequence %s", q.ID)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(with(`"monday", "tuesday"`, `"monday", 7`)))
	f.Add([]byte("format = 1\n[[service]]\n[[service.opening]]\nbreaks = [{}]\n"))
	f.Add([]byte("format = 1\noffice.name.id = \"\\u202e\"\n[[counter]]\nservices = [\"\"]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("f.toml", data)
		if err != nil {
			if e := (*config.Error)(nil); !errors.As(err, &e) || e.File != "f.toml" {
				t.Errorf("a mistake without its file: %v", err)
			}
			return
		}
		out, err := Export(s)
		if err != nil {
			t.Fatalf("read, but not written: %v", err)
		}
		if again, err := Parse("f.toml", out); err != nil || !cmp.Equal(s, again) {
			t.Errorf("another office after export (%v)\n%s", err, out)
		}
	})
}
