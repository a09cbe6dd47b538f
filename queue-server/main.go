// Queue-server runs the queue of one office or many: it serves kiosks, boards,
// counters and phones, and has a command line for those who set it up. This file
// and its neighbours read flags, wire the parts together and print; they decide
// nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	_ "time/tzdata" // an office's time zone is known on every machine

	"github.com/alecthomas/kong"

	"antrean/queue-server/internal/control"
	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/server"
	"antrean/shared/i18n"
	"antrean/shared/reason"
)

// version is set by the linker.
var version = "unversioned"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "queue-server: "+explain(err))
	}
	os.Exit(exitCode(err))
}

// Exit codes. With exitAgain the process must be started again: the end of a
// commit is unknown, and the log will tell. It is EX_TEMPFAIL of sysexits.h.
const (
	exitFault = 1
	exitUsage = 2
	exitAgain = 75
)

// usageError is a command line that means nothing.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, office.ErrOutcomeUnknown):
		return exitAgain
	case errors.As(err, &usageError{}):
		return exitUsage
	default:
		return exitFault
	}
}

// explain is an error as the person at the command line reads it.
func explain(err error) string {
	if r, ok := reason.Of(err); ok && !errors.Is(err, office.ErrOutcomeUnknown) {
		args := i18n.Args{}
		for k, v := range r.Args {
			args[k] = v
		}
		return i18n.Text(language(), "refusal."+r.Code, args)
	}
	return err.Error()
}

// language is the one that the terminal is set to; English where it is not one of
// ours.
func language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			tag, _, _ := strings.Cut(v, ".")
			tag, _, _ = strings.Cut(tag, "_")
			for _, l := range i18n.Languages {
				if l == tag {
					return l
				}
			}
			return "en"
		}
	}
	return "en"
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// say prints a translated sentence on a line of its own.
func (t terminal) say(key string, args ...i18n.Args) {
	t.print("%s\n", i18n.Text(language(), "server."+key, args...))
}

// print writes to the output; who closed it has seen enough.
func (t terminal) print(format string, args ...any) { _, _ = fmt.Fprintf(t.out, format, args...) }

// grammar is the command line.
type grammar struct {
	Init    initCommand    `cmd:"" help:"Make a store with its first office, and the administrator's account."`
	Serve   serveCommand   `cmd:"" help:"Run the server on a store."`
	Office  officeCommand  `cmd:"" help:"Settings of offices, and the state of their logs."`
	Explain explainCommand `cmd:"" help:"Tell a ticket's story, and why each call went where it went."`
	Replay  replayCommand  `cmd:"" help:"Show the office as it stood after any event."`
	Day     dayCommand     `cmd:"" help:"Open and close the business day by hand."`
	Force   forceCommand   `cmd:"" help:"Open or close a service, or the office, against its hours."`
	Device  deviceCommand  `cmd:"" help:"Kiosks and boards."`
	User    userCommand    `cmd:"" help:"Accounts."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// run is the program: everything but the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var g grammar
	t := terminal{stdin, stdout, stderr}
	ended := false // --help has been printed
	parser, err := kong.New(&g,
		kong.Name("queue-server"),
		kong.Description("The queue of a public-service mall: tickets, counters, boards."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { ended = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
		kong.Vars{"force_reasons": forceReasons()},
	)
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	command, err := parser.Parse(args)
	switch {
	case ended:
		return nil
	case err != nil:
		return usageError{err}
	}
	return command.Run()
}

type versionCommand struct{}

func (versionCommand) Run(t terminal) error {
	t.print("queue-server %s\n", version)
	return nil
}

// folder is the flag that every command on a store has.
type folder struct {
	Data string `required:"" placeholder:"DIR" help:"The data folder."`
}

// ask has an operation done by the server that runs on the folder, else on the
// folder itself.
func (f folder) ask(ctx context.Context, t terminal, name string, in, out any) error {
	running, err := control.Dial(ctx, f.Data)
	switch {
	case err == nil:
		defer running.Close()
		return running.Do(ctx, name, in, out)
	case !errors.Is(err, control.ErrNoServer):
		return err
	}
	return alone(ctx, server.Config{Data: f.Data, Version: version, Log: logger(t)}, name, in, out)
}
