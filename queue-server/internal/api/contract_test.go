package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"antrean/queue-server/internal/people"
	"antrean/shared/wire"
)

var document = sync.OnceValues(func() (*openapi3.T, error) {
	return openapi3.NewLoader().LoadFromData(wire.OpenAPI)
})

// documented is a pattern of the table as openapi.yaml writes it.
func documented(pattern string) string { return strings.ReplaceAll(pattern, "...}", "}") }

// checked counts how often each kind of exchange was held to the document: the
// check costs milliseconds, and the twentieth of a kind has little left to say.
var checked struct {
	sync.Mutex
	kinds map[string]int
}

func enough(kind string) bool {
	checked.Lock()
	defer checked.Unlock()
	if checked.kinds == nil {
		checked.kinds = map[string]int{}
	}
	checked.kinds[kind]++
	return checked.kinds[kind] > 20
}

// contract holds every exchange of every test to openapi.yaml: what was answered,
// and what was asked where it was taken.
func (h *hall) contract(req *http.Request, body string, res *http.Response, raw []byte) {
	h.Helper()
	doc, err := document()
	h.must(err)
	_, pattern := h.api.mux.Handler(req)
	_, template, ok := strings.Cut(pattern, " ")
	if !ok || enough(fmt.Sprint(pattern, res.StatusCode)) || req.Method == http.MethodHead {
		return // no route: there is nothing to hold it to
	}
	item := doc.Paths.Value(documented(template))
	if item == nil {
		return // another test's finding
	}
	sent := req.Clone(h.Context())
	sent.Body = io.NopCloser(strings.NewReader(body))
	in := &openapi3filter.RequestValidationInput{
		Request: sent, PathParams: params(template, req.URL.Path),
		Route:   &routers.Route{Spec: doc, Path: documented(template), PathItem: item, Method: req.Method, Operation: item.GetOperation(req.Method)},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	if res.StatusCode/100 == 2 {
		if err := openapi3filter.ValidateRequest(h.Context(), in); err != nil {
			h.Errorf("%s %s was taken against the contract: %.400s", req.Method, req.URL.Path, err.Error())
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: res.StatusCode, Header: res.Header, Options: in.Options}
	out.Body = io.NopCloser(bytes.NewReader(raw))
	if err := openapi3filter.ValidateResponse(h.Context(), out); err != nil {
		h.Errorf("%s %s was answered against the contract: %.400s", req.Method, req.URL.Path, err.Error())
	}
}

// params are the values of a pattern's names in a path.
func params(pattern, path string) map[string]string {
	values := map[string]string{}
	parts := strings.Split(path, "/")
	for i, name := range strings.Split(pattern, "/") {
		switch {
		case strings.HasSuffix(name, "...}"):
			values[strings.Trim(name, "{.}")] = strings.Join(parts[i:], "/")
		case strings.HasPrefix(name, "{"):
			values[strings.Trim(name, "{}")] = parts[i]
		}
	}
	return values
}

// frameContract holds a frame's view to the schema of its topic.
func (h *hall) frameContract(f wire.Frame) {
	h.Helper()
	kind, _ := wire.SplitTopic(f.Topic)
	if f.View == nil || enough(kind) {
		return
	}
	doc, err := document()
	h.must(err)
	name := map[string]string{
		"kiosk": "KioskView", "office": "OfficeView", "board": "BoardView", "counter": "CounterView",
		"ticket": "TicketView", "device": "DeviceView",
	}[kind]
	var view any
	h.must(json.Unmarshal(f.View, &view))
	if err := doc.Components.Schemas[name].Value.VisitJSON(view, openapi3.EnableJSONSchema2020()); err != nil {
		h.Errorf("the view of %s breaks the contract: %.400s", f.Topic, err.Error())
	}
}

func TestTheTableAndTheDocumentNameTheSameRoutesAndCredentials(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, r := range routes {
		item := doc.Paths.Value(documented(r.pattern))
		if item == nil || item.GetOperation(r.method) == nil {
			t.Errorf("%s %s is not in openapi.yaml", r.method, r.pattern)
			continue
		}
		found++
		var got []string
		for _, s := range *item.GetOperation(r.method).Security {
			for name := range s {
				got = append(got, name)
			}
		}
		var want []string
		if len(r.who.devices) > 0 {
			want = append(want, "device")
		}
		if r.who.session {
			want = append(want, "session")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s %s: the table admits %v, openapi.yaml says %v", r.method, r.pattern, want, got)
		}
	}
	total := 0
	for _, item := range doc.Paths.Map() {
		total += len(item.Operations())
	}
	if total != found {
		t.Errorf("openapi.yaml has %d operations, the table %d", total, found)
	}
}

func TestTheDocumentIsServed(t *testing.T) {
	h := openHall(t)
	res := h.ask("GET", wire.PathOpenAPI, "", "")
	if !bytes.Equal(res.body, wire.OpenAPI) {
		t.Error("another document is served")
	}
}

func TestEveryViewKeepsTheContract(t *testing.T) {
	h := openHall(t)
	for range 3 {
		h.take("ktp")
	}
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "open"), h.admin, `{}`)
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "call-next"), h.admin, `{}`)
	for who, topics := range map[string][]string{
		h.kiosk: {"kiosk", "device/self"},
		h.board: {"board/", "board/hall"},
		h.admin: {"office", "counter/1", "counter/2", "kiosk", "board/hall"},
	} {
		c := h.watch(who, topics...)
		for _, topic := range topics {
			f := gets[wire.Frame](h, "GET", wire.PathView(here, topic), who, "")
			h.frameContract(f)
			if live := h.next(c); live.Topic != f.Topic || live.Problem != nil {
				t.Errorf("%s: the socket said %+v", topic, live)
			}
		}
	}
}

func TestDevicesSeeWhoTheyAre(t *testing.T) {
	h := openHall(t)
	if d := gets[wire.Device](h, "GET", wire.PathDevice, h.board, ""); d.Kind != people.Board || d.Office != here {
		t.Errorf("device = %+v", d)
	}
}
