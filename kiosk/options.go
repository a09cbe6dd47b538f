package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"antrean/kiosk/internal/ui"
	"antrean/shared/device"
	"antrean/shared/screen"
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
	TestPage       bool             `help:"Print a test page on this kiosk's printer and exit: 0 it is out, 1 nothing was printed, 2 it may be out, 3 it is out but the server did not answer."`
	Version        kong.VersionFlag `help:"Print the version."`

	token  string
	screen ui.Screen
	window screen.Place
}

const noPrinter = "none"

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
	checks := []func() error{o.readToken, o.readScreen, o.makeFolder}
	if o.TestPage { // a technician may be here by ssh, while the kiosk runs
		checks = []func() error{o.readToken, o.needPrinter}
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *options) readToken() (err error) {
	o.token, err = device.Token(o.TokenFile)
	return err
}

func (o *options) readScreen() (err error) {
	if o.DiagonalInch < 5 || o.DiagonalInch > 120 {
		return fmt.Errorf("--diagonal-inch=%g: between 5 and 120", o.DiagonalInch)
	}
	if o.window, err = screen.Window(o.Geometry); err != nil {
		return err
	}
	o.screen = ui.Screen{Width: o.window.Width, Height: o.window.Height, Diagonal: o.DiagonalInch}
	return o.screen.Check()
}

func (o *options) makeFolder() (err error) {
	if o.Data == "" {
		if o.Data, err = device.Folder("antrean-kiosk"); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	return nil
}

// needPrinter is for --test-page, which has nothing to do without one.
func (o *options) needPrinter() error {
	if o.Printer == noPrinter {
		return errors.New("--test-page needs --printer ADDRESS (the tool 'printer list' finds it)")
	}
	return nil
}
