package escpos

// ID is a process id: four bytes from 40h to 4Fh, which no status byte can be
// mistaken for.
type ID [4]byte

// MakeID spreads the low 16 bits of n over the four bytes.
func MakeID(n uint16) ID {
	return ID{0x40 | byte(n>>12), 0x40 | byte(n>>8)&0xf, 0x40 | byte(n>>4)&0xf, 0x40 | byte(n)&0xf}
}

// Realtime asks question n, 1 to 4 (DLE EOT n). The printer answers at once,
// in front of everything that waits in its buffer.
func Realtime(n int) []byte { return []byte{0x10, 0x04, byte(n)} }

// ProcessID asks for id (GS ( H); the answer comes when everything before is
// printed and cut.
func ProcessID(id ID) []byte {
	return []byte{0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, id[0], id[1], id[2], id[3]}
}

// PaperStatus asks for the paper sensors in order (GS r 1): most printers
// answer when they have come to it, none at paper end.
func PaperStatus() []byte { return []byte{0x1d, 0x72, 1} }

// AutomaticStatus turns on four bytes at each change (GS a FFh), and asks for
// the first.
func AutomaticStatus() []byte { return []byte{0x1d, 0x61, 0xff} }

// QRProbe stores a symbol and asks how large it would be (GS ( k, functions
// 80 and 82), printing nothing: only a printer that draws QR by itself answers.
func QRProbe() []byte {
	return []byte{
		0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x50, 0x30, 'A',
		0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x52, 0x30,
	}
}

// Identity asks for a text (GS I n): 66 maker, 67 model, 65 firmware. The
// answer is a block that begins with 5Fh.
func Identity(n byte) []byte { return []byte{0x1d, 0x49, n} }

// ClearBuffers throws away all that waits in the printer, in real time (DLE
// DC4, function 8). Only for a profile that says so.
func ClearBuffers() []byte { return []byte{0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8} }
