//go:build linux

package main

import (
	"context"
	"fmt"
	"image"
	"slices"
	"time"

	"antrean/deploy/rig"
	"antrean/shared/ticket"
)

// kioskEvent is a line of the kiosk's --trace.
type kioskEvent struct {
	T      int64      `json:"t"` // microseconds since 1970
	What   string     `json:"what"`
	Page   string     `json:"page"`
	Paper  string     `json:"paper"`
	Taps   []kioskTap `json:"taps"`
	Name   string     `json:"name"`
	Ticket *ticket.ID `json:"ticket"`
	Number string     `json:"number"`
}

// kioskTap is where a target is, in pixels of the screen.
type kioskTap struct {
	Name string `json:"name"`
	X    int    `json:"x"`
	Y    int    `json:"y"`
	W    int    `json:"w"`
	H    int    `json:"h"`
}

func (t kioskTap) middle() image.Point { return image.Pt(t.X+t.W/2, t.Y+t.H/2) }

func (e kioskEvent) at() time.Time { return time.UnixMicro(e.T) }

// tap is where a target of the page is; nil: the page has none of that name.
func (e kioskEvent) tap(name string) *kioskTap {
	for i := range e.Taps {
		if e.Taps[i].Name == name {
			return &e.Taps[i]
		}
	}
	return nil
}

// kioskPage waits until the kiosk shows a page and returns it as it was drawn last.
func (h *house) kioskPage(ctx context.Context, page string, has func(kioskEvent) bool) (kioskEvent, error) {
	var found kioskEvent
	err := h.awaits(ctx, "the kiosk shows "+page, func() (bool, error) {
		all, err := rig.Lines[kioskEvent](h.kioskTrace)
		if err != nil {
			return false, err
		}
		for _, e := range slices.Backward(all) {
			if e.What == "shown" {
				found = e
				if e.Page == page && (has == nil || has(e)) {
					return true, nil
				}
				return false, fmt.Errorf("it shows %q", e.Page)
			}
		}
		return false, nil
	})
	return found, err
}

// kioskMilestone waits for one of that kind that happened after a moment.
func (h *house) kioskMilestone(ctx context.Context, what string, after time.Time) (kioskEvent, error) {
	var found kioskEvent
	err := h.awaits(ctx, "the kiosk reports "+what, func() (bool, error) {
		all, err := rig.Lines[kioskEvent](h.kioskTrace)
		for _, e := range slices.Backward(all) {
			if e.What == what && !e.at().Before(after) {
				found = e
				return true, nil
			}
		}
		return false, err
	})
	return found, err
}

// boardEvent is a line of the board's --trace.
type boardEvent struct {
	Event    string `json:"event"`
	At       int64  `json:"at_us"` // microseconds since 1970
	X        int    `json:"x"`
	Y        int    `json:"y"`
	ID       uint64 `json:"id"`
	Number   string `json:"number"`
	Counter  string `json:"counter"`
	Rect     [4]int `json:"rect"` // of the number's capitals, in pixels of the window
	LengthMS int    `json:"length_ms"`
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
}

func (e boardEvent) at() time.Time { return time.UnixMicro(e.At) }

// number is where the number stands on the screen, with some air around it.
func (e boardEvent) number(window boardEvent) image.Rectangle {
	r := e.capitals(window)
	return r.Inset(-r.Dy() / 8)
}

// below is where a board writes the counter: under the number, nearly as high.
func (e boardEvent) below(window boardEvent) image.Rectangle {
	r := e.capitals(window)
	h := r.Dy()
	return image.Rect(r.Min.X, r.Max.Y+h/20, r.Max.X, r.Max.Y+h*9/10)
}

// capitals is the number's rectangle on the screen.
func (e boardEvent) capitals(window boardEvent) image.Rectangle {
	return image.Rect(e.Rect[0], e.Rect[1], e.Rect[2], e.Rect[3]).Add(image.Pt(window.X, window.Y))
}

// boardEvent waits until the board has reported such an event, and returns it.
func (h *house) boardEvent(ctx context.Context, what string, is func(boardEvent) bool) (boardEvent, error) {
	var found boardEvent
	err := h.awaits(ctx, "the board reports "+what, func() (bool, error) {
		all, err := rig.Lines[boardEvent](h.boardTrace)
		for _, e := range slices.Backward(all) {
			if is(e) {
				found = e
				return true, nil
			}
		}
		return false, err
	})
	return found, err
}
