package eventlog

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// -update writes the golden files anew. Those of a released version are for ever:
// make new ones beside them instead.
var update = flag.Bool("update", false, "write the golden files of package eventlog")

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); d != "" {
		t.Errorf("%s is not what it was (- file, + now):\n%s", name, d)
	}
}

func TestEveryEventTypeHasItsNumber(t *testing.T) {
	var declared, numbered []string
	files, err := filepath.Glob("../queue/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files of package queue", err)
	}
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != "event" || fn.Recv == nil {
				continue
			}
			if of, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				declared = append(declared, of.Name)
			}
		}
	}
	for _, k := range kinds[1:] {
		numbered = append(numbered, k.name)
	}
	slices.Sort(declared)
	slices.Sort(numbered)
	if d := cmp.Diff(declared, numbered); d != "" {
		t.Errorf("queue's events (-) and eventlog's kinds (+) differ:\n%s", d)
	}
	for i, e := range everyKind() {
		_, kind, err := appendEvent(nil, e)
		if err != nil || kind.number != uint64(i+1) || kinds[i+1].name != reflect.TypeOf(e).Name() {
			t.Errorf("%T has number %d, its sample is at %d, %v", e, kind.number, i+1, err)
		}
	}
	if len(everyKind()) != len(kinds)-1 {
		t.Errorf("%d samples of %d kinds", len(everyKind()), len(kinds)-1)
	}
}

func TestStoredBytesNeverChange(t *testing.T) {
	var out strings.Builder
	var e encoder
	var link Hash
	for i, r := range everyRecord() {
		body, kind, err := appendEvent(nil, r.Event)
		if err != nil {
			t.Fatal(err)
		}
		if link, _, err = e.add(&r, link); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s, type %d version %d\n", kinds[kind.number].name, kind.number, kind.version)
		if kind.number == kindSettingsChanged {
			fmt.Fprintf(&out, "  body   %s\n  link   %s\n", body, link)
			continue
		}
		fmt.Fprintf(&out, "  body   %s\n  record %s\n", hex.EncodeToString(body), hex.EncodeToString(e.record(i)))
	}
	golden(t, "records-v1.txt", out.String())
}

// A field of the settings that is added, renamed or retyped is another form: then
// kinds gets a new version, and this file a new name.
func TestTheFormOfSettingsIsTheOneOfItsVersion(t *testing.T) {
	var out strings.Builder
	shape(&out, reflect.TypeFor[queue.Settings](), "Settings", "")
	golden(t, fmt.Sprintf("settings-v%d.txt", kinds[kindSettingsChanged].version), out.String())
}

func shape(out *strings.Builder, of reflect.Type, name, indent string) {
	fmt.Fprintf(out, "%s%s %s\n", indent, name, of.Kind())
	switch of.Kind() {
	case reflect.Struct:
		for i := range of.NumField() {
			shape(out, of.Field(i).Type, of.Field(i).Name, indent+"  ")
		}
	case reflect.Slice, reflect.Map:
		shape(out, of.Elem(), "each", indent+"  ")
	}
}

