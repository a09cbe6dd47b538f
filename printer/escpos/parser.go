package escpos

// Realtime status, DLE EOT n: bits beside the fixed ones.
const (
	OfflineBit       = 0x08 // n=1
	CoverBit         = 0x04 // n=2
	PaperStopBit     = 0x20 // n=2
	ErrorBit         = 0x40 // n=2
	RecoverableBit   = 0x04 // n=3
	CutterBit        = 0x08 // n=3
	UnrecoverableBit = 0x20 // n=3
	HeatBit          = 0x40 // n=3
	NearEndBits      = 0x0c // n=4
	PaperEndBits     = 0x60 // n=4
)

// Kind tells answers apart.
type Kind int

const (
	Garbage      Kind = iota // none of these
	RealtimeByte             // one byte, to DLE EOT
	PaperByte                // one byte, to GS r
	Automatic                // four bytes, after GS a
	Block                    // from its header to NUL, both left out
	XON
	XOFF
)

// Answer is one thing that a printer said.
type Answer struct {
	Kind Kind
	Data []byte // the byte or bytes; of a Block, the header first, then what stands before NUL
}

// ProcessID gives the id that an answer to ProcessID carries.
func (a Answer) ProcessID() (ID, bool) {
	if a.Kind == Block && len(a.Data) == 6 && a.Data[0] == 0x37 && a.Data[1] == 0x22 {
		return ID(a.Data[2:6]), true
	}
	return ID{}, false
}

// maxBlock bounds what is kept of a block that does not end: the longest
// answer of the manuals has 80 bytes.
const maxBlock = 128

// Parser cuts a printer's stream into answers. The zero value is ready. It
// goes by the fixed bits that each kind of byte has, and only inside an
// automatic status or a block by place.
type Parser struct {
	auto  []byte // 1 to 3 bytes of an automatic status
	block []byte // a block without its end
}

// Write takes what was read, in pieces of any length, and calls found for
// each answer. It keeps at most maxBlock bytes.
func (p *Parser) Write(b []byte, found func(Answer)) {
	for _, c := range b {
		p.next(c, found)
	}
}

// Reset forgets a half answer: for a line that was lost.
func (p *Parser) Reset() { p.auto, p.block = nil, nil }

func (p *Parser) next(c byte, found func(Answer)) {
	switch {
	case c == 0x11: // these two are never part of an answer
		found(Answer{XON, []byte{c}})
	case c == 0x13:
		found(Answer{XOFF, []byte{c}})
	case p.block != nil:
		p.inBlock(c, found)
	case p.auto != nil:
		p.inAutomatic(c, found)
	default:
		p.fresh(c, found)
	}
}

func (p *Parser) fresh(c byte, found func(Answer)) {
	switch {
	case c == 0x37 || c == 0x5f:
		p.block = []byte{c}
	case c&0x93 == 0x12:
		found(Answer{RealtimeByte, []byte{c}})
	case c&0x93 == 0x10:
		p.auto = []byte{c}
	case c&0x90 == 0:
		found(Answer{PaperByte, []byte{c}})
	default:
		found(Answer{Garbage, []byte{c}})
	}
}

// inAutomatic: bytes 2 to 4 look like the answer to GS r. A byte that cannot
// be one ends the automatic status as garbage and is taken afresh.
func (p *Parser) inAutomatic(c byte, found func(Answer)) {
	if c&0x90 != 0 {
		found(Answer{Garbage, p.auto})
		p.auto = nil
		p.fresh(c, found)
		return
	}
	p.auto = append(p.auto, c)
	if len(p.auto) == 4 {
		found(Answer{Automatic, p.auto})
		p.auto = nil
	}
}

func (p *Parser) inBlock(c byte, found func(Answer)) {
	if c == 0 {
		found(Answer{Block, p.block})
		p.block = nil
		return
	}
	p.block = append(p.block, c)
	if len(p.block) == maxBlock {
		found(Answer{Garbage, p.block})
		p.block = nil
	}
}
