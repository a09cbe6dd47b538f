package officefile

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// sample is a small office with one of everything.
const sample = `format = 1

[office]
id = "sinjai"
name = { id = "MPP Sinjai", en = "Sinjai Mall" }
time_zone = "Asia/Makassar"
languages = ["id", "en"]
public_url = "https://antrean.sinjai.example"
last_ticket_minutes = 30

[[office.opening]]
days = ["monday", "tuesday"]
open = "08:00"
close = "16:00"
breaks = [{ from = "12:00", to = "13:00", reason = "break" }]

[[office.opening]]
days = ["friday"]
open = "08:00"
close = "24:00"
breaks = [
  { from = "11:30", to = "13:00", reason = "friday_prayer" },
  { from = "15:00", to = "15:15", reason = "break" },
]

[office.return]
minutes = 20
numbers = 15
times = 1
place = "after"
after = 3

[[special]]
from = "2027-02-08"
to = "2027-03-09"
name = { id = "Jam Ramadan", en = "Ramadan hours" }

[[special.opening]]
days = ["monday", "thursday"]
open = "08:00"
close = "15:00"

[[special]]
from = "2027-12-31"
to = "2027-12-31"
name = { id = "Tutup buku" }

[[holiday]]
date = "2027-08-17"
name = { id = "Hari Kemerdekaan", en = "Independence Day" }

[[holiday]]
date = "2027-12-25"
name = { id = "Natal" }

[[outcome]]
code = "lengkap"
name = { id = "Selesai", en = "Done" }

[[outcome]]
code = "berkas_kurang"
name = { id = "Berkas kurang" }
archived = true

[[pause]]
code = "istirahat"
name = { id = "Istirahat" }

[[parking]]
code = "fotokopi"
name = { id = "Fotokopi berkas" }

[voice]
times = 2
digits = "each"

[[zone]]
id = "a"
name = { id = "Zona A" }

[[agency]]
id = "dukcapil"
name = { id = "Dukcapil", en = "Civil Registry" }

[[agency]]
id = "old"
name = { id = "Lama" }
archived = true

[[sequence]]
id = "adm"
prefix = "A-"
padding = 3

[[sequence]]
id = "pajak"
prefix = "P"

[[service]]
id = "ktp"
agency = "dukcapil"
sequence = "adm"
name = { id = "Rekam KTP-el", en = "Identity card" }
requirements = [
  { id = "Kartu Keluarga", en = "Family card" },
  { id = "Surat \"pengantar\" \\ RT" },
]
quota = 100
quotas = { kiosk = 80, booking = 30 }
target_minutes = 45
order = { appointment = 1, priority = 1, regular = 2, bound = 10 }

[[service.opening]]
days = ["monday"]
open = "08:00"
close = "11:00"

[[service]]
id = "kk"
ref = 7
agency = "dukcapil"
sequence = "adm"
name = { id = "Kartu Keluarga" }
closed = "closed_by_hand"

[[counter]]
id = "loket-1"
label = "1"
agency = "dukcapil"
zone = "a"
services = ["ktp", "kk"]
prefers = true
patience = 4

[[counter]]
id = "loket-2"
label = "2"
name = { id = "Meja bantuan" }
zone = "a"
services = []
help = ["kk"]
archived = true
`

