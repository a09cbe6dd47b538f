//go:build unix

package eventlog

import (
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

// defaultMapSize is only addresses: a map larger than its file costs nothing here.
const defaultMapSize = (1 << 30) >> (3 * (64 - strconv.IntSize) / 32)

// freeSpace is the bytes that an ordinary user may still write on the disk of dir.
func freeSpace(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil //nolint:unconvert // the fields' types differ between systems
}
