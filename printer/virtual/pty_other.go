//go:build !linux

package virtual

import (
	"errors"
	"io"
	"os"
)

func openPTY() (*os.File, io.Closer, string, error) {
	return nil, nil, "", errors.New("pseudo-terminals are supported on Linux; use TCP")
}
