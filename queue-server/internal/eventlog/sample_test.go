package eventlog

import (
	"fmt"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

const (
	sinjai = ticket.OfficeID("sinjai")
	banda  = ticket.OfficeID("banda-aceh")
)

var morning = time.Date(2026, 3, 2, 0, 5, 0, 123000, time.UTC) // 08.05 WITA

// part is n records of an office after expected, each another event of a visit.
func part(office ticket.OfficeID, expected uint64, n int) Part {
	p := Part{Office: office, Expected: expected}
	for i := range n {
		p.Records = append(p.Records, visit(office, expected+1+uint64(i)))
	}
	return p
}

// visit is a record as an office has thousands a day: six events make a visit, the
// first two of which hold a command.
func visit(office ticket.OfficeID, seq uint64) queue.Record {
	at := morning.Add(time.Duration(seq) * 4 * time.Second)
	n := (seq - 1) / 6
	first := queue.Ref(n*6 + 1)
	r := queue.Record{
		Office: office, Seq: seq, Day: 61, At: at, Plausible: true, Time: queue.InstantOf(at),
		Actor: queue.Actor{Kind: queue.ActorAccount, ID: fmt.Sprintf("0198c0de-1111-7000-8000-%012d", n%30)}, Counter: ticket.CounterID(fmt.Sprintf("loket-%d", n%30+1)),
	}
	command := &queue.Command{
		Key: fmt.Sprintf("0198c0de-2222-7000-8000-%012d", seq), Count: 1, MAC: []byte(fmt.Sprintf("%016d", seq)), MACKey: 61,
		Answer: queue.Answer{Ticket: first, State: ticket.Waiting},
	}
	switch (seq - 1) % 6 {
	case 0:
		r.Actor, r.Counter, r.Command, r.Device = queue.Actor{Kind: queue.ActorDevice, ID: "0198c0de-3333-7000-8000-000000000001"}, "", command, at.Add(-time.Second)
		r.Event = queue.Issued{
			Ticket: ticketID(seq), Service: ticket.ServiceID(fmt.Sprintf("layanan-%d", n%114)),
			Number: ticket.Number{Sequence: "a", N: int(n%1000) + 1, Text: fmt.Sprintf("A-%03d", n%1000+1)},
			Class:  ticket.Regular, Language: "id", Rank: r.Time, Ahead: int(n % 40),
		}
	case 1:
		r.Actor, r.Counter = queue.Actor{Kind: queue.ActorDevice, ID: "0198c0de-3333-7000-8000-000000000001"}, ""
		r.Event = queue.Printed{Ticket: first, State: "confirmed"}
	case 2:
		r.Command = command
		r.Event = queue.Called{Ticket: first, Pick: queue.Pick{Rule: queue.LongestWait, Heads: []queue.Head{{Service: 4, Ticket: first}, {Service: 17, Ticket: first + 6}}}}
	case 3:
		r.Actor, r.Counter = queue.Actor{Kind: queue.ActorDevice, ID: "0198c0de-4444-7000-8000-000000000001"}, ""
		r.Event = queue.Spoken{Announcements: []uint64{uint64(first)}}
	case 4:
		r.Event = queue.Started{Ticket: first}
	default:
		r.Event = queue.Finished{Ticket: first, Outcome: "selesai"}
	}
	return r
}

func ticketID(n uint64) ticket.ID {
	id := ticket.ID{0x01, 0x98, 0xc0, 0xde, 0, 0, 0x70, 0, 0x80}
	for i := range 7 {
		id[15-i] = byte(n >> (8 * i))
	}
	return id
}

// everyKind is one event of each type, with every field set, in the order of their
// numbers.
func everyKind() []queue.Event {
	return []queue.Event{
		queue.EpochBegun{ID: "0198c0de-0000-4000-8000-00000000000e", Gap: 200},
		queue.SettingsChanged{Settings: sampleSettings()},
		queue.ClockFollowed{From: -62135596800000000},
		queue.DayOpened{Number: 61, Date: "2026-03-02"},
		queue.DayClosed{Number: 60},
		queue.Issued{
			Ticket: ticketID(7), Service: "ktp-el", Number: ticket.Number{Sequence: "a", N: 17, Text: "A-017"},
			Class: ticket.Priority, Language: "en", Rank: queue.InstantOf(morning), Ahead: 12, Channel: queue.ChannelBooking,
			Slot: queue.Slot{From: morning, To: morning.Add(30 * time.Minute)}, Lease: "l-1", Late: queue.RankOfReach,
		},
		queue.Called{Ticket: 6, Pick: queue.Pick{Rule: queue.LongestWait, Turn: queue.ByRatio, Heads: []queue.Head{{Service: 1, Ticket: 6}, {Service: 65535, Ticket: 1 << 40}}}},
		queue.Recalled{Ticket: 6},
		queue.Started{Ticket: 6},
		queue.Finished{Ticket: 6, Outcome: "berkas_kurang", Next: "kk", Rank: queue.InstantOf(morning)},
		queue.MissedCall{Ticket: 300},
		queue.Cancelled{Ticket: 70000},
		queue.CounterOpened{Session: "s-2", TookOver: "s-1"},
		queue.CounterClosed{},
		queue.Printed{Ticket: 6, State: "failed", Detail: "paper_out"},
		queue.Spoken{Announcements: []uint64{7, 8, 1 << 33}},
		queue.Returned{Ticket: 6, Rank: queue.InstantOf(morning)},
		queue.Parked{Ticket: 6, Reason: "fotokopi"},
		queue.Unparked{Ticket: 6},
		queue.Transferred{Ticket: 6, Service: "kk", To: "loket-4", Rank: queue.InstantOf(morning)},
		queue.ServiceAdded{Ticket: 6, Service: "akta"},
		queue.ClassChanged{Ticket: 6, Class: ticket.Priority},
		queue.Due{Ticket: 6},
		queue.Undone{Seq: 1 << 33},
		queue.CounterPaused{Reason: "istirahat"},
		queue.CounterResumed{},
		queue.Forced{Service: "ktp-el", Open: true, Lifted: true, Reason: "emergency", Until: morning.Add(time.Hour)},
		queue.Leased{
			ID: "l-1", Device: "0198c0de-3333-7000-8000-000000000001", Sequence: "a", From: 201, To: 300,
			Shares: map[ticket.ServiceID]int{"ktp-el": 0, "kk": 12},
		},
		queue.LeaseEnded{ID: "l-1"},
	}
}

func sampleSettings() queue.Settings {
	hours := []queue.Opening{{
		Days: []time.Weekday{time.Monday, time.Friday}, Open: 480, Close: 960,
		Breaks: []queue.Break{{From: 690, To: 780, Reason: "friday_prayer"}},
	}}
	return queue.Settings{
		Office: sinjai, Name: ticket.Text{"id": "MPP Sinjai", "en": "Sinjai MPP"}, TimeZone: "Asia/Makassar", Languages: []string{"id", "en"},
		PublicURL: "https://antrean.example", LastTicket: 30 * time.Minute, Opening: hours, Voice: queue.Voice{Times: 2, Digits: "each"},
		Special:   []queue.Special{{From: "2027-02-08", To: "2027-03-09", Name: ticket.Text{"id": "Ramadan"}, Opening: hours}},
		Holidays:  []queue.Holiday{{Date: "2027-08-17", Name: ticket.Text{"id": "Hari Kemerdekaan"}}},
		Rules:     queue.Rules{TransferToBack: true, JourneyToBack: true, Return: queue.Return{Minutes: 20, Numbers: 15, Times: 2, Place: "after", After: 3}},
		Outcomes:  []queue.Code{{Code: "berkas_kurang", Name: ticket.Text{"id": "Berkas kurang"}, Archived: true}},
		Pauses:    []queue.Code{{Code: "istirahat", Name: ticket.Text{"id": "Istirahat"}}},
		Parkings:  []queue.Code{{Code: "fotokopi", Name: ticket.Text{"id": "Fotokopi"}}},
		Zones:     []queue.Zone{{ID: "a", Name: ticket.Text{"id": "Ruang A"}}},
		Agencies:  []queue.Agency{{ID: "dukcapil", Name: ticket.Text{"id": "Dukcapil"}}},
		Sequences: []queue.Sequence{{ID: "a", Prefix: "A-", Padding: 3}},
		Services: []queue.Service{{
			ID: "ktp-el", Ref: 1, Agency: "dukcapil", Sequence: "a", Name: ticket.Text{"id": "KTP-el"},
			Requirements: []ticket.Text{{"id": "Kartu keluarga"}}, Opening: hours, Quota: 40, Closed: "full", Archived: true,
			Quotas: map[queue.Channel]int{queue.ChannelKiosk: 30}, Target: 45 * time.Minute,
			Order: queue.Order{Appointment: 1, Priority: 1, Regular: 2, Bound: 10},
		}},
		Counters: []queue.Counter{{ID: "loket-3", Ref: 3, Label: "3", Name: ticket.Text{"id": "Loket 3"}, Agency: "dukcapil", Zone: "a", Services: []ticket.ServiceID{"ktp-el"}, Help: []ticket.ServiceID{"kk"}, Prefers: true, Patience: 3}},
	}
}

// everyRecord is a log of one office that holds every kind of event, and every
// field of a record in both its ends.
func everyRecord() []queue.Record {
	var records []queue.Record
	for i, e := range everyKind() {
		r := queue.Record{Office: sinjai, Seq: uint64(i + 1), At: morning.Add(time.Duration(i) * time.Second), Event: e}
		r.Time = queue.InstantOf(r.At)
		switch i % 4 {
		case 0: // the barest record there is
			r.At, r.Time = time.Time{}, 0
		case 1: // the clock came back in 1970
			r.At, r.Device, r.Plausible = time.UnixMicro(0).UTC(), time.UnixMicro(-1).UTC(), false
		case 2:
			r.Day, r.Plausible = 61, true
			r.Actor = queue.Actor{Kind: queue.ActorCommandLine, ID: "root"}
			r.Command = &queue.Command{Key: "k"}
		default:
			r.Day, r.Plausible, r.Device, r.Counter = 61, true, r.At.Add(-time.Minute), "loket-3"
			r.Actor = queue.Actor{Kind: queue.ActorAccount, ID: "0198c0de-1111-7000-8000-000000000001"}
			r.Command = &queue.Command{
				Key:   "0198c0de-2222-7000-8000-000000000001, and a key as long as somebody may make it, which is longer than a hundred and twenty-eight bytes",
				Count: 2, MAC: []byte("0123456789abcdef"), MACKey: 61, Answer: queue.Answer{Ticket: 6, State: ticket.Called},
			}
		}
		records = append(records, r)
	}
	return records
}
