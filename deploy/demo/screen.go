//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"antrean/deploy/rig"
)

// A screen is an X display: the one that we were given, or an Xvfb of ours.
type screen struct {
	display string     // ":7"
	server  *rig.Child // nil: not ours
}

// virtualScreen starts an Xvfb of that size on a display number of its own choice.
func virtualScreen(ctx context.Context, logs, name string, width, height int) (*screen, error) {
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		return nil, fmt.Errorf("no screen here, and none can be made: %w", err)
	}
	// It says its number to a file that it has as descriptor 1.
	server, err := rig.Start(logs, rig.Program{Name: name, Path: path, Args: []string{
		"-displayfd", "1", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp", "-noreset", "-s", "0",
	}})
	if err != nil {
		return nil, err
	}
	s := &screen{server: server}
	err = rig.Eventually(ctx, 15*time.Second, "a virtual screen", func() (bool, error) {
		if server.Ended() {
			return false, fmt.Errorf("xvfb ended: %s", server.Tail())
		}
		said, err := os.ReadFile(server.Log)
		for line := range strings.Lines(string(said)) {
			number, found := strings.CutSuffix(line, "\n")
			if _, bad := strconv.Atoi(number); found && bad == nil {
				s.display = ":" + number
				return true, nil
			}
		}
		return false, err
	})
	if err != nil {
		_ = server.Stop() // the first error is the one that tells
		return nil, err
	}
	return s, nil
}

func (s *screen) env() []string { return []string{"DISPLAY=" + s.display} }

// window waits for a window of that title and returns its X id.
func (s *screen) window(ctx context.Context, title string) (string, error) {
	var id string
	err := rig.Eventually(ctx, 20*time.Second, "a window called "+title, func() (bool, error) {
		out, err := rig.Output(ctx, rig.Program{Name: "xdotool", Path: "xdotool", Env: s.env(), Args: []string{"search", "--onlyvisible", "--name", title}})
		id, _, _ = strings.Cut(strings.TrimSpace(out), "\n")
		return err == nil && id != "", err
	})
	return id, err
}

// tap touches the screen at a point, in pixels from its upper left corner: the
// pointer goes there, presses and lets go.
func (s *screen) tap(ctx context.Context, at image.Point) error {
	_, err := rig.Output(ctx, rig.Program{Name: "xdotool", Path: "xdotool", Env: s.env(), Args: []string{
		"mousemove", "--sync", strconv.Itoa(at.X), strconv.Itoa(at.Y), "click", "1",
	}})
	return err
}

// picture is what the screen shows now.
func (s *screen) picture(ctx context.Context) (image.Image, []byte, error) {
	out, err := rig.Output(ctx, rig.Program{Name: "import", Path: "import", Env: s.env(), Args: []string{"-window", "root", "-silent", "-depth", "8", "png:-"}})
	if err != nil {
		return nil, nil, err
	}
	img, err := png.Decode(bytes.NewReader([]byte(out)))
	return img, []byte(out), err
}

func (s *screen) stop() error {
	if s.server == nil {
		return nil
	}
	return s.server.Stop()
}