func TestEveryRecordComesBackAsItWas(t *testing.T) {
	var e encoder
	var d decoder
	for i, r := range everyRecord() {
		if _, _, err := e.add(&r, Hash{}); err != nil {
			t.Fatal(err)
		}
		var back queue.Record
		if err := d.record(e.record(i), &back); err != nil {
			t.Fatalf("%T: %v", r.Event, err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Errorf("%T:\n%s", r.Event, diff)
		}
	}
}

func TestAnyRecordComesBackAsItWas(t *testing.T) {
	var d decoder // one for all, as in a replay
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord(t)
		var e encoder
		before := Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "before"))
		link, _, err := e.add(&r, before)
		if err != nil {
			t.Fatal(err)
		}
		stored := e.record(0)
		if got, err := d.follows(before, stored); err != nil || got != link {
			t.Fatalf("link %v, %v", got, err)
		}
		var back queue.Record
		if err := d.record(stored, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func anyRecord(t *rapid.T) queue.Record {
	text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.StringN(60, 300, -1))
	when := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "no time") {
			return time.Time{}
		}
		return time.UnixMicro(rapid.Int64Range(-1<<50, 1<<52).Draw(t, "µs")).UTC()
	})
	ref := rapid.Custom(func(t *rapid.T) queue.Ref { return queue.Ref(rapid.Uint64().Draw(t, "ref")) })
	r := queue.Record{
		Office: ticket.OfficeID(rapid.StringN(1, 40, -1).Draw(t, "office")), Seq: rapid.Uint64Range(1, math.MaxUint64).Draw(t, "seq"),
		Day: rapid.Int().Draw(t, "day"), At: when.Draw(t, "at"), Plausible: rapid.Bool().Draw(t, "plausible"),
		Time: queue.Instant(rapid.Int64().Draw(t, "time")), Device: when.Draw(t, "device"),
		Actor:   queue.Actor{Kind: queue.ActorKind(rapid.Byte().Draw(t, "kind")), ID: text.Draw(t, "actor")},
		Counter: ticket.CounterID(text.Draw(t, "counter")),
	}
	if rapid.Bool().Draw(t, "command") {
		r.Command = &queue.Command{
			Key: text.Draw(t, "key"), Count: rapid.Int().Draw(t, "count"), MACKey: rapid.Uint32().Draw(t, "mackey"),
			Answer: queue.Answer{Ticket: ref.Draw(t, "answer"), State: ticket.State(rapid.Byte().Draw(t, "state"))},
		}
		if mac := rapid.SliceOfN(rapid.Byte(), 0, 16).Draw(t, "mac"); len(mac) > 0 {
			r.Command.MAC = mac
		}
	}
	switch rapid.IntRange(0, 4).Draw(t, "event") {
	case 0:
		r.Event = queue.Issued{
			Ticket: ticket.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")), Service: ticket.ServiceID(text.Draw(t, "service")),
			Number: ticket.Number{Sequence: ticket.SequenceID(text.Draw(t, "sequence")), N: rapid.Int().Draw(t, "n"), Text: text.Draw(t, "text")},
			Class:  ticket.Class(text.Draw(t, "class")), Language: text.Draw(t, "language"), Rank: queue.Instant(rapid.Int64().Draw(t, "rank")), Ahead: rapid.Int().Draw(t, "ahead"),
		}
	case 1:
		e := queue.Called{Ticket: ref.Draw(t, "ticket"), Pick: queue.Pick{Rule: queue.Rule(rapid.Byte().Draw(t, "rule")), Turn: queue.Turn(rapid.Byte().Draw(t, "turn"))}}
		for range rapid.IntRange(0, 8).Draw(t, "heads") {
			e.Pick.Heads = append(e.Pick.Heads, queue.Head{Service: rapid.Uint16().Draw(t, "service"), Ticket: ref.Draw(t, "head")})
		}
		r.Event = e
	case 2:
		r.Event = queue.CounterOpened{Session: text.Draw(t, "session"), TookOver: text.Draw(t, "took over")}
	case 3:
		var e queue.Spoken
		for range rapid.IntRange(0, 300).Draw(t, "spoken") {
			e.Announcements = append(e.Announcements, rapid.Uint64().Draw(t, "announcement"))
		}
		r.Event = e
	default:
		r.Event = rapid.SampledFrom(everyKind()).Draw(t, "sample")
	}
	return r
}

