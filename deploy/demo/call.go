//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"path/filepath"
	"time"
)

// boardBefore keeps the board as it is before the call, for readBoard.
func (p *proof) boardBefore(ctx context.Context) error {
	var b []byte
	var err error
	if p.before, b, err = p.board.screen.picture(ctx); err != nil {
		return err
	}
	return p.keep("board-1-before.png", b)
}

func (p *proof) callNext(ctx context.Context) error {
	pressed, err := p.browser.press("#call-next")
	if err != nil {
		return err
	}
	p.pressed = pressed
	p.called, err = p.boardEvent(ctx, "the call", func(e boardEvent) bool { return e.Event == "call" && e.Number == p.number })
	if err != nil {
		return err
	}
	p.time.took(pressed, p.called.at(), "press to board: the number is painted")
	if err := becomes(p.browser.officer, "the counter page shows the number",
		fmt.Sprintf(`document.querySelector("#desk").dataset.state === "called" && document.querySelector("#current-number").textContent.trim() === %q`, p.number)); err != nil {
		return err
	}
	return p.photograph(p.browser.officer, "counter-2-called.png")
}

// readBoard reads the board's screen, not its words: number and counter must stand
// there for anybody who can read, and must not have stood there before the call.
func (p *proof) readBoard(ctx context.Context) error {
	window, err := p.boardEvent(ctx, "where its window is", func(e boardEvent) bool { return e.Event == "window" })
	if err != nil {
		return err
	}
	var after []byte
	err = p.awaits(ctx, fmt.Sprintf("number %s and counter %s can be read", p.number, counterLabel), func() (bool, error) {
		var img image.Image
		if img, after, err = p.board.screen.picture(ctx); err != nil {
			return false, err
		}
		taken := time.Now()
		there, err := p.readCall(ctx, img, window)
		if there {
			p.time.took(p.pressed, taken, "press to a picture, taken at leisure, on which number and counter can be read")
		}
		return there, err
	})
	if err := errors.Join(err, p.keep("board-2-called.png", after)); err != nil {
		return err
	}
	if there, err := p.readCall(ctx, p.before, window); there || err == nil {
		return errors.New("the same can be read on the picture from before the call")
	}
	return nil
}

// readCall reports whether number and counter can be read; the error says what is
// read instead.
func (p *proof) readCall(ctx context.Context, img image.Image, window boardEvent) (bool, error) {
	seen, err := read(ctx, img, p.called.number(window), numberCharacters)
	if err != nil {
		return false, err
	}
	counter, err := readCounter(ctx, img, p.called.below(window))
	if err != nil {
		return false, err
	}
	if !sameNumber(seen, p.number) || counter != counterLabel {
		return false, fmt.Errorf("number %q and counter %q are read", seen, counter)
	}
	return true, nil
}

// hearBoard checks the sound that the board has made.
func (p *proof) hearBoard(ctx context.Context) error {
	started, err := p.boardEvent(ctx, "that it speaks", func(e boardEvent) bool { return e.Event == "sound_started" && e.ID == p.called.ID })
	if err != nil {
		return err
	}
	p.time.took(p.pressed, started.at(), "press to sound: the loudspeaker, or the file, gets the announcement")
	ended, err := p.boardEvent(ctx, "that it has spoken", func(e boardEvent) bool { return e.Event == "sound_ended" && e.ID == p.called.ID })
	if err != nil {
		return err
	}
	if !ended.OK {
		return fmt.Errorf("the board could not be heard: %s", ended.Error)
	}
	files, err := filepath.Glob(filepath.Join(p.sounds, "*.wav"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("%d sounds for one call: %v, %w", len(files), files, err)
	}
	if err := p.keepFile("call.wav", files[0]); err != nil {
		return err
	}
	call, times, err := p.announcement(ctx, p.called.ID)
	if err != nil {
		return err
	}
	want, err := expectedSound(ctx, call, times, p.dir)
	if err != nil {
		return err
	}
	length, err := checkSound(files[0], want)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(files[0]), err)
	}
	p.time.say("the sound lasts %.2f s; chime and sentence, reckoned apart, %.2f s", length.Seconds(), want.Seconds())
	return nil
}
