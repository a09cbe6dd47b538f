// Command printer is the technician's tool: it finds ticket printers, asks them
// what they can do and how they are, prints a test ticket, and is itself a
// printer made of software where there is none.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	JSON bool `help:"Write one JSON object a line, for scripts."`

	List    listCmd    `cmd:"" help:"List the ports that may have a printer, and what answers there."`
	Probe   probeCmd   `cmd:"" help:"Ask a printer what it can do, and derive a profile."`
	Status  statusCmd  `cmd:"" help:"Ask a printer how it is."`
	Test    testCmd    `cmd:"" help:"Print a test ticket and say what became of it."`
	Virtual virtualCmd `cmd:"" help:"Be a printer: on a pseudo-terminal or a TCP port, with paper in PNG files."`
}

// session is what a command may use.
type session struct {
	ctx  context.Context
	in   io.Reader
	out  io.Writer
	json bool
}

// say writes v as a line of JSON, or line for people.
func (s *session) say(v any, line string) error {
	if s.json {
		return json.NewEncoder(s.out).Encode(v)
	}
	_, err := fmt.Fprintln(s.out, line)
	return err
}

// errReported: what is wrong has been said on the output.
var errReported = errors.New("not well")

func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) error {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("printer"),
		kong.Description("Ticket printers: find, ask, test, imitate.\n\n"+
			"A port is serial:/dev/ttyUSB0?baud=19200&flow=none, tcp:192.168.1.50:9100 or file:/dev/usb/lp0."),
		kong.Writers(out, errs),
		kong.Exit(func(int) { exited = true }),
	)
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if exited { // --help has said it all
		return nil
	}
	if err != nil {
		return err
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(errs, nil)))
	return command.Run(&session{ctx: ctx, in: in, out: out, json: c.JSON})
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "printer:", err)
		}
		os.Exit(1)
	}
}
