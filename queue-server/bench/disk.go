//go:build linux

package main

import (
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// eventSize is about what one issued ticket takes in the log, in bytes.
const eventSize = 200

// bareDisk is the yardstick: one caller that appends an event's worth of bytes to
// a file and waits for the disk, with nothing else.
func bareDisk(dir string, span time.Duration) (measured, error) {
	f, err := os.OpenFile(filepath.Join(dir, "bare.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return measured{}, err
	}
	defer f.Close()
	event := make([]byte, eventSize)
	return callers(1, span, func(int) error {
		if _, err := f.Write(event); err != nil {
			return err
		}
		return unix.Fdatasync(int(f.Fd()))
	})
}
