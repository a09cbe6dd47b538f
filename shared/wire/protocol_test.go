package wire

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed PROTOCOL.md
var protocol string

var (
	example = regexp.MustCompile("(?s)<!-- (?:answer|sent): (\\w+) -->\n```json\n(.*?)```")
	path    = regexp.MustCompile(`/api/v1/[A-Za-z0-9{}./\-]*[A-Za-z0-9}]`)
	command = regexp.MustCompile(`(?s)https?://localhost:8080(/\S+)[^\n]*(?:\\\n[^\n]*)*?-d '([^']*)'`)
)

func TestTheExamplesAreBodiesOfTheWire(t *testing.T) {
	doc := document(t)
	found := example.FindAllStringSubmatch(protocol, -1)
	if len(found) != strings.Count(protocol, "```json") || len(found) < 5 {
		t.Fatalf("%d examples are named, of %d", len(found), strings.Count(protocol, "```json"))
	}
	for _, m := range found {
		holdTo(t, doc, m[1], m[2])
	}
}

// holdTo decodes an example strictly as its Go type, and checks it by its schema.
func holdTo(t *testing.T, doc *openapi3.T, name, text string) {
	t.Helper()
	for _, b := range bodies {
		if typ := reflect.TypeOf(b); typ.Name() == name {
			d := json.NewDecoder(strings.NewReader(text))
			d.DisallowUnknownFields()
			v := reflect.New(typ)
			if err := d.Decode(v.Interface()); err != nil {
				t.Errorf("%s: %v in %s", name, err, text)
			}
			again, err := json.Marshal(v.Interface())
			if err != nil {
				t.Error(err)
			}
			var plain any
			if err := json.Unmarshal(again, &plain); err != nil {
				t.Error(err)
			}
			if err := doc.Components.Schemas[name].Value.VisitJSON(plain, openapi3.EnableJSONSchema2020()); err != nil {
				t.Errorf("%s: %.300s", name, err.Error())
			}
			return
		}
	}
	t.Errorf("there is no body %s", name)
}

func TestThePathsOfTheProtocolExist(t *testing.T) {
	doc := document(t)
	for _, p := range path.FindAllString(protocol, -1) {
		if itemOf(doc, strings.TrimSuffix(p, "/...")) == nil {
			t.Errorf("%s is no path of openapi.yaml", p)
		}
	}
}

func TestTheCommandsOfTheProtocolHaveTheBodiesOfTheirPaths(t *testing.T) {
	doc := document(t)
	found := command.FindAllStringSubmatch(protocol, -1)
	if want := strings.Count(protocol, "-d '"); len(found) != want {
		t.Fatalf("%d of %d commands read", len(found), want)
	}
	for _, m := range found {
		item := itemOf(doc, m[1])
		if item == nil || item.GetOperation(http.MethodPost) == nil {
			t.Errorf("%s takes no POST", m[1])
			continue
		}
		schema := item.Post.RequestBody.Value.Content["application/json"].Schema
		var v any
		if err := json.NewDecoder(bytes.NewReader([]byte(m[2]))).Decode(&v); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
		if err := schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s: %.300s", m[1], err.Error())
		}
	}
}

// itemOf finds a path, with names or with values in their places. A path that ends
// before a command ("/counters/{counter}", "/tickets/{ticket}") is found by what begins with it.
func itemOf(doc *openapi3.T, p string) *openapi3.PathItem {
	parts := strings.Split(p, "/")
	for template, item := range doc.Paths.Map() {
		want := strings.Split(template, "/")
		if len(want) == len(parts) && matches(want, parts) {
			return item
		}
	}
	for template, item := range doc.Paths.Map() {
		want := strings.Split(template, "/")
		if len(want) == len(parts)+1 && (strings.HasSuffix(p, "{counter}") || strings.HasSuffix(p, "{ticket}")) && matches(want[:len(parts)], parts) {
			return item
		}
	}
	return nil
}

func matches(template, parts []string) bool {
	for i := range parts {
		if template[i] != parts[i] && !strings.HasPrefix(template[i], "{") {
			return false
		}
	}
	return true
}
