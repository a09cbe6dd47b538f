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

[[counter]]
id = "loket-2"
label = "2"
name = { id = "Meja bantuan" }
zone = "a"
services = []
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
			if rapid.Bool().Draw(t, "serves") {
				k.Services = append(k.Services, v.ID)
			}
		}
		if len(s.Agencies) > 0 && rapid.Bool().Draw(t, "of an agency") {
			k.Agency = s.Agencies[0].ID
		}
		s.Counters = append(s.Counters, k)
	}
	return s
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
