package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antrean/shared/device"
	"antrean/shared/screen"
)

// Everything here is refused before a window is needed.
func TestWrongFlagsAreAnsweredByNameAndChangeNothing(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "secret")
	t.Setenv("DISPLAY", "")
	dir := filepath.Join(t.TempDir(), "kiosk")
	server := "--server=http://127.0.0.1:1"
	for _, c := range []struct {
		name string
		args []string
		says string
	}{
		{"no server", nil, "--server"},
		{"an unknown flag", []string{server, "--sever=x"}, "--sever"},
		{"no such token file", []string{server, "--token-file=/nowhere/token"}, "--token-file"},
		{"a geometry in words", []string{server, "--geometry=large"}, "--geometry=large"},
		{"a geometry without a height", []string{server, "--geometry=1080"}, "1080x1920"},
		{"a diagonal in centimetres of a cinema", []string{server, "--diagonal-inch=900"}, "between 5 and 120"},
		{"no display", []string{server, "--geometry=1080x1920"}, "DISPLAY"},
	} {
		err := run(context.Background(), append(c.args, "--data="+dir), io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder was made: %v", err)
	}
	if err := run(context.Background(), []string{server, "--data=" + dir}, io.Discard); !errors.Is(err, screen.ErrNoDisplay) {
		t.Errorf("without a display: %v", err)
	}
}

func TestWithoutATokenTheTechnicianIsToldHowToGetOne(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "")
	err := run(context.Background(), []string{"--server=http://127.0.0.1:1"}, io.Discard)
	if !errors.Is(err, device.ErrNoToken) || !strings.Contains(err.Error(), "device add") {
		t.Errorf("err = %v", err)
	}
}

func TestHelpAndVersionAreNotErrors(t *testing.T) {
	for _, flag := range []string{"--help", "--version"} {
		var out strings.Builder
		if err := run(context.Background(), []string{flag}, &out); err != nil || out.Len() == 0 {
			t.Errorf("%s: %q, %v", flag, out.String(), err)
		}
	}
}
