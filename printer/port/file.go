package port

import (
	"errors"
	"io"
	"os"
	"sync"
)

// file is a device file such as /dev/usb/lp0, or any file or FIFO.
type file struct {
	stream
	f      *os.File
	closed chan struct{}
	once   sync.Once
}

// openFile opens for reading too, since a USB printer answers on the same
// file, and only for writing where it may not or cannot be read.
func openFile(a Address) (Port, error) {
	f, err := os.OpenFile(a.Path, os.O_RDWR|nonblock, 0)
	if errors.Is(err, os.ErrPermission) {
		f, err = os.OpenFile(a.Path, os.O_WRONLY|nonblock, 0)
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if _, err := f.Seek(0, io.SeekEnd); err != nil {
			_ = f.Close()
			return nil, err
		}
	}
	return &file{stream: stream{conn: f}, f: f, closed: make(chan struct{})}, nil
}

// Read treats an end of file as silence and not as loss: a file that cannot
// answer may still print.
func (p *file) Read(b []byte) (int, error) {
	n, err := p.f.Read(b)
	if n > 0 || (err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrPermission) && !isBadFile(err)) {
		if err != nil {
			err = errors.Join(ErrGone, err)
		}
		return n, err
	}
	<-p.closed
	return 0, ErrGone
}

func (p *file) Close() error {
	p.once.Do(func() { close(p.closed) })
	return p.f.Close()
}
