package config

import (
	"errors"
	"strings"
	"testing"
)

type hall struct {
	Format  int               `toml:"format"`
	Kiosk   kiosk             `toml:"kiosk"`
	Counter []counter         `toml:"counter"`
	Names   map[string]string `toml:"names"`
	Tiny    uint8             `toml:"tiny"`
	Level   level             `toml:"level"`
	Hidden  string            `toml:"-"`
}

type kiosk struct {
	Server string `toml:"server"`
	Wait   *int   `toml:"wait"`
}

type counter struct {
	ID     string   `toml:"id"`
	Also   []string `toml:"also"`
	Breaks []struct {
		From string `toml:"from"`
		To   string `toml:"to"`
	} `toml:"breaks"`
}

type level struct{ name string }

func (l *level) UnmarshalText(b []byte) error {
	if string(b) != "low" && string(b) != "high" {
		return errors.New("a level is low or high")
	}
	l.name = string(b)
	return nil
}

func TestAGoodFileIsReadWhole(t *testing.T) {
	var h hall
	err := Decode("hall.toml", []byte("\ufeffformat = 1\r\nlevel = \"low\"\r\n[kiosk]\r\nserver = \"x\" # why\r\nwait = 3\r\n"+
		"[[counter]]\nid = \"a\"\nalso = [\n  \"b\",\n  \"c\",\n]\nbreaks = [{ from = \"1\", to = \"2\" }, { from = \"3\" }]\n[names]\nid = \"N\"\n"), &h)
	if err != nil {
		t.Fatal(err)
	}
	if h.Format != 1 || *h.Kiosk.Wait != 3 || h.Counter[0].Also[1] != "c" || h.Counter[0].Breaks[1].From != "3" || h.Names["id"] != "N" || h.Level.name != "low" {
		t.Errorf("read %+v", h)
	}
}

// Each of these must be told with its line and what would have been right.
func TestAMistakeNamesFileLineAndWhatIsAllowed(t *testing.T) {
	for _, c := range []struct {
		name, text string
		line       int
		says       []string
	}{
		{"an unknown key at the top", "format = 1\nformt = 2\n", 2, []string{`unknown key "formt"`, "format, kiosk"}},
		{"an unknown key in a table", "[kiosk]\nserver = \"x\"\nwiat = 3\n", 3, []string{`"wiat" in kiosk`, "server, wait"}},
		{"an unknown key in the second of a list", "[[counter]]\nid = \"a\"\n[[counter]]\nid = \"b\"\nlabel = \"c\"\n", 5, []string{`"label" in counter`, "also, breaks, id"}},
		{"an unknown key in an inline table", "[[counter]]\nbreaks = [\n { from = \"1\" },\n { fron = \"1\" } ]\n", 4, []string{`"fron" in counter.breaks`, "from, to"}},
		{"an unknown table", "format = 1\n[printer]\nport = 1\n", 2, []string{`unknown key "printer"`, "counter"}},
		{"the wrong letter case", "Format = 1\n", 1, []string{`unknown key "Format"`}},
		{"a field kept from files", "Hidden = \"x\"\n", 1, []string{`unknown key "Hidden"`}},
		{"a text for a number", "\nformat = \"1\"\n", 2, []string{`"format" must be a whole number, not a text`}},
		{"a fraction for a number", "format = 1.5\n", 1, []string{`must be a whole number`}},
		{"a number for a text", "[kiosk]\nserver = 8080\n", 2, []string{`"server" must be a text in quotes, not a whole number`}},
		{"a number in a list of texts", "[[counter]]\nalso = [\n\"a\",\n2,\n]\n", 2, []string{"must be a text"}},
		{"a text for a table", "kiosk = \"x\"\n", 1, []string{`"kiosk" must be a table`, "server, wait"}},
		{"a table for a list", "[counter]\nid = \"a\"\n", 1, []string{`"counter" must be a list`}},
		{"a list for a table", "[[kiosk]]\nserver = \"a\"\n", 1, []string{`"kiosk" must be one table, written [kiosk]`}},
		{"a number too large", "format = 1\ntiny = 300\n", 2, []string{`"tiny" does not fit`}},
		{"a text that its type refuses", "format = 1\nlevel = \"loud\"\n", 2, []string{`a level is low or high`}},
		{"a broken line", "format = 1\nkiosk = [\n", 2, nil},
		{"a key twice", "format = 1\nformat = 2\n", 2, nil},
		{"bytes that are no text", "format = 1\n# \xff\n", 2, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Decode("hall.toml", []byte(c.text), new(hall))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("no *Error but %v", err)
			}
			if e.File != "hall.toml" || !strings.HasPrefix(err.Error(), "hall.toml:") {
				t.Errorf("the file is not named: %v", err)
			}
			// Inside a list of several lines, the list's line will do.
			if e.Line != c.line && (c.line != 2 || e.Line < 2 || e.Line > 4) {
				t.Errorf("line %d, want %d: %v", e.Line, c.line, err)
			}
			for _, s := range c.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q does not say %q", err, s)
				}
			}
		})
	}
}

func TestSeveralMistakesAreToldAtOnceEachOnce(t *testing.T) {
	err := Decode("f", []byte("a = 1\n[b]\nx = 1\ny = 2\n[kiosk]\nc = 1\nwait = \"x\"\n"), new(hall))
	var es Errors
	if !errors.As(err, &es) || len(es) != 4 {
		t.Fatalf("want 4 mistakes, got %v", err)
	}
}

func TestEveryKeyHasItsLine(t *testing.T) {
	l := LinesOf([]byte("format = 1\n\n[kiosk]\nserver = \"x\"\n[[counter]]\nid = \"a\"\n[[counter]]\nid = \"b\"\nbreaks = [\n  { from = \"1\", to = \"2\" },\n  { from = \"3\", to = \"4\" },\n]\n[counter.more]\nz = 1\n"))
	for _, c := range []struct {
		line int
		path []any
	}{
		{1, []any{"format"}},
		{3, []any{"kiosk"}},
		{4, []any{"kiosk", "server"}},
		{7, []any{"counter", 1}},
		{8, []any{"counter", 1, "id"}},
		{11, []any{"counter", 1, "breaks", 1, "to"}},
		{14, []any{"counter", 1, "more", "z"}},
		{7, []any{"counter", 1, "nothing", "here"}}, // the nearest thing around it
		{0, []any{"nowhere"}},
	} {
		if got := l.Of(c.path...); got != c.line {
			t.Errorf("Of(%v) = %d, want %d", c.path, got, c.line)
		}
	}
}

func TestDecodingIntoNothingUsefulIsAnErrorNotAPanic(t *testing.T) {
	for _, into := range []any{nil, hall{}, new(int)} {
		if err := Decode("f", nil, into); err == nil {
			t.Errorf("Decode into %T was accepted", into)
		}
	}
}

func FuzzDecodeNeverPanics(f *testing.F) {
	f.Add([]byte("format = 1\n[kiosk]\nserver = \"x\"\n[[counter]]\nbreaks = [ { from = \"1\" } ]\n"))
	f.Add([]byte("a.b.c = [[{x=1}]]\n[[a]]\n[a.b]\n"))
	f.Add([]byte("[[counter]]\n[counter.breaks]\n"))
	f.Add([]byte("\xef\xbb\xbf"))
	f.Fuzz(func(t *testing.T, data []byte) {
		LinesOf(data)
		var h hall
		if err := Decode("f", data, &h); err != nil {
			if e := (*Error)(nil); !errors.As(err, &e) {
				t.Errorf("not an *Error: %v", err)
			}
		}
	})
}
