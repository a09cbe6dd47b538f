// Package i18n holds every text that people read, by key, one file a language.
// Messages are go-i18n's: "waiting_count" may have one and other, and names its
// values as {{.Count}}. Indonesian is the default and the fallback.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed texts/*.toml
var files embed.FS

// Default is the language of last resort.
const Default = "id"

// Languages are those that the house speaks, the default first.
var Languages = []string{"id", "en"}

var load = sync.OnceValues(func() (*i18n.Bundle, error) {
	b := i18n.NewBundle(language.Indonesian)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, l := range Languages {
		if _, err := b.LoadMessageFileFS(files, "texts/"+l+".toml"); err != nil {
			return nil, fmt.Errorf("texts of %s: %w", l, err)
		}
	}
	return b, nil
})

// Args are the values that a text names. "Count" also chooses the plural form.
type Args map[string]any

// Text is the text of key in the language asked for, else in the default one. A
// missing key shows itself, so that a tester sees it; a test fails on it first.
func Text(lang, key string, args ...Args) string {
	b, err := load()
	if err != nil {
		return key
	}
	cfg := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		cfg.TemplateData = map[string]any(args[0])
		if n, ok := args[0]["Count"]; ok {
			cfg.PluralCount = n
		}
	}
	s, err := i18n.NewLocalizer(b, lang, Default).Localize(cfg)
	if err != nil && s == "" {
		return key
	}
	return s
}

// Negotiate picks the best language that the house speaks for an
// Accept-Language header or a bare tag; nothing understood is the default.
func Negotiate(accept string) string {
	tags := make([]language.Tag, len(Languages))
	for i, l := range Languages {
		tags[i] = language.MustParse(l)
	}
	asked, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(asked) == 0 {
		return Default
	}
	_, i, confidence := language.NewMatcher(tags).Match(asked...)
	if confidence == language.No {
		return Default
	}
	return Languages[i]
}

// Section returns the raw messages of one language below prefix, for a page that
// fills in live values itself: key -> text, or key -> {"one": ..., "other": ...}.
func Section(lang, prefix string) (json.RawMessage, error) {
	all, err := Raw(lang)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for k, v := range all {
		if rest, ok := strings.CutPrefix(k, prefix+"."); ok {
			out[rest] = v
		}
	}
	return json.Marshal(out)
}

// Raw returns all messages of one language, flattened: key -> text or plural table.
func Raw(lang string) (map[string]any, error) {
	b, err := files.ReadFile("texts/" + lang + ".toml")
	if err != nil {
		return nil, fmt.Errorf("no texts of language %q", lang)
	}
	tree := map[string]any{}
	if err := toml.Unmarshal(b, &tree); err != nil {
		return nil, err
	}
	out := map[string]any{}
	flatten("", tree, out)
	return out, nil
}

func flatten(at string, tree, out map[string]any) {
	if _, plural := tree["other"].(string); plural {
		out[at] = tree
		return
	}
	for k, v := range tree {
		key := strings.TrimPrefix(at+"."+k, ".")
		if sub, ok := v.(map[string]any); ok {
			flatten(key, sub, out)
		} else {
			out[key] = v
		}
	}
}

// Keys lists the keys of one language in order.
func Keys(lang string) ([]string, error) {
	raw, err := Raw(lang)
	if err != nil {
		return nil, err
	}
	keys := make([]string, 0, len(raw))
	for k := range raw {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys, nil
}
