package wire

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"antrean/shared/ticket"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDocumentIsValidOpenAPI(t *testing.T) {
	doc := document(t)
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("openapi = %q", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

// bodies are all structs that cross the wire. The next test finds what is missing.
var bodies = []any{
	Problem{},
	TakeTicket{},
	TakenTicket{},
	Printed{},
	OpenCounter{},
	CounterCommand{},
	FinishTicket{},
	ParkTicket{},
	TransferTicket{},
	AddService{},
	CallTicket{},
	AtCounter{},
	ChangeClass{},
	UndoAction{},
	PauseCounter{},
	OpenDay{},
	Force{},
	Story{},
	StoryLine{},
	CounterAnswer{},
	AnsweredTicket{},
	Cancelled{},
	Spoken{},
	Accepted{},
	Login{},
	NewPassword{},
	Session{},
	Device{},
	Health{},
	Ask{},
	Frame{},
	Day{},
	Place{},
	Closed{},
	KioskView{},
	Agency{},
	Service{},
	BoardView{},
	Voice{},
	Announcement{},
	CounterName{},
	Call{},
	BoardCounter{},
	WaitingCount{},
	CounterView{},
	Code{},
	CounterUndo{},
	Target{},
	Holder{},
	CounterService{},
	CounterTicket{},
	TicketView{},
	OfficeView{},
	Alert{},
	ClockState{},
	OfficeCounter{},
	OfficeService{},
	ServiceOrder{},
	DeviceView{},
	ticket.Number{},
}

func TestEveryBodyOfThePackageIsHeldToTheDocument(t *testing.T) {
	fs := token.NewFileSet()
	for _, name := range []string{"bodies.go", "frames.go"} {
		file, err := parser.ParseFile(fs, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if _, isStruct := s.Type.(*ast.StructType); isStruct && !slices.ContainsFunc(bodies, func(b any) bool { return reflect.TypeOf(b).Name() == s.Name.Name }) {
				t.Errorf("%s: %s is not among the bodies of this test", name, s.Name.Name)
			}
			return false
		})
	}
}

func TestEveryBodyHasTheFieldsOfItsSchema(t *testing.T) {
	schemas := document(t).Components.Schemas
	for _, b := range bodies {
		typ := reflect.TypeOf(b)
		ref := schemas[typ.Name()]
		if ref == nil {
			t.Errorf("%s has no schema", typ.Name())
			continue
		}
		var required []string
		for i := range typ.NumField() {
			name, option, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			p := ref.Value.Properties[name]
			if p == nil {
				t.Errorf("%s.%s is not in the schema", typ.Name(), name)
				continue
			}
			if option != "omitempty" {
				required = append(required, name)
			}
			if want, got := kindOf(typ.Field(i).Type), p.Value.Type; got == nil && p.Value.AnyOf == nil || got != nil && !got.Is(want) {
				t.Errorf("%s.%s is %s, the schema says %v", typ.Name(), name, want, got)
			}
		}
		if len(ref.Value.Properties) != typ.NumField() {
			t.Errorf("%s has %d fields, its schema %d", typ.Name(), typ.NumField(), len(ref.Value.Properties))
		}
		got := slices.Clone(ref.Value.Required)
		slices.Sort(got)
		slices.Sort(required)
		if !slices.Equal(got, required) {
			t.Errorf("%s: always there are %v, the schema says %v", typ.Name(), required, got)
		}
	}
}

func kindOf(t reflect.Type) string {
	text := reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
		return "object"
	case t == reflect.TypeFor[time.Time](), t.Implements(text):
		return "string"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Uint64:
		return "integer"
	case reflect.Slice:
		return "array"
	default:
		return "object"
	}
}
