package queue

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestATreeIsASortedListThatCounts holds the tree against a list that does the same
// slowly.
func TestATreeIsASortedListThatCounts(t *testing.T) {
	type one struct {
		place
		count int
	}
	rapid.Check(t, func(rt *rapid.T) {
		var tr tree
		var list []one
		before := func(a, b one) int {
			if a.before(b.place) {
				return -1
			}
			return 1
		}
		for ref := range Ref(rapid.IntRange(1, 200).Draw(rt, "steps")) {
			p := place{Instant(rapid.IntRange(0, 20).Draw(rt, "rank")), ref}
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0, 1, 2:
				n := rapid.IntRange(0, 5).Draw(rt, "count")
				tr.add(p, n)
				list = append(list, one{p, n})
				slices.SortFunc(list, before)
			case 3:
				if _, ok := tr.remove(p); ok {
					rt.Fatalf("removed %v, who is not there", p)
				}
				if len(list) > 0 {
					i := rapid.IntRange(0, len(list)-1).Draw(rt, "i")
					if n, ok := tr.remove(list[i].place); !ok || n != list[i].count {
						rt.Fatalf("removed %v: %d, %v", list[i], n, ok)
					}
					list = slices.Delete(list, i, i+1)
				}
			case 4:
				tr.overtake(p)
				for i := range list {
					if list[i].before(p) {
						list[i].count++
					}
				}
			case 5:
				odd := func(ref Ref) bool { return ref%2 == 1 }
				tr.regain(p, odd)
				for i := range list {
					if list[i].before(p) && odd(list[i].ref) && list[i].count > 0 {
						list[i].count--
					}
				}
			}
			index, most := 0, -1
			for _, x := range list {
				if x.before(p) {
					index, most = index+1, max(most, x.count)
				}
			}
			if tr.index(p) != index || max(-1, tr.most(p)) != most || tr.len() != len(list) {
				rt.Fatalf("before %v: %d, at most %d, of %d; want %d, %d, of %d", p, tr.index(p), tr.most(p), tr.len(), index, most, len(list))
			}
			var walked []one
			tr.walk(func(p place, n int) bool { walked = append(walked, one{p, n}); return true })
			if !slices.Equal(walked, list) {
				rt.Fatalf("walked %v, want %v", walked, list)
			}
			for i, x := range list {
				if n, ok := tr.count(x.place); tr.at(i) != x.place || !ok || n != x.count {
					rt.Fatalf("at %d: %v, count %d", i, tr.at(i), n)
				}
			}
			if first, ok := tr.first(); ok != (len(list) > 0) || ok && first != list[0].place {
				rt.Fatalf("first %v", first)
			}
		}
	})
}
