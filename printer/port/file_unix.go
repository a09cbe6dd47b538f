//go:build unix

package port

import (
	"errors"
	"syscall"
)

const nonblock = syscall.O_NONBLOCK | syscall.O_NOCTTY

// isBadFile: reading a descriptor that was opened for writing only.
func isBadFile(err error) bool { return errors.Is(err, syscall.EBADF) }
