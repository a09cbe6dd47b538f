package queue

import "antrean/shared/ticket"

// The lanes of a service's line, in the order of a round. Where the settings give a
// class no turn of its own, its people stand among the regular.
const (
	laneAppointment = iota
	lanePriority
	laneRegular
	laneCount
)

// Cycle is where a service's line is in its round of classes: whose turn it is, and
// how many of the turn's calls have been made.
type Cycle struct {
	Lane uint8
	Used int
}

// turns are the calls that each lane has in a round. The regular always have one at
// least, or they would starve.
func (o Order) turns() [laneCount]int {
	return [laneCount]int{max(0, o.Appointment), max(0, o.Priority), max(1, o.Regular)}
}

// crowd is what the rule of a service has to know of those who wait: the line
// itself, or a run of it that is only thought (see run).
type crowd interface {
	head(lane int) (place, bool)
	// most is how often the most overtaken of a lane was overtaken, among those who
	// came before p; negative: nobody came before it.
	most(lane int, p place) int
}

// next is the rule of a service: which lane's head is called. The round says whose
// turn it is. With a bound, that head is passed over where calling it would overtake
// somebody who has been overtaken Bound times; then the one who came first of all is
// called, who overtakes nobody, and the turn is kept.
func (o Order) next(c Cycle, w crowd) (lane int, by Turn, ok bool) {
	if !o.Classes() {
		_, ok = w.head(laneRegular)
		return laneRegular, ByRank, ok
	}
	lane, by, ok = o.turn(c, w)
	if !ok || o.Bound <= 0 {
		return lane, by, ok
	}
	head, _ := w.head(lane)
	first, earliest, spent := lane, head, false
	for k := range laneCount {
		h, there := w.head(k)
		if k == lane || !there || !h.before(head) {
			continue
		}
		spent = spent || w.most(k, head) >= o.Bound
		if h.before(earliest) {
			first, earliest = k, h
		}
	}
	if spent {
		return first, ByBound, true
	}
	return lane, by, true
}

// turn goes round from c to the first lane that has calls left and somebody to call.
// An absent class is skipped, and has nothing more to call for it later.
func (o Order) turn(c Cycle, w crowd) (lane int, by Turn, ok bool) {
	turns, by := o.turns(), ByRatio
	lane, used := int(c.Lane), c.Used
	for range laneCount + 1 { // the one whose turn is used up may be the only one there
		if used < turns[lane] {
			if _, there := w.head(lane); there {
				return lane, by, true
			}
			by = ByAbsence
		}
		lane, used = (lane+1)%laneCount, 0
	}
	return 0, 0, false
}

// after is the round after a call from a lane.
func (o Order) after(c Cycle, lane int, by Turn) Cycle {
	switch {
	case by != ByRatio && by != ByAbsence:
		return c
	case int(c.Lane) == lane && c.Used < o.turns()[lane]:
		return Cycle{c.Lane, c.Used + 1}
	}
	return Cycle{uint8(lane), 1}
}

// before is how many the round alone calls before the one with i others before it in
// a lane, n being how many wait in each: i of its own lane, and of every other lane
// what its turns up to then allow, if so many are there. O(1).
func (o Order) before(c Cycle, lane, i int, n [laneCount]int) int {
	turns := o.turns()
	rounds := i / turns[lane] // full turns of the lane before the one's own
	left := max(0, turns[c.Lane]-c.Used)
	if int(c.Lane) == lane {
		if i < left {
			return i
		}
		rounds = 1 + (i-left)/turns[lane]
	}
	sum := i
	for k := range laneCount {
		if k == lane {
			continue
		}
		had := rounds // turns of lane k before that
		if (k-int(c.Lane)+laneCount)%laneCount < (lane-int(c.Lane)+laneCount)%laneCount {
			had++
		}
		calls := had * turns[k]
		if k == int(c.Lane) && had > 0 {
			calls -= turns[k] - left
		}
		sum += min(n[k], calls)
	}
	return sum
}

// LaterFirst is the most people of other classes whom the ratio alone lets be called
// before somebody with ahead people before them in their own class: in each of the
// turns that these need, all calls of the other classes. In a round of A + P + R
// calls, for the class with q of them: ceil((ahead+1)/q) x (A+P+R - q).
func (o Order) LaterFirst(class ticket.Class, ahead int) int {
	if !o.Classes() {
		return 0
	}
	turns := o.turns()
	lane := o.laneOf(class, true)
	all := turns[laneAppointment] + turns[lanePriority] + turns[laneRegular]
	return (ahead/turns[lane] + 1) * (all - turns[lane])
}
