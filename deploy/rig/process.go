//go:build linux

// Package rig starts the programs of the house as children, for the demo and the
// figures: as they were built, on folders that vanish, and ended by the id under
// which they were started.
package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Grace is how long a program may take to end by itself.
const Grace = 8 * time.Second

// A Child is a program that we started. Only it and its descendants are
// ever ended, by its own process group.
type Child struct {
	Log  string          // the file of everything that it printed
	Done <-chan struct{} // closed when it has ended

	Name string
	cmd  *exec.Cmd
	done chan struct{} // err is set before it is closed
	err  error
}

// A Program says what to start.
type Program struct {
	Name string
	Path string
	Args []string
	Env  []string // besides our own environment
}

// Start runs p with its output in logs/NAME.log. The child has a process group of
// its own, so a Ctrl-C reaches it through us, in our order; should we be killed
// ourselves, the kernel tells it to end.
func Start(logs string, p Program) (*Child, error) {
	done := make(chan struct{})
	c := &Child{Name: p.Name, Log: filepath.Join(logs, p.Name+".log"), Done: done, done: done}
	out, err := os.Create(c.Log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	c.cmd = exec.Command(p.Path, p.Args...)
	c.cmd.Env = append(os.Environ(), p.Env...)
	c.cmd.Stdout, c.cmd.Stderr = out, out
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	go func() { // ends with the program; Stop waits for it
		c.err = c.cmd.Wait()
		close(c.done)
	}()
	return c, nil
}

// Ended reports whether the program has ended.
func (c *Child) Ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// Stop asks the program to end, waits, and insists. It returns how it ended where
// that was not in peace.
func (c *Child) Stop() error {
	group := -c.cmd.Process.Pid
	if !c.Ended() {
		_ = syscall.Kill(group, syscall.SIGTERM) // it may have ended just now
		select {
		case <-c.done:
		case <-time.After(Grace):
			_ = syscall.Kill(group, syscall.SIGKILL)
			<-c.done
			return fmt.Errorf("%s had to be killed: it did not end within %v", c.Name, Grace)
		}
	}
	_ = syscall.Kill(group, syscall.SIGKILL) // what it left behind; there is nothing as a rule
	var exit *exec.ExitError
	if errors.As(c.err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM {
		return nil
	}
	if c.err != nil {
		return fmt.Errorf("%s: %w", c.Name, c.err)
	}
	return nil
}

// Said is everything that the program has said so far.
func (c *Child) Said() string {
	b, err := os.ReadFile(c.Log)
	if err != nil {
		return ""
	}
	return string(b)
}

// Tail is the end of what the program said, for a message about its failure.
func (c *Child) Tail() string {
	lines := strings.Split(strings.TrimSpace(c.Said()), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}

// Output runs a program to its end and returns what it printed.
func Output(ctx context.Context, p Program) (string, error) {
	cmd := exec.CommandContext(ctx, p.Path, p.Args...)
	cmd.Env = append(os.Environ(), p.Env...)
	cmd.WaitDelay = time.Second
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", p.Name, err, strings.TrimSpace(errs.String()))
	}
	return string(out), nil
}

// Eventually asks again and again until is says yes, ctx ends or the time is over.
// The error tells what was awaited and, where is gave one, why it is not so.
func Eventually(ctx context.Context, within time.Duration, what string, is func() (bool, error)) error {
	late := time.NewTimer(within)
	defer late.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := is()
		if ok {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		case <-late.C:
			if err == nil {
				err = context.DeadlineExceeded
			}
			return fmt.Errorf("%s: not within %v: %w", what, within, err)
		}
	}
}

// PID is the child's process id.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Lines reads a file of JSON objects, one a line, as far as it is written. What is
// no whole line of JSON is passed over: programs also talk to people there.
func Lines[T any](path string) ([]T, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []T
	for line := range bytes.Lines(b) {
		var one T
		if bytes.HasSuffix(line, []byte("}\n")) && json.Unmarshal(line, &one) == nil {
			all = append(all, one)
		}
	}
	return all, nil
}
