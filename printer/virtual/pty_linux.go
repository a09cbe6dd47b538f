package virtual

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// openPTY opens a pseudo-terminal in raw mode: a fresh one would echo the
// printer's answers back to it. The master does not block, so closing it ends
// a pending read.
func openPTY() (master *os.File, slave io.Closer, path string, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, "", fmt.Errorf("pseudo-terminal: %w", err)
	}
	master = os.NewFile(uintptr(fd), "/dev/ptmx")
	defer func() {
		if err != nil {
			_ = master.Close()
		}
	}()
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, "", fmt.Errorf("pseudo-terminal: unlock: %w", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, "", fmt.Errorf("pseudo-terminal: number: %w", err)
	}
	path = fmt.Sprintf("/dev/pts/%d", n)
	tty, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, "", err
	}
	raw := unix.Termios{Cflag: unix.CS8 | unix.CREAD | unix.CLOCAL | unix.B19200}
	raw.Cc[unix.VMIN] = 1
	if err := unix.IoctlSetTermios(int(tty.Fd()), unix.TCSETS, &raw); err != nil {
		_ = tty.Close()
		return nil, nil, "", fmt.Errorf("pseudo-terminal: raw mode: %w", err)
	}
	return master, tty, path, nil
}
