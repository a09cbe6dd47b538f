//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"antrean/deploy/rig"
)

// stepWait is how long any one thing may take to become true.
const stepWait = 20 * time.Second

// The demo's office, as deploy/offices/demo.toml has it.
const (
	demoOffice  = "demo"
	demoFile    = "deploy/offices/demo.toml"
	programs    = "bin"
	kioskTitle  = "Antrean Kiosk"
	boardTitle  = "Antrean Board"
	officerUser = "petugas"
)

type officer struct{ user, oneTime, password string }

// A house is everything that runs, below one temporary folder.
type house struct {
	dir     string
	paper   string // folder of the printer's PNG files
	sounds  string // folder of the board's WAV files
	logs    string
	server  *rig.Server
	officer officer
	kiosk   place
	board   place

	kioskToken, boardToken string
	kioskTrace, boardTrace string

	children []*rig.Child // in the order of their start
	screens  []*screen
}

// A place is where a window stands.
type place struct {
	screen   *screen
	geometry string // "WxH+X+Y"; empty: the whole screen
}

// newHouse makes the folders.
func newHouse() (*house, error) {
	dir, err := os.MkdirTemp("", "antrean-demo-")
	if err != nil {
		return nil, err
	}
	h := &house{
		dir: dir, paper: filepath.Join(dir, "paper"), sounds: filepath.Join(dir, "sounds"), logs: filepath.Join(dir, "logs"),
		kioskTrace: filepath.Join(dir, "kiosk.trace"), boardTrace: filepath.Join(dir, "board.trace"),
	}
	for _, d := range []string{h.paper, h.sounds, h.logs, filepath.Join(dir, "config"), filepath.Join(dir, "cache")} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	return h, nil
}

// open starts server, printer, kiosk and board, and makes an officer's account.
// The screens must have been chosen.
func (h *house) open(ctx context.Context, listen string) error {
	var err error
	h.server, err = rig.StartServer(ctx, rig.ServerOptions{
		Program: filepath.Join(programs, "queue-server"), Logs: h.logs, Data: filepath.Join(h.dir, "data"),
		Config: demoFile, Office: demoOffice, Listen: listen,
	})
	if err != nil {
		return fmt.Errorf("the server: %w", err)
	}
	h.children = append(h.children, h.server.Child)
	if listen == "" { // phones, played by a browser here, come by loopback
		if err := h.publish(ctx, h.server.URL); err != nil {
			return err
		}
	}
	if h.officer.oneTime, err = h.server.AddUser(ctx, officerUser, "Petugas Demo", "officer"); err != nil {
		return err
	}
	h.officer.user = officerUser
	line, err := h.startPrinter(ctx)
	if err != nil {
		return err
	}
	if err := h.startKiosk(ctx, line); err != nil {
		return err
	}
	return h.startBoard(ctx)
}

var publicURL = regexp.MustCompile(`(?m)^public_url = .*$`)

// publish tells the office where phones reach it, as an administrator does: by
// importing its file again, while the server runs.
func (h *house) publish(ctx context.Context, url string) error {
	b, err := os.ReadFile(demoFile)
	if err != nil {
		return err
	}
	if !publicURL.Match(b) {
		return fmt.Errorf("%s has no line public_url", demoFile)
	}
	file := filepath.Join(h.dir, "office.toml")
	if err := os.WriteFile(file, publicURL.ReplaceAll(b, fmt.Appendf(nil, "public_url = %q", url)), 0o600); err != nil {
		return err
	}
	return h.server.ImportOffice(ctx, file)
}

// startPrinter starts the printer made of software; it returns the port's address.
func (h *house) startPrinter(ctx context.Context) (string, error) {
	c, err := h.start(rig.Program{Name: "printer", Path: filepath.Join(programs, "printer"), Args: []string{
		"--json", "virtual", "--pty-link", filepath.Join(h.dir, "tty-printer"), "--baud", "19200", "--out", h.paper,
	}})
	if err != nil {
		return "", err
	}
	type said struct{ Event, Address string }
	var address string
	err = h.awaits(ctx, "the printer is ready", func() (bool, error) {
		all, err := rig.Lines[said](c.Log)
		if i := slices.IndexFunc(all, func(s said) bool { return s.Event == "ready" }); i >= 0 {
			address = all[i].Address
			return true, nil
		}
		return false, err
	})
	return address, err
}

func (h *house) startKiosk(ctx context.Context, printer string) error {
	token, file, err := h.pair(ctx, "kiosk", "Kios 1")
	if err != nil {
		return err
	}
	h.kioskToken = token
	args := []string{
		"--server", h.server.URL, "--token-file", file, "--data", filepath.Join(h.dir, "kiosk"),
		"--printer", printer, "--trace", h.kioskTrace,
	}
	_, err = h.start(rig.Program{Name: "kiosk", Path: filepath.Join(programs, "kiosk"), Args: h.kiosk.args(args), Env: h.windowEnv(h.kiosk)})
	return err
}

func (h *house) startBoard(ctx context.Context) error {
	token, file, err := h.pair(ctx, "board", "Papan 1")
	if err != nil {
		return err
	}
	h.boardToken = token
	args := []string{
		"--server", h.server.URL, "--token-file", file, "--data", filepath.Join(h.dir, "board"),
		"--wav-dir", h.sounds, "--sound", h.sound(), "--trace", h.boardTrace,
	}
	_, err = h.start(rig.Program{Name: "board", Path: filepath.Join(programs, "board"), Args: h.board.args(args), Env: h.windowEnv(h.board)})
	return err
}

// windowEnv is a window's screen, and folders for what Fyne keeps: nothing of ours
// stays in anybody's home.
func (h *house) windowEnv(p place) []string {
	return append(p.screen.env(), "XDG_CONFIG_HOME="+filepath.Join(h.dir, "config"), "XDG_CACHE_HOME="+filepath.Join(h.dir, "cache"))
}

func (p place) args(args []string) []string {
	if p.geometry != "" {
		args = append(args, "--geometry", p.geometry)
	}
	return args
}

// sound is the loudspeaker, where the machine has one.
func (h *house) sound() string {
	if cards, err := filepath.Glob("/proc/asound/card[0-9]*"); err == nil && len(cards) > 0 {
		return "default"
	}
	return "none"
}

// pair adds a device and leaves its token in a file, as a technician does.
func (h *house) pair(ctx context.Context, kind, name string) (token, file string, err error) {
	if token, err = h.server.AddDevice(ctx, kind, name, ""); err != nil {
		return "", "", err
	}
	file = filepath.Join(h.dir, kind+".token")
	return token, file, os.WriteFile(file, []byte(token+"\n"), 0o600)
}

func (h *house) start(p rig.Program) (*rig.Child, error) {
	c, err := rig.Start(h.logs, p)
	if err == nil {
		h.children = append(h.children, c)
	}
	return c, err
}

// awaits waits until something is true; it gives up at once where a program has ended.
func (h *house) awaits(ctx context.Context, what string, is func() (bool, error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	return rig.Eventually(ctx, stepWait, what, func() (bool, error) {
		for _, c := range h.children {
			if c.Ended() {
				err := fmt.Errorf("%s has ended: %s", c.Name, c.Tail())
				cancel(err)
				return false, err
			}
		}
		return is()
	})
}

// close ends every program, the last started first, and removes the folder.
func (h *house) close() error {
	var errs []error
	for _, c := range slices.Backward(h.children) {
		errs = append(errs, c.Stop())
	}
	for _, s := range h.screens {
		errs = append(errs, s.stop())
	}
	return errors.Join(append(errs, os.RemoveAll(h.dir))...)
}