// anyOffice draws settings that Check accepts, in the form that Parse gives them.
func anyOffice(t *rapid.T) queue.Settings {
	id := func(label string, n int) string { return fmt.Sprintf("%s-%d", label, n) }
	plain := rapid.Map(rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ 0'\"\\#[]{}=,.-ñ字🙂{{")), 1, 40, -1),
		func(s string) string { return "T" + s + "." })
	some := func(t *rapid.T, label string) ticket.Text {
		x := ticket.Text{"id": plain.Draw(t, label)}
		if rapid.Bool().Draw(t, label+" en") {
			x["en"] = plain.Draw(t, label+" in English")
		}
		return x
	}
	yes := func(label string) bool { return rapid.Float64().Draw(t, label) < 0.1 }
	s := queue.Settings{
		Office: "o1", Name: some(t, "name"), Languages: []string{"id", "en"},
		TimeZone:   rapid.SampledFrom(indonesianZones).Draw(t, "zone"),
		PublicURL:  rapid.SampledFrom([]string{"", "http://10.0.0.1:8080", "https://a.example/x/"}).Draw(t, "url"),
		LastTicket: time.Duration(rapid.IntRange(0, 1440).Draw(t, "last")) * time.Minute,
		Opening:    anyHours(t),
		Voice:      queue.Voice{Times: rapid.IntRange(1, 3).Draw(t, "times"), Digits: rapid.SampledFrom([]string{"each", "number"}).Draw(t, "digits")},
	}
	anyRules(t, &s, some)
	for i := range rapid.IntRange(0, 3).Draw(t, "zones") {
		s.Zones = append(s.Zones, queue.Zone{ID: ticket.ZoneID(id("z", i)), Name: some(t, "zone name"), Archived: i > 0 && yes("z")})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "agencies") {
		s.Agencies = append(s.Agencies, queue.Agency{ID: ticket.AgencyID(id("i", i)), Name: some(t, "agency"), Archived: i > 0 && yes("i")})
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "sequences") {
		s.Sequences = append(s.Sequences, queue.Sequence{
			ID: ticket.SequenceID(id("q", i)), Prefix: string(rune('A'+i)) + rapid.SampledFrom([]string{"", "-", "1", "9/"}).Draw(t, "prefix"),
			Padding: rapid.IntRange(1, 6).Draw(t, "padding"), Archived: i > 0 && yes("q"),
		})
	}
	if len(s.Agencies) > 0 && len(s.Sequences) > 0 {
		for i := range rapid.IntRange(0, 6).Draw(t, "services") {
			v := queue.Service{
				ID: ticket.ServiceID(id("s", i)), Agency: s.Agencies[0].ID, Sequence: s.Sequences[0].ID, Name: some(t, "service"),
				Quota: rapid.IntRange(0, 500).Draw(t, "quota"), Archived: yes("s"), Opening: anyHours(t),
				Closed: rapid.SampledFrom([]string{"", "", "closed_by_hand", "holiday"}).Draw(t, "closed"),
			}
			v.Target = time.Duration(rapid.IntRange(0, 120).Draw(t, "target")) * time.Minute
			for _, by := range []queue.Channel{queue.ChannelKiosk, queue.ChannelDesk, queue.ChannelBooking} {
				if rapid.Bool().Draw(t, "a channel's quota") {
					if v.Quotas == nil {
						v.Quotas = map[queue.Channel]int{}
					}
					v.Quotas[by] = rapid.IntRange(1, 300).Draw(t, "of the channel")
				}
			}
			if rapid.Bool().Draw(t, "classes") {
				turn := func(of string) int { return rapid.IntRange(0, 5).Draw(t, of) }
				v.Order = queue.Order{Appointment: turn("appointment"), Priority: turn("priority"), Regular: 1 + turn("regular"), Bound: turn("bound")}
			}
			if rapid.Bool().Draw(t, "has a ref") {
				v.Ref = uint16(i + 1)
			}
			for range rapid.IntRange(0, 3).Draw(t, "requirements") {
				v.Requirements = append(v.Requirements, some(t, "requirement"))
			}
			s.Services = append(s.Services, v)
		}
	}
	if len(s.Zones) == 0 {
		return s
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "counters") {
		k := queue.Counter{ID: ticket.CounterID(id("c", i)), Label: fmt.Sprint(i + 1), Zone: s.Zones[0].ID, Archived: yes("c")}
		if rapid.Bool().Draw(t, "named") {
			k.Name, k.Ref = some(t, "counter"), uint16(i+1)
		}
		for _, v := range s.Services {
			switch rapid.IntRange(0, 2).Draw(t, "serves") {
			case 1:
				k.Services = append(k.Services, v.ID)
			case 2:
				k.Help = append(k.Help, v.ID)
			}
		}
		if rapid.Bool().Draw(t, "prefers") {
			k.Prefers, k.Patience = true, rapid.IntRange(1, 20).Draw(t, "patience")
		}
		if len(s.Agencies) > 0 && rapid.Bool().Draw(t, "of an agency") {
			k.Agency = s.Agencies[0].ID
		}
		s.Counters = append(s.Counters, k)
	}
	served := map[ticket.ServiceID]bool{}
	for _, k := range s.Counters {
		for _, id := range k.Services {
			served[id] = served[id] || !k.Archived
		}
	}
	for i := range s.Counters { // nobody may only be helped with
		var help []ticket.ServiceID
		for _, id := range s.Counters[i].Help {
			if served[id] || s.Counters[i].Archived {
				help = append(help, id)
			}
		}
		s.Counters[i].Help = help
	}
	return s
}

