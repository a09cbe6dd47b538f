package eventlog

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// defaultMapSize is small, since a file is as large as its map on Windows.
const defaultMapSize = 32 << 20

// freeSpace is the bytes that this user may still write on the disk of dir.
func freeSpace(dir string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return free, nil
}
