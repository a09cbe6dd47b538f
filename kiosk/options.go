package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"antrean/kiosk/internal/ui"
	"antrean/kiosk/internal/xscreen"
)

// options are the flags, and what follows from them.
type options struct {
	Server         string           `required:"" placeholder:"URL" help:"The queue server, such as http://192.168.1.10:8080."`
	TokenFile      string           `placeholder:"FILE" help:"File with this kiosk's device token; without it, ANTREAN_TOKEN."`
	Printer        string           `default:"none" placeholder:"ADDRESS" help:"serial:/dev/serial/by-id/...?baud=19200, tcp:192.168.1.50:9100, file:/dev/usb/lp0, or none."`
	PrinterProfile string           `placeholder:"NAME" help:"The printer's profile, or a file of one (see the tool 'printer')."`
	DiagonalInch   float64          `default:"21.5" help:"The screen's diagonal: sizes are millimetres on the glass."`
	Geometry       string           `placeholder:"WxH[+X+Y]" help:"The window's pixels; the whole screen where not given."`
	Title          string           `default:"Antrean Kiosk" help:"The window's title."`
	Trace          string           `placeholder:"FILE" help:"Write shown pages, taps and milestones there, a JSON object a line."`
	Data           string           `placeholder:"DIR" help:"This kiosk's own folder; it is made where missing (default: ~/.local/state/antrean-kiosk)."`
	Version        kong.VersionFlag `help:"Print the version."`

	token  string
	screen ui.Screen
	x, y   int
}

// parse reads the flags. Nil without an error means that help or the version was
// asked for and given.
func parse(args []string, out io.Writer) (*options, error) {
	o, done := &options{}, false
	k, err := kong.New(o, kong.Name("kiosk"), kong.Description("The touch screen at which visitors take a queue number."),
		kong.Vars{"version": version}, kong.Writers(out, out), kong.Exit(func(int) { done = true }))
	if err != nil {
		return nil, err
	}
	_, err = k.Parse(args)
	if done {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w (kiosk --help lists the flags)", err)
	}
	for _, check := range []func() error{o.readToken, o.readScreen, o.makeFolder} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *options) readToken() error {
	o.token = os.Getenv("ANTREAN_TOKEN")
	if o.TokenFile != "" {
		b, err := os.ReadFile(o.TokenFile)
		if err != nil {
			return fmt.Errorf("--token-file: %w", err)
		}
		o.token = string(b)
	}
	if o.token = strings.TrimSpace(o.token); o.token == "" {
		return errToken
	}
	if len(strings.Fields(o.token)) != 1 {
		return fmt.Errorf("the device token is one word, alone in its file: %w", errToken)
	}
	return nil
}

var geometry = regexp.MustCompile(`^(\d{3,5})x(\d{3,5})(?:\+(\d{1,5})\+(\d{1,5}))?$`)

func (o *options) readScreen() error {
	if o.DiagonalInch < 5 || o.DiagonalInch > 120 {
		return fmt.Errorf("--diagonal-inch=%g: between 5 and 120", o.DiagonalInch)
	}
	o.screen.Diagonal = o.DiagonalInch
	m := geometry.FindStringSubmatch(o.Geometry)
	if o.Geometry != "" && m == nil {
		return fmt.Errorf("--geometry=%s: write WIDTHxHEIGHT or WIDTHxHEIGHT+X+Y, in pixels, such as 1080x1920", o.Geometry)
	}
	w, h, err := xscreen.Size() // also where the size is given: without a display nothing can be shown
	if err != nil {
		return err
	}
	o.screen.Width, o.screen.Height = w, h
	if m != nil {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // digits only; the place may be missing
		}
		o.screen.Width, o.screen.Height, o.x, o.y = n[0], n[1], n[2], n[3]
	}
	return o.screen.Check()
}

func (o *options) makeFolder() error {
	if o.Data == "" {
		state := os.Getenv("XDG_STATE_HOME")
		if state == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return errors.New("--data DIR is needed: there is no home folder")
			}
			state = filepath.Join(home, ".local", "state")
		}
		o.Data = filepath.Join(state, "antrean-kiosk")
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	return nil
}