// anyRules draws what stands between the office and its furniture.
func anyRules(t *rapid.T, s *queue.Settings, some func(*rapid.T, string) ticket.Text) {
	s.Rules.TransferToBack, s.Rules.JourneyToBack = rapid.Bool().Draw(t, "transfer"), rapid.Bool().Draw(t, "journey")
	r := &s.Rules.Return
	r.Minutes, r.Numbers = rapid.IntRange(0, 60).Draw(t, "minutes"), rapid.IntRange(0, 60).Draw(t, "numbers")
	r.Times, r.Place = rapid.IntRange(0, 3).Draw(t, "times"), rapid.SampledFrom([]string{"", "front", "after", "back"}).Draw(t, "place")
	if r.Place == queue.PlaceAfter {
		r.After = rapid.IntRange(1, 9).Draw(t, "after")
	}
	day := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	next := func() string {
		day = day.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days"))
		return day.Format(time.DateOnly)
	}
	for range rapid.IntRange(0, 2).Draw(t, "specials") {
		s.Special = append(s.Special, queue.Special{From: next(), To: next(), Name: some(t, "special"), Opening: anyHours(t)})
	}
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		s.Holidays = append(s.Holidays, queue.Holiday{Date: next(), Name: some(t, "holiday")})
	}
	for _, list := range []*[]queue.Code{&s.Outcomes, &s.Pauses, &s.Parkings} {
		for i := range rapid.IntRange(0, 3).Draw(t, "codes") {
			*list = append(*list, queue.Code{Code: fmt.Sprintf("code_%d", i), Name: some(t, "code"), Archived: rapid.Bool().Draw(t, "retired")})
		}
	}
}

func anyHours(t *rapid.T) []queue.Opening {
	var all []queue.Opening
	for d := range 7 {
		if !rapid.Bool().Draw(t, "open that day") {
			continue
		}
		o := queue.Opening{Days: []time.Weekday{time.Weekday(d)}}
		o.Open = queue.Minute(rapid.IntRange(0, 700).Draw(t, "open"))
		o.Close = queue.Minute(rapid.IntRange(800, 1440).Draw(t, "close"))
		if rapid.Bool().Draw(t, "break") {
			o.Breaks = append(o.Breaks, queue.Break{From: 710, To: 740, Reason: rapid.SampledFrom(breakReasons).Draw(t, "why")})
		}
		if rapid.Bool().Draw(t, "another") {
			o.Breaks = append(o.Breaks, queue.Break{From: 740, To: 741, Reason: "break"})
		}
		all = append(all, o)
	}
	return all
}

// with is the sample with one thing changed.
func with(old, now string) string {
	if strings.Count(sample, old) == 0 {
		panic("the sample has no " + old)
	}
	return strings.Replace(sample, old, now, 1)
}
