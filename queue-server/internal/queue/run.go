package queue

import (
	"slices"
	"sort"
)

// run is a line that is called empty in thought: the lanes as they stand, and a
// cursor in each. It answers the rule of the service as the line would (crowd), and
// changes nothing. Making it is O(n); a step is O(log n), and O(1) without a bound.
type run struct {
	order Order
	cycle Cycle
	lanes [laneCount][]stander
	at    [laneCount]int     // how many of each lane have been called
	when  [laneCount][]int32 // before how many others each of them was
	steps int
}

// stander is somebody in a run.
type stander struct {
	place
	count int32 // overtaken before the run
	worse int32 // the next in the lane whose count is greater; 0: none
}

// newRun copies a line; with extra, somebody stands in a lane who is not there yet.
func (l *line) newRun(o Order, lane int, extra *place) *run {
	r := &run{order: o, cycle: l.cycle}
	for k := range l.lanes {
		t := &l.lanes[k]
		all := make([]stander, 0, t.len()+1)
		t.walk(func(p place, count int) bool {
			all = append(all, stander{place: p, count: int32(count)})
			return true
		})
		if extra != nil && k == lane {
			all = slices.Insert(all, t.index(*extra), stander{place: *extra})
		}
		rankCounts(all)
		r.lanes[k] = all
	}
	return r
}

// rankCounts links everybody to the next who has been overtaken more often. In a run
// a call from another lane overtakes whoever stands before its place, so of two in a
// lane the one in front never gains less: only those links can hold a lane's most.
func rankCounts(all []stander) {
	for i := len(all) - 2; i >= 0; i-- {
		j := int32(i + 1)
		for j != 0 && all[j].count <= all[i].count {
			j = all[j].worse
		}
		all[i].worse = j
	}
}

func (r *run) head(lane int) (place, bool) {
	if at := r.at[lane]; at < len(r.lanes[lane]) {
		return r.lanes[lane][at].place, true
	}
	return place{}, false
}

func (r *run) most(lane int, p place) int {
	most, all := nobody, r.lanes[lane]
	for i := r.at[lane]; i < len(all) && all[i].before(p); {
		most = max(most, int(all[i].count)+r.passed(lane, all[i].place))
		if all[i].worse == 0 {
			break
		}
		i = int(all[i].worse)
	}
	return most
}

// passed is how many of other lanes were called in the run who came after p.
func (r *run) passed(lane int, p place) int {
	n := 0
	for k := range r.lanes {
		if called := r.lanes[k][:r.at[k]]; k != lane && len(called) > 0 && p.before(called[len(called)-1].place) {
			n += len(called) - sort.Search(len(called), func(i int) bool { return p.before(called[i].place) })
		}
	}
	return n
}

// peek is the next one to be called.
func (r *run) peek() (place, int, Turn, bool) {
	lane, by, ok := r.order.next(r.cycle, r)
	if !ok {
		return place{}, 0, 0, false
	}
	return r.lanes[lane][r.at[lane]].place, lane, by, true
}

// step calls the next one; false: nobody is left.
func (r *run) step() bool {
	_, lane, by, ok := r.peek()
	if !ok {
		return false
	}
	r.cycle = r.order.after(r.cycle, lane, by)
	r.when[lane] = append(r.when[lane], int32(r.steps))
	r.at[lane]++
	r.steps++
	return true
}

// until is how many are called before the one with i others before it in a lane. It
// goes on from where the run has come to.
func (r *run) until(lane, i int) int {
	for r.at[lane] <= i && r.step() {
	}
	if i < len(r.when[lane]) {
		return int(r.when[lane][i])
	}
	return r.steps
}
