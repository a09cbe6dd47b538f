// Package device is what a program on a device of the hall finds on its own
// machine when it starts: the token that it was paired with, and its folder.
package device

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoToken says how to get one.
var ErrNoToken = errors.New("a device token is needed: --token-file FILE or ANTREAN_TOKEN (queue-server device add prints one)")

// Token reads the token from the flag --token-file's file, or where that is empty
// from the environment's ANTREAN_TOKEN. White space around it does not count.
func Token(file string) (string, error) {
	token := os.Getenv("ANTREAN_TOKEN")
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("--token-file: %w", err)
		}
		token = string(b)
	}
	switch len(strings.Fields(token)) {
	case 0:
		return "", ErrNoToken
	case 1:
		return strings.TrimSpace(token), nil
	}
	return "", fmt.Errorf("the device token is one word, alone in its file: %w", ErrNoToken)
}

// Folder is where a program of that name keeps its own: $XDG_STATE_HOME/name, by
// default below ~/.local/state. It does not make it.
func Folder(name string) (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, name), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("--data DIR is needed, for there is no home folder: %w", err)
	}
	return filepath.Join(home, ".local", "state", name), nil
}
