package office

import "time"

// Machine is the machine's own clock.
func Machine() Clock { return machine{time.Now()} }

type machine struct{ start time.Time }

func (m machine) Now() (time.Time, time.Duration, bool) {
	now := time.Now()
	return now, now.Sub(m.start), synchronised() // the difference is of the monotonic readings
}
