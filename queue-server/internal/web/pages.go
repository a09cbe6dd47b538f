package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"antrean/shared/i18n"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pageData is what a template is filled with.
type pageData struct {
	Lang      string
	Section   string // the face's own section of texts
	Name      string // of the page: its script and its style class
	Static    func(string) string
	Languages []language
	Island    island
	Visit     *visitData // of the visitor's page only
	Why       string     // of the page "gone" only: link, page, fault
}

// language is an entry of the switch.
type language struct {
	Tag, Name, URL string
	Current        bool
}

// island is the data that a page's script starts from, as JSON inside the page.
type island struct {
	Lang  string            `json:"lang"`
	Now   time.Time         `json:"now"` // the server's wall time
	Paths map[string]string `json:"paths"`
	Texts map[string]any    `json:"texts"` // "counter.call_next" -> text, or plural table
	Frame json.RawMessage   `json:"frame,omitempty"`
}

func parsePages() (map[string]*template.Template, error) {
	funcs := template.FuncMap{"text": i18n.Text, "arg": func(name string, value any) i18n.Args { return i18n.Args{name: value} }}
	out := map[string]*template.Template{}
	for _, name := range []string{"login", "password", "counter", "supervisor", "visit", "gone"} {
		t, err := template.New(name).Funcs(funcs).ParseFS(pageFiles, "pages/layout.html", "pages/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		out[name] = t
	}
	return out, nil
}

// shared are the sections of texts that every page has; also, those that a page has
// beside its own.
var (
	shared = []string{"web", "closed", "refusal"}
	also   = map[string][]string{"supervisor": {"counter", "alert"}}
)

// data fills what all pages have: the texts of the page's own section and of those
// above, and the switch of languages.
func (s *site) data(r *http.Request, lang, section string, paths map[string]string) pageData {
	texts := map[string]any{}
	for key, text := range s.texts[lang] {
		at, _, _ := strings.Cut(key, ".")
		if at == section || slices.Contains(shared, at) || slices.Contains(also[section], at) {
			texts[key] = text
		}
	}
	d := pageData{
		Lang: lang, Section: section, Static: s.static.url,
		Island: island{Lang: lang, Now: s.Now().UTC(), Paths: paths, Texts: texts},
	}
	for _, tag := range i18n.Languages {
		q := r.URL.Query()
		q.Set("lang", tag)
		d.Languages = append(d.Languages, language{
			Tag: tag, Name: i18n.Text(tag, "common.language_name"), Current: tag == lang,
			URL: (&url.URL{RawQuery: q.Encode()}).String(),
		})
	}
	return d
}