func TestBytesThatNoProgramWroteAreRefused(t *testing.T) {
	start := putUint(putText(nil, fieldOffice, sinjai), fieldSeq, 1)
	link := putText(nil, fieldChain, make([]byte, len(Hash{})))
	kind := func(number uint64, body []byte) []byte {
		return putText(putUint(putUint(nil, fieldKind, number), fieldVersion, 1), fieldBody, body)
	}
	for name, middle := range map[string][]byte{
		"no event":                    nil,
		"a field of no version":       putUint(kind(kindCounterClosed, nil), 16, 1),
		"a group":                     append(kind(kindCounterClosed, nil), fieldDay<<3|3, 0),
		"a text beyond the end":       append(kind(kindCounterClosed, nil), fieldCounter<<3|byte(text), 200),
		"a number without an end":     append(kind(kindCounterClosed, nil), fieldDay<<3, 0xff),
		"an actor's kind of 256":      putUint(kind(kindCounterClosed, nil), fieldActorKind, 256),
		"half plausible":              putUint(kind(kindCounterClosed, nil), fieldPlausible, 2),
		"a command's unknown field":   putText(kind(kindCounterClosed, nil), fieldCommand, putUint(nil, 9, 1)),
		"a body where there is none":  kind(kindCounterClosed, []byte{2 << 3, 1}),
		"a ticket's id of 15 bytes":   kind(kindIssued, putText(nil, 1, make([]byte, 15))),
		"a service's number of 65536": kind(kindCalled, putText(nil, 3, []byte{0x80, 0x80, 4, 1})),
		"a head without its ticket":   kind(kindCalled, putText(nil, 3, []byte{1})),
		"settings that are no JSON":   kind(kindSettingsChanged, []byte("{")),
		"settings of a later version": kind(kindSettingsChanged, []byte(`{"Weather":"dry"}`)),
		"spoken of another type":      kind(kindSpoken, putUint(nil, 1, 7)),
		"half open":                   kind(kindForced, putUint(nil, 2, 2)),
		"a share of another type":     kind(kindLeased, putUint(nil, 6, 1)),
		"a share's unknown field":     kind(kindLeased, putText(nil, 6, putUint(nil, 3, 1))),
		"a pause of another type":     kind(kindCounterPaused, putUint(nil, 1, 7)),
		"a resumption with a reason":  kind(kindCounterResumed, putText(nil, 1, "x")),
		"a parking's unknown field":   kind(kindParked, putUint(nil, 3, 1)),
		"a rank of a rank":            kind(kindIssued, putUint(nil, 14, 256)),
	} {
		var d decoder
		var r queue.Record
		if err := d.record(slices.Concat(start, middle, link), &r); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var d decoder
	if err := d.record(start, new(queue.Record)); !errors.Is(err, errMalformed) {
		t.Errorf("without its chain: %v", err)
	}
}

// A pick is stored at every call, for years: eight heads, each with the largest
// service number and the reference of an office's thousand-millionth event.
func TestAPickOfEightHeadsHas128BytesAtMost(t *testing.T) {
	e := queue.Called{Ticket: 1 << 30, Pick: queue.Pick{Rule: queue.Chosen, Turn: queue.ToCounter}}
	for range 8 {
		e.Pick.Heads = append(e.Pick.Heads, queue.Head{Service: math.MaxUint16, Ticket: 1 << 30})
	}
	body, _, err := appendEvent(nil, e)
	if err != nil || len(body) > 128 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	for i := range e.Pick.Heads {
		e.Pick.Heads[i].Ticket = 1<<63 - 1
	}
	worst, _, err := appendEvent(nil, e)
	if err != nil || len(worst) > 128 {
		t.Errorf("with references as large as they get: %d bytes, %v", len(worst), err)
	}
	t.Logf("%d bytes, %d at worst", len(body), len(worst))
}

func TestEverySampleHasEveryFieldSet(t *testing.T) {
	var zero func(path string, v reflect.Value)
	zero = func(path string, v reflect.Value) {
		if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
			if v.IsZero() {
				t.Errorf("%s is not set", path)
			}
			return
		}
		for i := range v.NumField() {
			zero(path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
	for _, e := range everyKind() {
		zero(reflect.TypeOf(e).Name(), reflect.ValueOf(e))
	}
}
