package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"antrean/display/internal/station"
	"antrean/display/internal/voice"
	"antrean/shared/device"
	"antrean/shared/ticket"
	"antrean/shared/trace"
)

type options struct {
	Server       string           `required:"" placeholder:"URL" help:"Where the queue server is, such as http://192.168.1.10:8080."`
	TokenFile    string           `placeholder:"FILE" type:"path" help:"File that holds this board's token; else the environment's ANTREAN_TOKEN."`
	Zone         *string          `placeholder:"ID" help:"Zone to show; empty for the whole hall. Default: the zone of the token's device."`
	Data         string           `placeholder:"DIR" type:"path" help:"Folder for what was spoken. Default: antrean-board in the user's state folder."`
	DiagonalInch float64          `default:"43" help:"Diagonal of the screen, in inches."`
	SeatMetres   float64          `default:"4" help:"Distance from the screen to the farthest seat, in metres."`
	Geometry     string           `placeholder:"WxH+X+Y" help:"Size and place of the window in pixels. Default: the whole screen."`
	Title        string           `default:"Antrean Board" help:"Title of the window."`
	Language     string           `default:"id" enum:"id,en" help:"Language of the screen: id or en. Each call is spoken in its visitor's."`
	Sound        string           `default:"default" placeholder:"DEVICE" help:"ALSA device to speak through (aplay -L lists them), or none."`
	WavDir       string           `placeholder:"DIR" type:"path" help:"Also write each announcement into this folder, as ID.wav."`
	Mute         bool             `help:"Show calls and never speak."`
	Trace        string           `placeholder:"FILE" type:"path" help:"Append what was received, drawn and said to this file, as JSON lines."`
	Version      kong.VersionFlag `help:"Print the version and exit."`

	token string
}

// errAnswered says that the command line was a question, which is answered by now.
var errAnswered = errors.New("answered")

func parse(args []string, out io.Writer) (o options, err error) {
	parser, err := kong.New(&o, kong.Name("board"), kong.Description("Shows and speaks the calls of a queue."),
		kong.Vars{"version": version}, kong.Writers(out, out), kong.Exit(func(int) { panic(errAnswered) }))
	if err != nil {
		return o, err
	}
	defer func() { // kong prints help and version, then asks to exit
		if r := recover(); r == errAnswered { //nolint:errorlint // it is that very value
			err = errAnswered
		} else if r != nil {
			panic(r)
		}
	}()
	if _, err := parser.Parse(args); err != nil {
		return o, err
	}
	if o.DiagonalInch < 5 || o.DiagonalInch > 300 || o.SeatMetres < 0.5 || o.SeatMetres > 50 {
		return o, fmt.Errorf("a screen of %g inches for a seat %g metres away: 5 to 300 inches and 0.5 to 50 metres are allowed", o.DiagonalInch, o.SeatMetres)
	}
	if o.token, err = device.Token(o.TokenFile); err != nil {
		return o, err
	}
	if o.Data == "" {
		if o.Data, err = device.Folder("antrean-board"); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (o *options) zone() *ticket.ZoneID {
	if o.Zone == nil {
		return nil
	}
	z := ticket.ZoneID(*o.Zone)
	return &z
}

// voice is what the board speaks with; nil where it shall not. Where it cannot,
// broken says so at once and not only at the first call.
func (o *options) voice(ctx context.Context, t *trace.File, log *slog.Logger) (spoken station.Voice, broken bool) {
	v := &voice.Voice{Device: o.Sound, Dir: o.WavDir, Trace: t}
	if v.Device == "none" {
		v.Device = ""
	}
	if o.Mute || (v.Device == "" && v.Dir == "") {
		return nil, false
	}
	err := v.Check(ctx)
	if err != nil {
		log.Error("calls will be shown but not heard", "err", err)
	}
	return v, err != nil
}
