package board

import (
	"slices"
	"time"

	"antrean/shared/wire"
)

// Why is why an announcement is not made.
type Why string

// Reasons of a Skip.
const (
	Old        Why = "old"        // MaxAge is over; it is among the recent calls
	Gone       Why = "gone"       // the server tells of it no more, or it sends nobody anywhere any more
	Superseded Why = "superseded" // the same number was called again
	Restored   Why = "restored"   // the server's log is another one now
)

// sift takes out of the queue what need not be said any more. It looks at all that
// wait, not only at the next, so that a loudspeaker that hangs lets nothing pile up.
func (b *Board) sift(at time.Time) (out []Effect) {
	if len(b.queue) == 0 {
		return nil
	}
	newest := make(map[string]uint64, len(b.view.Announcements)) // of each number; they are told oldest first
	told := make(map[uint64]bool, len(b.view.Announcements))
	for _, a := range b.view.Announcements {
		newest[a.Number.Text], told[a.ID] = a.ID, true
	}
	over := map[string]bool{}
	for _, c := range b.view.Recent {
		over[c.Number.Text] = !shown(c)
	}
	b.queue = slices.DeleteFunc(b.queue, func(a wire.Announcement) bool {
		var why Why
		switch {
		case !told[a.ID] || over[a.Number.Text]:
			why = Gone
		case newest[a.Number.Text] != a.ID:
			why = Superseded
		case b.now(at).Sub(a.At) > MaxAge:
			why = Old
		default:
			return false
		}
		out = append(out, b.skip(a, at, why))
		return true
	})
	return out
}

func (b *Board) skip(a wire.Announcement, at time.Time, why Why) Skip {
	return Skip{Key: Key{b.epoch, a.ID}, Number: a.Number.Text, Age: b.now(at).Sub(a.At), Why: why}
}
