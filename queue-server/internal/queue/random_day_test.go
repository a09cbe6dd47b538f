package queue

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"antrean/shared/ticket"
)

// dayCommand is a command about the day, its calendar or its leases; old ids and
// leases come again and again, also long after their day.
func dayCommand(rt *rapid.T, h *hall, id ticket.ID, known *[]ticket.ID) Ask {
	lease := rapid.SampledFrom([]string{"l1", "l2", "l3", "l4", "l5"}).Draw(rt, "lease")
	device := ticket.DeviceID(rapid.SampledFrom([]string{"k1", "k1", "k1", "k2"}).Draw(rt, "device"))
	service := ticket.ServiceID(rapid.SampledFrom([]string{"ktp", "kk", "akta", "akta", "", "none"}).Draw(rt, "of service"))
	switch rapid.IntRange(0, 12).Draw(rt, "day command") {
	case 0, 1:
		return GrantLease{
			ID: lease, Device: device, Sequence: ticket.SequenceID(rapid.SampledFrom([]string{"A", "B", "B", "Z"}).Draw(rt, "sequence")),
			Count: rapid.IntRange(0, 9).Draw(rt, "count"), Share: rapid.IntRange(-1, 4).Draw(rt, "share"),
		}
	case 2, 3, 4, 5, 6:
		*known = append(*known, id)
		n := rapid.IntRange(0, 30).Draw(rt, "n")
		if l, ok := h.st.Lease(lease); ok && rapid.Bool().Draw(rt, "of the lease") {
			n = rapid.IntRange(l.From, l.To).Draw(rt, "its n")
		}
		age := rapid.SampledFrom([]time.Duration{-1, 0, time.Minute, time.Hour, 1 << 62}).Draw(rt, "age")
		return Arrive{ID: id, Lease: lease, Device: device, N: n, Service: service, Age: age}
	case 7:
		return EndLease{ID: lease, Device: device}
	case 8, 9:
		*known = append(*known, id)
		from := h.now.Wall.Add(time.Duration(rapid.IntRange(-3, 3).Draw(rt, "quarters")) * 15 * time.Minute)
		return CheckIn{ID: id, Service: service, Slot: Slot{from, from.Add(15 * time.Minute)}, Early: 15 * time.Minute, Late: 15 * time.Minute}
	case 10:
		*known = append(*known, id)
		by := Channel(rapid.SampledFrom([]string{"kiosk", "desk", "booking", "fax"}).Draw(rt, "channel"))
		return Take{ID: id, Service: service, Channel: by}
	case 11:
		f := Force{Service: service, Open: rapid.Bool().Draw(rt, "open"), Lift: rapid.Bool().Draw(rt, "lift")}
		if rapid.Bool().Draw(rt, "until") {
			f.Until = h.now.Wall.Add(time.Duration(rapid.IntRange(-1, 60).Draw(rt, "minutes")) * time.Minute)
		}
		return f
	}
	last, err := time.Parse(dateForm, h.st.Day().Date)
	if err != nil {
		return CloseDay{}
	}
	return OpenDay{Date: last.AddDate(0, 0, rapid.IntRange(-2, 3).Draw(rt, "days")).Format(dateForm)}
}

// dayInvariants holds what is true of numbers and places after any commands: each
// printed number once in a day, each date one day, no quota passed, late or not.
func dayInvariants(rt *rapid.T, h *hall) {
	numbers, leases, dates := map[string]uint64{}, map[string]int{}, map[string]int{}
	perDay, forLease := map[string]int{}, map[string]int{}
	ids := map[ticket.ID]uint64{}
	for i := range h.records {
		r := &h.records[i]
		switch e := r.Event.(type) {
		case DayOpened:
			if dates[e.Date] != 0 {
				rt.Fatalf("%s is day %d and day %d", e.Date, dates[e.Date], e.Number)
			}
			dates[e.Date] = e.Number
		case Leased:
			leases[e.ID] = r.Day
			for n := e.From; n <= e.To; n++ {
				key := fmt.Sprint(r.Day, e.Sequence, n)
				if forLease[key] != 0 || numbers[key] != 0 {
					rt.Fatalf("number %s is leased and already gone", key)
				}
				forLease[key] = 1
			}
		case Issued:
			day := r.Day
			if e.Lease != "" {
				day = leases[e.Lease]
			}
			key := fmt.Sprint(day, e.Number.Sequence, e.Number.N)
			if numbers[key] != 0 || e.Lease == "" && forLease[key] != 0 {
				rt.Fatalf("number %s is given out twice", key)
			}
			numbers[key] = r.Seq
			text := fmt.Sprint("text ", day, " ", e.Number.Text)
			if numbers[text] != 0 {
				rt.Fatalf("%s is printed twice", text)
			}
			numbers[text] = r.Seq
			if ids[e.Ticket] != 0 {
				rt.Fatalf("ticket %v is there twice", e.Ticket)
			}
			ids[e.Ticket] = r.Seq
			if e.Service == "akta" {
				perDay[fmt.Sprint(day)]++
				perDay[fmt.Sprint(day, e.Channel)]++
			}
			if e.Rank > r.Time {
				rt.Fatalf("rank %d after the time of its arrival, %d", e.Rank, r.Time)
			}
		}
	}
	for day, n := range perDay {
		if n > 5 {
			rt.Fatalf("%d tickets of day %s under a quota of 5", n, day)
		}
	}
	if held := h.st.held["akta"]; held < 0 || h.st.taken["akta"]+held > 5 {
		rt.Fatalf("%d given and %d held of 5", h.st.taken["akta"], held)
	}
	for id := range h.st.tickets {
		if t := h.st.tickets[id]; t.Day != h.st.day.Number && !t.State.Final() {
			rt.Fatalf("ticket %d of day %d is still %v", id, t.Day, t.State)
		}
	}
}
