package escpos

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/encoding/charmap"
)

//go:embed profiles.toml
var profilesTOML []byte

// Answers says whether a printer answers real-time questions.
type Answers string

const (
	Always Answers = "always" // its silence means that it is off
	Maybe  Answers = "maybe"  // known only once it has answered
	Never  Answers = "never"  // not asked
)

// Cut is how a ticket ends.
type Cut string

const (
	CutNone        Cut = "none"         // fed to the tear bar
	CutPartial     Cut = "partial"      // fed by lines, then cut at once
	CutFeedPartial Cut = "feed-partial" // the printer feeds to its cutter
)

// Beep is the command that makes a printer sound, where it can.
type Beep string

const (
	BeepNone  Beep = ""
	BeepClone Beep = "clone"
	BeepEpson Beep = "epson"
)

// Profile is what one kind of printer can do.
type Profile struct {
	Name       string  `toml:"-" json:"name"`
	Title      string  `toml:"title,omitempty" json:"title,omitempty"`
	Dots       int     `toml:"dots" json:"dots"`               // printable width, 8 dots a millimetre
	CodePage   string  `toml:"code_page" json:"code_page"`     // cp437, cp850, cp858 or cp1252
	PageNumber int     `toml:"page_number" json:"page_number"` // ESC t n for that page
	Kanji      bool    `toml:"cancel_kanji,omitempty" json:"cancel_kanji"`
	Answers    Answers `toml:"answers" json:"answers"`
	NativeQR   bool    `toml:"native_qr,omitempty" json:"native_qr"`
	ProcessID  bool    `toml:"process_id,omitempty" json:"process_id"`
	Automatic  bool    `toml:"automatic_status,omitempty" json:"automatic_status"`
	Clear      bool    `toml:"clear_buffers,omitempty" json:"clear_buffers"`
	Cut        Cut     `toml:"cut" json:"cut"`
	FeedLines  int     `toml:"feed_lines,omitempty" json:"feed_lines"` // to the cutter or tear bar
	Beep       Beep    `toml:"beep,omitempty" json:"beep"`
}

// cell is the width of a character of font A in dots.
const cell = 12

// Columns is how many characters of normal size fit on a line.
func (p Profile) Columns() int { return p.Dots / cell }

// pages are the code pages that an encoder knows, by their profile name.
func page(name string) *charmap.Charmap {
	switch name {
	case "cp437":
		return charmap.CodePage437
	case "cp850":
		return charmap.CodePage850
	case "cp858":
		return charmap.CodePage858
	case "cp1252":
		return charmap.Windows1252
	}
	return nil
}

// Profiles are the built-in ones, by name.
func Profiles() (map[string]Profile, error) {
	return readProfiles(bytes.NewReader(profilesTOML))
}

// LookUp finds a built-in profile by name, or reads the only profile of the
// TOML file that name is the path of.
func LookUp(name string) (Profile, error) {
	if strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".toml") {
		return readFile(name)
	}
	all, err := Profiles()
	if err != nil {
		return Profile{}, err
	}
	p, ok := all[name]
	if !ok {
		names := make([]string, 0, len(all))
		for n := range all {
			names = append(names, n)
		}
		slices.Sort(names)
		return Profile{}, fmt.Errorf("printer profile %q: want one of %s, or a .toml file", name, strings.Join(names, ", "))
	}
	return p, nil
}

func readFile(path string) (Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return Profile{}, fmt.Errorf("printer profile: %w", err)
	}
	defer func() { _ = f.Close() }()
	all, err := readProfiles(f)
	if err != nil {
		return Profile{}, fmt.Errorf("printer profile %s: %w", path, err)
	}
	if len(all) != 1 {
		return Profile{}, fmt.Errorf("printer profile %s: want one profile, found %d", path, len(all))
	}
	for _, p := range all {
		return p, nil
	}
	return Profile{}, nil
}

func readProfiles(r io.Reader) (map[string]Profile, error) {
	var all map[string]Profile
	if err := toml.NewDecoder(r).DisallowUnknownFields().Decode(&all); err != nil {
		return nil, err
	}
	for name, p := range all {
		p.Name = name
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = p
	}
	return all, nil
}

func (p Profile) check() error {
	switch {
	case p.Dots < 16*cell || p.Dots > 1024 || p.Dots%8 != 0:
		return fmt.Errorf("dots = %d: want 192 to 1024, in eights", p.Dots)
	case page(p.CodePage) == nil:
		return fmt.Errorf("code_page = %q: want cp437, cp850, cp858 or cp1252", p.CodePage)
	case p.PageNumber < 0 || p.PageNumber > 255:
		return fmt.Errorf("page_number = %d: want 0 to 255", p.PageNumber)
	case !slices.Contains([]Answers{Always, Maybe, Never}, p.Answers):
		return fmt.Errorf("answers = %q: want always, maybe or never", p.Answers)
	case !slices.Contains([]Cut{CutNone, CutPartial, CutFeedPartial}, p.Cut):
		return fmt.Errorf("cut = %q: want none, partial or feed-partial", p.Cut)
	case p.FeedLines < 0 || p.FeedLines > 20:
		return fmt.Errorf("feed_lines = %d: want 0 to 20", p.FeedLines)
	case !slices.Contains([]Beep{BeepNone, BeepClone, BeepEpson}, p.Beep):
		return fmt.Errorf("beep = %q: want clone or epson", p.Beep)
	}
	return nil
}

// WriteTOML writes p as a file that LookUp reads.
func (p Profile) WriteTOML(w io.Writer) error {
	return toml.NewEncoder(w).Encode(map[string]Profile{p.Name: p})
}
