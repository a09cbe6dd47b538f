package virtual

import "bytes"

// kind is what an op does. Commands that change nothing on paper are none.
type kind int

const (
	none kind = iota
	text
	lineFeed
	reset
	align
	bold
	size
	page
	feedLines
	feedDots
	spacing
	position
	cut
	row
	qr
	paperStatus
	processID
	identity
	automatic
)

// op is one command, or a run of text, or one row of a picture: printers
// print a picture while it arrives.
type op struct {
	kind kind
	arg  byte
	data []byte
	size int // bytes of the buffer that it takes
}

// parser cuts the host's stream into ops. The zero value is ready. It keeps at
// most one command of 64 KB.
type parser struct {
	pending []byte
	skip    int // bytes of data that are ignored
	picture picture
}

// picture is a raster command (GS v 0) of which rows are still to come.
type picture struct {
	stride, rows int
	mode         byte
}

// write takes any piece of the stream.
func (p *parser) write(b []byte, emit func(op)) {
	p.pending = append(p.pending, b...)
	for len(p.pending) > 0 {
		o, n := p.next()
		if n == 0 {
			return
		}
		p.pending = p.pending[n:]
		o.size = n
		emit(o)
	}
	p.pending = nil
}

// next decodes one op from the front, and its length; 0 asks for more bytes.
func (p *parser) next() (op, int) {
	b := p.pending
	switch {
	case p.skip > 0:
		n := min(p.skip, len(b))
		p.skip -= n
		return op{}, n
	case p.picture.rows > 0:
		n := p.picture.stride
		if len(b) < n {
			return op{}, 0
		}
		p.picture.rows--
		return op{kind: row, arg: p.picture.mode, data: bytes.Clone(b[:n])}, n
	}
	switch b[0] {
	case 0x1b:
		return escape(b)
	case 0x1c:
		return fs(b)
	case 0x1d:
		return p.gs(b)
	case 0x10:
		return dle(b)
	case '\n':
		return op{kind: lineFeed}, 1
	}
	if b[0] < 0x20 || b[0] == 0x7f {
		return op{}, 1
	}
	n := 1
	for n < len(b) && b[n] >= 0x20 && b[n] != 0x7f {
		n++
	}
	return op{kind: text, data: bytes.Clone(b[:n])}, n
}

// args are the lengths of the ESC commands' fixed arguments; not named: none.
var escArgs = map[byte]int{
	' ': 1, '!': 1, '-': 1, '3': 1, '=': 1, '?': 1, 'E': 1, 'G': 1, 'J': 1, 'K': 1, 'M': 1,
	'R': 1, 'T': 1, 'V': 1, 'a': 1, 'd': 1, 'e': 1, 'r': 1, 't': 1, 'u': 1, '{': 1, '%': 1,
	'$': 2, '\\': 2, 'c': 2, 'B': 2, 'p': 3, 'W': 8,
}

var escKinds = map[byte]kind{
	'@': reset, 'a': align, 'E': bold, 'G': bold, 't': page, 'd': feedLines, 'J': feedDots,
	'3': spacing, '2': spacing, '$': position, 'i': cut, 'm': cut,
}

func escape(b []byte) (op, int) {
	if len(b) < 2 {
		return op{}, 0
	}
	switch b[1] {
	case '(':
		return counted(b)
	case '*': // ESC * m nL nH: columns of 1 or 3 bytes, not drawn
		if len(b) < 5 {
			return op{}, 0
		}
		n := int(b[3]) | int(b[4])<<8
		if b[2] >= 32 {
			n *= 3
		}
		return whole(b, 5+n)
	case 'D': // tabs, up to NUL
		end := bytes.IndexByte(b[:min(len(b), 35)], 0)
		if end < 0 && len(b) < 35 {
			return op{}, 0
		}
		return op{}, max(end+1, 2)
	}
	o, n := whole(b, 2+escArgs[b[1]])
	if n == 0 {
		return o, 0
	}
	o.kind = escKinds[b[1]]
	if n > 2 {
		o.arg = b[2]
	}
	switch b[1] {
	case '2':
		o.arg = defaultSpacing
	case '$':
		o.data = bytes.Clone(b[2:4])
	}
	return o, n
}

func fs(b []byte) (op, int) {
	if len(b) < 2 {
		return op{}, 0
	}
	switch b[1] {
	case '(':
		return counted(b)
	case '!', '-', 'W', 'C':
		return whole(b, 3)
	case 'S', 'p':
		return whole(b, 4)
	}
	return op{}, 2
}

