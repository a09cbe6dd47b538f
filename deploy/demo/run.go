//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"antrean/deploy/rig"
)

// runHouse is what make run does: the whole house until Ctrl-C.
func runHouse(ctx context.Context, listen string, out io.Writer) (err error) {
	h, err := newHouse()
	if err != nil {
		return err
	}
	defer func() {
		fmt.Fprintln(out, "\nending everything")
		err = errors.Join(err, h.close())
	}()
	where, err := h.chooseScreens(ctx, os.Getenv("DISPLAY"))
	if err != nil {
		return err
	}
	if err := h.open(ctx, listen); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	fmt.Fprintf(out, `
Antrean is running. Ctrl-C ends it.

  counter   %[1]s/counter   log in as %[2]s, one-time password %[3]s
  admin     log in as admin, one-time password %[4]s
  screens   %[5]s
  sounds    %[6]s
  paper     %[7]s
  logs      %[8]s
`, h.server.URL, h.officer.user, h.officer.oneTime, h.server.AdminPassword, where, h.sounds, h.paper, h.logs)
	return h.wait(ctx)
}

// wait returns when ctx ends, or with an error when a program does.
func (h *house) wait(ctx context.Context) error {
	died := make(chan *rig.Child, len(h.children))
	for _, c := range h.children {
		go func() { // ends with the program, which close ends
			<-c.Done
			died <- c
		}()
	}
	select {
	case <-ctx.Done():
		return nil
	case c := <-died:
		return fmt.Errorf("%s has ended by itself:\n%s", c.Name, c.Tail())
	}
}

// chooseScreens puts both windows on the given display, small enough for an old
// laptop's, or each on a virtual one
// of ours where there is none. It says in words where they are.
func (h *house) chooseScreens(ctx context.Context, display string) (string, error) {
	if display != "" {
		s := &screen{display: display}
		h.kiosk = place{screen: s, geometry: "396x704+10+10"}
		h.board = place{screen: s, geometry: "912x513+420+10"}
		return "kiosk and board are windows on this one", nil
	}
	if err := h.virtualScreens(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("virtual: kiosk %s, board %s; a picture: import -display %[1]s -window root kiosk.png", h.kiosk.screen.display, h.board.screen.display), nil
}

// virtualScreens gives kiosk and board a screen each, which they fill.
func (h *house) virtualScreens(ctx context.Context) error {
	for _, s := range []struct {
		place         *place
		name          string
		width, height int
	}{{&h.kiosk, "screen-kiosk", 1080, 1920}, {&h.board, "screen-board", 1920, 1080}} {
		made, err := virtualScreen(ctx, h.logs, s.name, s.width, s.height)
		if err != nil {
			return err
		}
		h.screens = append(h.screens, made)
		s.place.screen = made
	}
	return nil
}
