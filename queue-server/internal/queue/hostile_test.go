package queue

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// hostile are texts that somebody may send in any field.
var hostile = []string{
	strings.Repeat("n", 10_000), strings.Repeat("ก", 10_000), "\x00", "\x1b[2J\x07", "a\r\nb", "\u202egnp.exe", "\u200f\u200b", "🧾🇮🇩👩‍👩‍👧", "\xff\xfe",
	"../../etc/passwd", "{{.number}}", "<script>", " ", "-1", "NaN", "9999-99-99", "\ufeff",
}

// mostly are texts that mean something, so that a command comes further than its
// first check.
var mostly = map[reflect.Type][]string{
	reflect.TypeFor[ticket.CounterID]():  {"c1", "c2", "c3", ""},
	reflect.TypeFor[ticket.ServiceID]():  {"ktp", "kk", "akta", ""},
	reflect.TypeFor[ticket.SequenceID](): {"A", "B"},
	reflect.TypeFor[ticket.DeviceID]():   {"k1"},
	reflect.TypeFor[ticket.Class]():      {"regular", "priority", ""},
	reflect.TypeFor[Channel]():           {"kiosk", "desk", ""},
	reflect.TypeFor[string]():            {"s1", "s2", "s3", "l1", "bank", "meal", "complete", "id", "", "confirmed", "2026-11-24"},
}

// fill puts anything into a command, field by field.
func fill(rt *rapid.T, h *hall, v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *ticket.ID:
		if t := h.likely(rt); t != nil {
			*x = t.ID
			return
		}
		*x = h.newID()
		return
	case *time.Time:
		*x = h.now.Wall.Add(time.Duration(rapid.SampledFrom([]int64{0, 1, -1, 1 << 62, -1 << 62, int64(time.Hour)}).Draw(rt, "when")))
		return
	case *Settings:
		*x = smallOffice()
		spoil(rt, reflect.ValueOf(x).Elem())
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(rt, h, v.Field(i))
		}
	case reflect.String:
		from := mostly[v.Type()]
		if even(rt, 6, "hostile") == 0 {
			from = hostile
		}
		v.SetString(one(rt, "text", from...))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.SampledFrom([]int64{0, 1, 2, 5, -1, 1 << 62, -1 << 63}).Draw(rt, "n"))
	case reflect.Uint64:
		v.SetUint(rapid.SampledFrom([]uint64{0, 1, h.st.Seq(), 1 << 63}).Draw(rt, "n"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(rt, "yes"))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.SampledFrom([]int{0, 1, 300}).Draw(rt, "length"), 300))
		for i := range min(v.Len(), 3) {
			fill(rt, h, v.Index(i))
		}
	}
}

// spoil puts a hostile text, or an extreme number, into one field of the settings.
func spoil(rt *rapid.T, v reflect.Value) {
	for v.Kind() == reflect.Struct || v.Kind() == reflect.Slice && v.Len() > 0 {
		if v.Kind() == reflect.Struct {
			v = v.Field(rapid.IntRange(0, v.NumField()-1).Draw(rt, "field"))
		} else {
			v = v.Index(rapid.IntRange(0, v.Len()-1).Draw(rt, "item"))
		}
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom(hostile).Draw(rt, "text"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.SampledFrom([]int64{-1, 1 << 62, -1 << 63}).Draw(rt, "n"))
	case reflect.Map:
		if v.Type() == reflect.TypeFor[ticket.Text]() {
			v.Set(reflect.ValueOf(ticket.Text{"id": rapid.SampledFrom(hostile).Draw(rt, "name")}))
		}
	}
}

// clean holds that no event but the settings keeps what somebody has typed: a name,
// a code or an id at most, without a control byte.
func clean(rt *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			clean(rt, v.Elem())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			clean(rt, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			clean(rt, v.Index(i))
		}
	case reflect.String:
		if s := v.String(); len(s) > 200 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
			rt.Fatalf("an event keeps %.60q", s)
		}
	}
}

// asks are all commands there are.
var asks = []Ask{
	Take{},
	CheckIn{},
	Arrive{},
	GrantLease{},
	EndLease{},
	Cancel{},
	ReportPrint{},
	OpenCounter{},
	CloseCounter{},
	CallNext{},
	Recall{},
	Start{},
	Finish{},
	Miss{},
	Park{},
	Transfer{},
	AddService{},
	CallChosen{},
	GiveBack{},
	Unpark{},
	ChangeClass{},
	Undo{},
	Pause{},
	Resume{},
	Force{},
	ReportSpoken{},
	OpenDay{},
	CloseDay{},
	ChangeSettings{},
}

func TestAnyTextInAnyFieldInAnyStateIsARefusalOrACleanResult(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := &hall{t: rt, st: New("uji"), now: Moment{Wall: monday, Plausible: true, Office: InstantOf(monday)}}
		if rapid.IntRange(0, 9).Draw(rt, "set up") > 0 {
			h = newHall(t)
			h.t = rt
			h.must(ChangeSettings{lifeOffice(rt)})
		}
		var known []ticket.ID
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			a := one(rt, "which command", asks...)
			filled := reflect.New(reflect.TypeOf(a)).Elem()
			fill(rt, h, filled)
			a = filled.Interface().(Ask)
			if h.st.Settings() != nil && rapid.Bool().Draw(rt, "harmless") {
				a = anything(rt, h, &known)
			}
			before, seq, records := Restore(h.st.Snapshot()), h.st.Seq(), len(h.records)
			if _, err := h.do(a); err != nil {
				if _, ok := reason.Of(err); !ok {
					rt.Fatalf("%T: a fault: %v", a, err)
				}
				if h.st.Seq() == seq {
					if diff := differ(before, h.st); diff != "" {
						rt.Fatalf("%T was refused and changed the state:\n%s", a, diff)
					}
				}
			}
			for _, r := range h.records[records:] {
				if _, ok := r.Event.(SettingsChanged); !ok {
					clean(rt, reflect.ValueOf(r))
				}
			}
			if h.st.Settings() != nil {
				invariants(rt, h)
			}
		}
		if diff := differ(h.replay(), h.st); diff != "" {
			rt.Fatalf("a replay gives another state:\n%s", diff)
		}
	})
}
