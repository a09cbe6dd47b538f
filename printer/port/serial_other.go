//go:build !linux && !windows

package port

import "errors"

func openSerial(Address) (Port, error) {
	return nil, errors.New("serial ports are supported on Linux and Windows")
}
