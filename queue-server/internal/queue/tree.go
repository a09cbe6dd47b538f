package queue

import "math"

// place is where somebody stands: in a line those come first who were there first.
type place struct {
	rank Instant
	ref  Ref
}

func (p place) before(q place) bool {
	return p.rank < q.rank || p.rank == q.rank && p.ref < q.ref
}

// tree is places in their order, each with a count: how often it was overtaken. It
// is a treap whose priorities are a hash of the ref, so that the same places always
// make the same tree, whatever the order in which they came. Its nodes lie in one
// slice without pointers, which the garbage collector does not look into.
//
// Everything below is O(log n), expected over the hash, unless it says otherwise.
// The zero tree is empty.
type tree struct {
	nodes []node // nodes[0] is nobody
	root  int32
	free  int32 // a list of unused nodes, by left
}

type node struct {
	place
	left, right int32
	size        int32
	count       int32 // without what more adds at the nodes above
	most        int32 // the greatest count of the subtree, likewise
	more        int32 // to be added to both children
}

const nobody = math.MinInt32 / 2 // the count of nodes[0]: less than any other can be

func (t *tree) len() int {
	if t.root == 0 {
		return 0
	}
	return int(t.nodes[t.root].size)
}

// priority mixes a ref's bits (the finaliser of SplitMix64).
func priority(ref Ref) uint64 {
	x := uint64(ref) + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (t *tree) add(p place, count int) {
	if len(t.nodes) == 0 {
		t.nodes = append(t.nodes, node{count: nobody, most: nobody})
	}
	n := t.free
	if n != 0 {
		t.free = t.nodes[n].left
	} else {
		n = int32(len(t.nodes))
		t.nodes = append(t.nodes, node{})
	}
	t.nodes[n] = node{place: p, size: 1, count: int32(count), most: int32(count)}
	t.root = t.put(t.root, n)
}

func (t *tree) put(i, n int32) int32 {
	if i == 0 {
		return n
	}
	x, p := &t.nodes[i], t.nodes[n].place
	t.push(x)
	switch {
	case priority(x.ref) < priority(p.ref):
		l, r := t.split(i, p)
		t.nodes[n].left, t.nodes[n].right = l, r
		t.pull(&t.nodes[n])
		return n
	case x.before(p):
		x.right = t.put(x.right, n)
	default:
		x.left = t.put(x.left, n)
	}
	t.pull(x)
	return i
}

// remove takes a place out and gives its count; false: nobody stood there.
func (t *tree) remove(p place) (count int, ok bool) {
	count, ok = t.count(p)
	if ok {
		t.root = t.drop(t.root, p)
	}
	return count, ok
}

func (t *tree) drop(i int32, p place) int32 {
	x := &t.nodes[i]
	t.push(x)
	switch {
	case x.place == p:
		rest := t.join(x.left, x.right)
		*x = node{left: t.free}
		t.free = i
		return rest
	case x.before(p):
		x.right = t.drop(x.right, p)
	default:
		x.left = t.drop(x.left, p)
	}
	t.pull(x)
	return i
}

// split parts a subtree into those before p and the others.
func (t *tree) split(i int32, p place) (l, r int32) {
	if i == 0 {
		return 0, 0
	}
	x := &t.nodes[i]
	t.push(x)
	if x.before(p) {
		x.right, r = t.split(x.right, p)
		t.pull(x)
		return i, r
	}
	l, x.left = t.split(x.left, p)
	t.pull(x)
	return l, i
}

func (t *tree) join(l, r int32) int32 {
	if l == 0 || r == 0 {
		return l + r
	}
	x, y := &t.nodes[l], &t.nodes[r]
	if priority(x.ref) > priority(y.ref) {
		t.push(x)
		x.right = t.join(x.right, r)
		t.pull(x)
		return l
	}
	t.push(y)
	y.left = t.join(l, y.left)
	t.pull(y)
	return r
}

func (t *tree) pull(x *node) {
	l, r := &t.nodes[x.left], &t.nodes[x.right]
	x.size = 1 + l.size + r.size
	x.most = max(x.count, max(l.most, r.most)+x.more)
}

func (t *tree) push(x *node) {
	if x.more != 0 {
		t.raise(x.left, x.more)
		t.raise(x.right, x.more)
		x.more = 0
	}
}

func (t *tree) raise(i, by int32) {
	if i != 0 {
		x := &t.nodes[i]
		x.count, x.most, x.more = x.count+by, x.most+by, x.more+by
	}
}

// first is the place that comes before all others.
func (t *tree) first() (place, bool) {
	if t.root == 0 {
		return place{}, false
	}
	x := &t.nodes[t.root]
	for x.left != 0 {
		x = &t.nodes[x.left]
	}
	return x.place, true
}

// at is the place with i others before it, i from 0 to len - 1.
func (t *tree) at(i int) place {
	x := &t.nodes[t.root]
	for {
		switch l := int(t.nodes[x.left].size); {
		case i < l:
			x = &t.nodes[x.left]
		case i == l:
			return x.place
		default:
			i -= l + 1
			x = &t.nodes[x.right]
		}
	}
}

// index is how many stand before p, who need not be there.
func (t *tree) index(p place) int {
	n := 0
	for i := t.root; i != 0; {
		x := &t.nodes[i]
		if x.before(p) {
			n += 1 + int(t.nodes[x.left].size)
			i = x.right
		} else {
			i = x.left
		}
	}
	return n
}

// count is how often the one at p was overtaken; false: nobody stands there.
func (t *tree) count(p place) (int, bool) {
	above := int32(0)
	for i := t.root; i != 0; {
		x := &t.nodes[i]
		switch {
		case x.place == p:
			return int(x.count + above), true
		case x.before(p):
			i = x.right
		default:
			i = x.left
		}
		above += x.more
	}
	return 0, false
}

// most is the greatest count of those before p; negative: nobody stands before it.
func (t *tree) most(p place) int {
	most, above := int32(nobody), int32(0)
	for i := t.root; i != 0; {
		x := &t.nodes[i]
		if !x.before(p) {
			i = x.left
		} else {
			most = max(most, above+x.count, above+x.more+t.nodes[x.left].most)
			i = x.right
		}
		above += x.more
	}
	return int(most)
}

// overtake adds one to the count of everybody before p.
func (t *tree) overtake(p place) { t.raiseBefore(t.root, p) }

func (t *tree) raiseBefore(i int32, p place) {
	if i == 0 {
		return
	}
	x := &t.nodes[i]
	if x.before(p) {
		x.count++
		t.push(x)
		t.raise(x.left, 1)
		t.raiseBefore(x.right, p)
	} else {
		t.raiseBefore(x.left, p)
	}
	t.pull(x)
}

// regain takes one from the count of everybody before p whom ok names; O(n log n).
func (t *tree) regain(p place, ok func(Ref) bool) {
	var all []place
	t.walk(func(q place, count int) bool {
		if q.before(p) && count > 0 && ok(q.ref) {
			all = append(all, q)
		}
		return q.before(p)
	})
	for _, q := range all {
		n, _ := t.remove(q)
		t.add(q, n-1)
	}
}

// walk calls yield for everybody, the first first, with the counts; O(n).
func (t *tree) walk(yield func(place, int) bool) { t.walkFrom(t.root, 0, yield) }

func (t *tree) walkFrom(i, above int32, yield func(place, int) bool) bool {
	if i == 0 {
		return true
	}
	x := &t.nodes[i]
	return t.walkFrom(x.left, above+x.more, yield) && yield(x.place, int(x.count+above)) && t.walkFrom(x.right, above+x.more, yield)
}
