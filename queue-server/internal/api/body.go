package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

const (
	bodyTime = 10 * time.Second // a whole body takes no longer
	maxDepth = 8                // of arrays and objects in each other
)

// readBody reads at most wire.MaxBody bytes within bodyTime.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, ErrMediaType
	}
	// A server that cannot set deadlines (a test's recorder) has no slow bodies either.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxBody))
	_ = control.SetReadDeadline(time.Time{})
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, ErrBodyTooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) {
		w.Header().Set("Connection", "close")
		return nil, ErrBodySlow
	}
	return body, err
}

// decode reads exactly one JSON object into a pointer to a struct of package wire.
// Names are matched as they are written, each once; every text is bounded.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return ErrBadJSON
	}
	if err := checkShape(body); err != nil {
		return err
	}
	if err := checkNames(body, reflect.TypeOf(into).Elem()); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return shapeError(err)
	}
	return checkTexts(reflect.ValueOf(into).Elem())
}

// checkShape finds the end of the one object, and how deep it goes.
func checkShape(body []byte) error {
	if !json.Valid(body) {
		return ErrBadJSON // also where something follows the object
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); trimmed[0] != '{' {
		return ErrNotObject
	}
	depth, inText := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return ErrTooDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// checkNames is stricter than encoding/json, which takes "ID" for "id" and the
// last of two.
func checkNames(body []byte, t reflect.Type) error {
	known := map[string]bool{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = true
	}
	seen := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil {
		return ErrBadJSON
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return ErrBadJSON
		}
		field := name.(string) // a key of an object that json.Valid has passed
		switch {
		case !known[field]:
			return ErrUnknownField.With("field", short(field))
		case seen[field]:
			return ErrTwiceField.With("field", field)
		}
		seen[field] = true
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			return ErrBadJSON
		}
	}
	return nil
}

func shapeError(err error) error {
	if errors.Is(err, ticket.ErrID) {
		return ErrBadTicketID
	}
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		return ErrFieldType.With("field", short(mismatch.Field))
	}
	if late := (*time.ParseError)(nil); errors.As(err, &late) || strings.Contains(err.Error(), "Time.UnmarshalJSON") {
		return ErrBadTime
	}
	return ErrBadJSON
}

// checkTexts bounds every text of a struct to wire.MaxText characters.
func checkTexts(v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.String && utf8.RuneCountInString(f.String()) > wire.MaxText {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			return ErrTextTooLong.With("field", name)
		}
	}
	return nil
}

// short keeps a refusal from repeating a long text of the asker's.
func short(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// keyOf is the command's idempotency key: 1 to 200 visible ASCII characters.
func keyOf(h http.Header) (string, error) {
	keys := h.Values(wire.HeaderKey)
	if len(keys) == 0 || len(keys) == 1 && keys[0] == "" {
		return "", ErrKeyMissing
	}
	k := keys[0]
	if len(keys) > 1 || len(k) > wire.MaxText || strings.ContainsFunc(k, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", ErrKeyWrong
	}
	return k, nil
}

// deviceTime is what the device's clock said; zero where it said nothing.
func deviceTime(h http.Header) (time.Time, error) {
	s := h.Get(wire.HeaderAsked)
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, ErrDeviceTime
	}
	return t, nil
}

// required refuses the first empty one of name, value, name, value ...
func required(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			return ErrMissingField.With("field", pairs[i])
		}
	}
	return nil
}

// isCode reports whether s is a code and no text that somebody typed.
func isCode(s string) bool {
	return len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

var _ error = (*reason.Refusal)(nil)
