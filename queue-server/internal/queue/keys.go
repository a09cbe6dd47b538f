package queue

import "time"

type keyName struct {
	actor Actor
	key   string
}

type keyAge struct {
	name keyName
	made Instant
}

// KeyEntry is what a used idempotency key stands for.
type KeyEntry struct {
	Seq     uint64 // of the command's first event
	At      time.Time
	Command Command
}

// Known is what an actor's key was used for within KeyLife.
func (s *State) Known(a Actor, key string) (KeyEntry, bool) {
	e, ok := s.keys[keyName{a, key}]
	return e, ok
}

func (s *State) remember(r *Record) {
	if r.Command.Key == "" {
		return
	}
	n := keyName{r.Actor, r.Command.Key}
	s.keys[n] = KeyEntry{Seq: r.Seq, At: r.At, Command: *r.Command}
	s.keyLife = append(s.keyLife, keyAge{n, r.Time})
}

// forget drops what is older than KeyLife. It follows office time alone, so that a
// replay forgets at the same records.
func (s *State) forget() {
	n := 0
	for n < len(s.keyLife) && s.time.Sub(s.keyLife[n].made) > KeyLife {
		delete(s.keys, s.keyLife[n].name)
		n++
	}
	s.keyLife = s.keyLife[n:]

	for len(s.days) > 0 && s.time.Sub(s.days[0].day.Ended) > KeyLife {
		for _, ref := range s.days[0].tickets {
			s.forgetTicket(ref)
		}
		s.days = s.days[1:]
	}
	s.forgetLate()
	s.forgetLeases()
}