// dle: what these do was done when they arrived (see detector).
func dle(b []byte) (op, int) {
	if len(b) < 2 {
		return op{}, 0
	}
	switch b[1] {
	case 0x04, 0x05:
		return whole(b, 3)
	case 0x14:
		if len(b) < 3 {
			return op{}, 0
		}
		if b[2] == 8 {
			return whole(b, 10)
		}
		return whole(b, 5)
	}
	return op{}, 1
}

var gsArgs = map[byte]int{
	'!': 1, 'B': 1, 'H': 1, 'I': 1, 'a': 1, 'b': 1, 'f': 1, 'h': 1, 'r': 1, 'w': 1, '/': 1,
	'L': 2, 'W': 2, 'P': 2, '$': 2, '\\': 2,
}

var gsKinds = map[byte]kind{'!': size, 'I': identity, 'a': automatic, 'r': paperStatus}

func (p *parser) gs(b []byte) (op, int) {
	if len(b) < 2 {
		return op{}, 0
	}
	switch b[1] {
	case '(':
		return counted(b)
	case 'v':
		return p.raster(b)
	case 'V':
		if len(b) < 3 {
			return op{}, 0
		}
		n := 3
		if b[2] == 'A' || b[2] == 'B' || b[2] >= 'a' {
			n = 4
		}
		o, used := whole(b, n)
		o.kind, o.arg = cut, b[2]
		return o, used
	case '8':
		return p.graphics(b)
	case 'k':
		return barcode(b)
	}
	o, n := whole(b, 2+gsArgs[b[1]])
	if n > 2 {
		o.kind, o.arg = gsKinds[b[1]], b[2]
	}
	return o, n
}

// raster is GS v 0 m xL xH yL yH.
func (p *parser) raster(b []byte) (op, int) {
	if len(b) < 8 {
		return op{}, 0
	}
	stride, rows := int(b[4])|int(b[5])<<8, int(b[6])|int(b[7])<<8
	if b[2] != '0' || stride == 0 || stride > 1024 {
		return op{}, 3
	}
	p.picture = picture{stride: stride, rows: rows, mode: b[3] & 3}
	return op{}, 8
}

// graphics is GS 8 L, the same with a four-byte length: function 112 stores a
// picture, which this printer burns at once instead of when it is told to.
// Other functions are skipped.
func (p *parser) graphics(b []byte) (op, int) {
	const head = 17
	if len(b) < head {
		return op{}, 0
	}
	n := int(b[3]) | int(b[4])<<8 | int(b[5])<<16
	stride, rows := (int(b[13])+int(b[14])*256+7)/8, int(b[15])|int(b[16])<<8
	if b[7] != '0' || b[8] != 'p' || stride == 0 || stride > 1024 || n != 10+stride*rows {
		p.skip = n
		return op{}, 7
	}
	p.picture = picture{stride: stride, rows: rows, mode: (b[10]-1)&1 | (b[11]-1)&1<<1}
	return op{}, head
}

// barcode is not drawn.
func barcode(b []byte) (op, int) {
	if len(b) < 4 {
		return op{}, 0
	}
	if b[2] >= 65 {
		return whole(b, 4+int(b[3]))
	}
	end := bytes.IndexByte(b[:min(len(b), 260)], 0)
	if end < 0 && len(b) < 260 {
		return op{}, 0
	}
	return op{}, max(end+1, 3)
}

// counted is a lead byte, "(", a letter, and a length of two bytes.
func counted(b []byte) (op, int) {
	if len(b) < 5 {
		return op{}, 0
	}
	n := 5 + (int(b[3]) | int(b[4])<<8)
	o, n := whole(b, n)
	if n == 0 || b[0] != 0x1d {
		return o, n
	}
	switch data := b[5:n]; {
	case b[2] == 'k' && len(data) >= 2 && data[0] == 0x31:
		o.kind, o.data = qr, bytes.Clone(data)
	case b[2] == 'H' && len(data) == 6 && data[0] == 0x30 && data[1] == 0x30:
		o.kind, o.data = processID, bytes.Clone(data[2:])
	}
	return o, n
}

func whole(b []byte, n int) (op, int) {
	if len(b) < n {
		return op{}, 0
	}
	return op{}, n
}
