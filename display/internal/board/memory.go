package board

import (
	"slices"

	"antrean/shared/ticket"
)

const (
	maxRemembered = 500 // announcements; a server's view holds those of the last minutes
	maxReport     = 100 // wire.Spoken takes no more
)

// Memory is what a board remembers of one office's log: which announcements it has
// spoken, and of which of them the server does not know yet. A log's new incarnation
// (epoch) is a new memory. Its zero value remembers nothing.
type Memory struct {
	Office     ticket.OfficeID `json:"office"`
	Epoch      string          `json:"epoch"`
	Floor      uint64          `json:"floor"`                // all up to here count as spoken: they are too old to be in any view
	Spoken     []uint64        `json:"spoken,omitempty"`     // above the floor, in order
	Unreported []uint64        `json:"unreported,omitempty"` // the server has not confirmed these
}

func (m *Memory) of(o ticket.OfficeID, epoch string) bool {
	return m.Office == o && m.Epoch == epoch
}

// Has reports whether the announcement was spoken.
func (m *Memory) Has(id uint64) bool {
	_, found := slices.BinarySearch(m.Spoken, id)
	return found || id <= m.Floor
}

func (m *Memory) add(id uint64) {
	if m.Has(id) {
		return
	}
	i, _ := slices.BinarySearch(m.Spoken, id)
	m.Spoken = slices.Insert(m.Spoken, i, id)
	if over := len(m.Spoken) - maxRemembered; over > 0 {
		m.Floor = m.Spoken[over-1]
		m.Spoken = slices.Delete(m.Spoken, 0, over)
	}
	m.Unreported = append(m.Unreported, id)
	if over := len(m.Unreported) - maxRemembered; over > 0 { // a server that never listens
		m.Unreported = slices.Delete(m.Unreported, 0, over)
	}
}

func (m *Memory) reported(ids []uint64) {
	m.Unreported = slices.DeleteFunc(m.Unreported, func(id uint64) bool { return slices.Contains(ids, id) })
}

func (m *Memory) clone() Memory {
	c := *m
	c.Spoken, c.Unreported = slices.Clone(m.Spoken), slices.Clone(m.Unreported)
	return c
}
