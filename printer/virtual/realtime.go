package virtual

import "bytes"

// detector finds the commands that a printer obeys the moment they arrive,
// wherever they stand: also in the middle of a picture.
type detector struct{ last []byte }

// clearCommand is DLE DC4, function 8: it clears all buffers.
var clearCommand = []byte{0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8}

// write looks at one byte and reports the command that it completes: DLE EOT
// with its n, or clear.
func (d *detector) write(c byte) (question byte, clear bool) {
	d.last = append(d.last, c)
	if len(d.last) > len(clearCommand) {
		d.last = d.last[1:]
	}
	if bytes.Equal(d.last, clearCommand) {
		d.last = nil
		return 0, true
	}
	if n := len(d.last); n >= 3 && d.last[n-3] == 0x10 && d.last[n-2] == 0x04 && c >= 1 && c <= 4 {
		return c, false
	}
	return 0, false
}
