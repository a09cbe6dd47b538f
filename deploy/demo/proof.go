//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A proof is one visit, and what is known of it so far.
type proof struct {
	*house
	browser *browser
	folder  string // what is left for people to look at
	out     io.Writer
	time    timeline

	number  string // as the kiosk printed it
	link    string // as the paper says it
	tapped  time.Time
	pressed time.Time
	called  boardEvent
	before  image.Image // the board's screen, before the call
}

// The visit's own choices.
const (
	visitAgency  = "dpmptsp"
	visitService = "nib"
	visitCounter = "loket-3"
	counterLabel = "3"
)

// prove runs one visit through all programs. Its error names the step that is not
// true. It has left everything that it saw in folder.
func prove(ctx context.Context, folder string, out io.Writer) (err error) {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	h, err := newHouse()
	if err != nil {
		return err
	}
	p := &proof{house: h, folder: folder, out: out, time: timeline{began: time.Now()}}
	defer func() { err = errors.Join(err, p.leave(err)) }()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"the house opens", p.openHouse},
		{"a visitor takes a ticket at the kiosk", p.takeTicket},
		{"the paper comes out, and its QR code is the visitor's link", p.readPaper},
		{"the phone follows the link", p.openPhone},
		{"an officer logs in and opens a counter", p.openCounter},
		{"the board stands there before the call", p.boardBefore},
		{"the officer presses, and the number is called", p.callNext},
		{"the board shows the number and the counter", p.readBoard},
		{"the board has said it", p.hearBoard},
		{"the phone says that it is called", p.phoneCalled},
		{"the counter starts and finishes", p.finish},
		{"the phone says that it is over", p.phoneDone},
		{"the kiosk is back at its start", p.kioskBack},
		{"no program drew from a wrong thread", p.quietLogs},
	} {
		began := time.Now()
		if err := step.do(ctx); err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = fmt.Errorf("%w (%w)", err, cause)
			}
			return fmt.Errorf("not true: %s: %w", step.name, err)
		}
		fmt.Fprintf(out, "%6.1f s  true: %s (%.1f s)\n", time.Since(p.time.began).Seconds(), step.name, time.Since(began).Seconds())
	}
	return nil
}

// leave writes what is known, ends everything, and tells where to look.
func (p *proof) leave(failed error) error {
	var errs []error
	if p.browser != nil {
		p.browser.close()
	}
	errs = append(errs, p.keep("timeline.txt", []byte(p.time.String())))
	for _, from := range []string{p.kioskTrace, p.boardTrace} {
		if err := p.keepFile(filepath.Base(from), from); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if failed != nil {
		errs = append(errs, os.CopyFS(filepath.Join(p.folder, "logs"), os.DirFS(p.logs)))
	}
	errs = append(errs, p.close())
	fmt.Fprintf(p.out, "\n%s\nLook into %s/\n", p.time.String(), p.folder)
	return errors.Join(errs...)
}

func (p *proof) keep(name string, b []byte) error {
	return os.WriteFile(filepath.Join(p.folder, name), b, 0o644)
}

func (p *proof) keepFile(name, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return p.keep(name, b)
}

// keepScreen keeps a picture of a screen once it stands still: a page is traced
// when it is put on the glass, and painted a moment later.
func (p *proof) keepScreen(ctx context.Context, name string, s *screen) error {
	var last []byte
	err := p.awaits(ctx, "the screen stands still", func() (bool, error) {
		_, b, err := s.picture(ctx)
		still := err == nil && bytes.Equal(b, last)
		last = b
		return still, err
	})
	if err != nil {
		return err
	}
	return p.keep(name, last)
}

func (p *proof) openHouse(ctx context.Context) error {
	if err := p.virtualScreens(ctx); err != nil {
		return err
	}
	if err := p.open(ctx, ""); err != nil {
		return err
	}
	for title, s := range map[string]*screen{kioskTitle: p.kiosk.screen, boardTitle: p.board.screen} {
		if _, err := s.window(ctx, title); err != nil {
			return err
		}
	}
	if _, err := p.boardEvent(ctx, "its first view", func(e boardEvent) bool { return e.Event == "shown" }); err != nil {
		return err
	}
	var err error
	p.browser, err = openBrowser(ctx, p.dir)
	return err
}

func (p *proof) photograph(tab context.Context, name string) error {
	b, err := photograph(tab)
	if err != nil {
		return err
	}
	return p.keep(name, b)
}

// quietLogs looks for the line by which Fyne betrays a fault that no picture shows.
func (p *proof) quietLogs(context.Context) error {
	for _, c := range p.children {
		if strings.Contains(c.Said(), "*** Error in Fyne call thread") {
			return fmt.Errorf("%s has touched its window from a wrong goroutine: see its log", c.Name)
		}
	}
	return nil
}
