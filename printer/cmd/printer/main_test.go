package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antrean/printer"
	"antrean/printer/virtual"
)

// tool runs the command line as a person would.
func tool(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, errs bytes.Buffer
	err := run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return out.String() + errs.String(), err
}

// software is `printer virtual` running, and its lines of output.
type software struct {
	address string
	lines   chan string // all output, read as it comes
	control io.Writer
	papers  string
}

func startVirtual(t *testing.T, args ...string) *software {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	in, control := io.Pipe()
	output, out := io.Pipe()
	dir := t.TempDir()
	ended := make(chan error, 1)
	go func() {
		args := append([]string{"--json", "virtual", "--baud", "0", "--speed", "0", "--control", "--out", dir}, args...)
		ended <- run(ctx, args, in, out, io.Discard)
		_ = out.Close()
	}()
	t.Cleanup(func() {
		cancel()
		_ = control.Close()
		_ = output.Close()
		if err := <-ended; err != nil {
			t.Errorf("virtual ended with %v", err)
		}
	})
	s := &software{lines: make(chan string, 100), control: control, papers: dir}
	go func() {
		defer close(s.lines)
		for lines := bufio.NewScanner(output); lines.Scan(); {
			s.lines <- lines.Text()
		}
	}()
	s.address = s.next(t).Address
	return s
}

func (s *software) next(t *testing.T) event {
	t.Helper()
	var e event
	line, ok := <-s.lines
	if !ok {
		t.Fatal("no more output")
	}
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return e
}

func (s *software) tell(t *testing.T, command string) event {
	t.Helper()
	if _, err := io.WriteString(s.control, command+"\n"); err != nil {
		t.Fatal(err)
	}
	return s.next(t)
}

func TestTheTechnicianProbesAsksAndPrints(t *testing.T) {
	for _, line := range [][]string{{"--listen", "127.0.0.1:0"}, {"--pty-link", filepath.Join(t.TempDir(), "tty")}} {
		s := startVirtual(t, line...)
		profile := filepath.Join(t.TempDir(), "unit.toml")
		out, err := tool(t, "probe", "--port", s.address, "--save", profile)
		if err != nil || !strings.Contains(out, "VIRTUAL-576") {
			t.Fatalf("%s\n%v", out, err)
		}
		out, err = tool(t, "--json", "test", "--port", s.address, "--profile", profile, "--link", "https://example/t/1")
		var o printer.Outcome
		if e := json.Unmarshal([]byte(out), &o); e != nil || err != nil || o.State != printer.Confirmed {
			t.Fatalf("%s\n%v %v", out, e, err)
		}
		if e := s.next(t); e.Event != "paper" || len(e.Links) != 1 || e.Links[0] != "https://example/t/1" {
			t.Errorf("%+v", e)
		}
		if e := s.tell(t, "cover open"); e.Event != "done" {
			t.Fatalf("%+v", e)
		}
		out, err = tool(t, "status", "--port", s.address, "--profile", profile)
		if err == nil || !strings.Contains(out, "cover_open") {
			t.Errorf("%s\n%v", out, err)
		}
		out, err = tool(t, "test", "--port", s.address, "--profile", profile)
		if err == nil || !strings.Contains(out, "failed: cover_open") {
			t.Errorf("%s\n%v", out, err)
		}
		if e := s.tell(t, "dance"); e.Event != "error" {
			t.Errorf("%+v", e)
		}
		if names, _ := filepath.Glob(filepath.Join(s.papers, "*.png")); len(names) != 1 {
			t.Errorf("papers: %v", names)
		}
	}
}

func TestProbeFindsOutWhatACloneLacks(t *testing.T) {
	device, err := virtual.New(virtual.Config{NoProcessID: true, NoAuto: true, NoQR: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	address, err := device.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out, err := tool(t, "--json", "probe", "--port", "tcp:"+address, "--base", "generic58", "--wait", "100ms")
	var f printer.Finding
	if e := json.Unmarshal([]byte(out), &f); e != nil || err != nil {
		t.Fatalf("%s\n%v %v", out, e, err)
	}
	if !f.Answers || f.ProcessID || f.Automatic || f.NativeQR || !f.InOrder || !f.Clear {
		t.Errorf("%+v", f)
	}
	if p := f.Profile; p.Dots != 384 || p.Answers != "always" || p.NativeQR {
		t.Errorf("%+v", p)
	}
	if err := device.Control("mute on"); err != nil {
		t.Fatal(err)
	}
	out, err = tool(t, "--json", "probe", "--port", "tcp:"+address, "--wait", "50ms")
	if err != nil || !strings.Contains(out, `"answers":false`) {
		t.Errorf("%s\n%v", out, err)
	}
}

func TestAWrongCommandLineIsAnErrorAndChangesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{},
		{"print"},
		{"probe"},
		{"status", "--port", "usb:1"},
		{"virtual"},
		{"virtual", "--listen", ":0", "--pty-link", "/tmp/x"},
		{"virtual", "--listen", "127.0.0.1:0", "--width", "70"},
		{"virtual", "--pty-link", file},
		{"test", "--port", "tcp:127.0.0.1:1", "--profile", "none"},
	} {
		if out, err := tool(t, args...); err == nil {
			t.Errorf("%q: %s", args, out)
		}
	}
	if b, _ := os.ReadFile(file); string(b) != "kept" {
		t.Error("a file was replaced by the link")
	}
	if out, err := tool(t, "--help"); err != nil || !strings.Contains(out, "virtual") {
		t.Errorf("%s\n%v", out, err)
	}
}
