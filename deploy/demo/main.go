//go:build linux

// Command demo runs the whole house of Antrean on one machine, from the programs in
// bin/: "demo run" until Ctrl-C, "demo proof" through one visit that is checked at
// every step. Run it from the top of the repository. It ends only what it started.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

const usage = `usage: demo run   [--listen ADDRESS]   the house until Ctrl-C
       demo proof [--out FOLDER]       one visit, checked at every step`

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	flags := flag.NewFlagSet("demo "+args[0], flag.ContinueOnError)
	flags.SetOutput(out)
	listen := flags.String("listen", "", "address to serve on; empty: a free port of this machine alone")
	folder := flags.String("out", "demo", "folder for what the proof leaves")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "run":
		return runHouse(ctx, *listen, out)
	case "proof":
		ctx, cancel := context.WithTimeoutCause(ctx, 2*time.Minute, errors.New("the demo has to be over in two minutes"))
		defer cancel()
		return prove(ctx, *folder, out)
	}
	return errors.New(usage)
}
