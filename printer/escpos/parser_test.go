package escpos

import (
	"bytes"
	"fmt"
	"testing"
)

func parse(pieces ...[]byte) (out []string) {
	var p Parser
	for _, b := range pieces {
		p.Write(b, func(a Answer) { out = append(out, fmt.Sprintf("%d:% x", a.Kind, a.Data)) })
	}
	return out
}

func TestAnswersAreToldApart(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"real time", "\x12\x16\x32\x7e", []string{"1:12", "1:16", "1:32", "1:7e"}},
		{"paper in order", "\x00\x03\x0c", []string{"2:00", "2:03", "2:0c"}},
		{"automatic, whose last three look like paper", "\x10\x00\x03\x0f", []string{"3:10 00 03 0f"}},
		{"automatic between two", "\x12\x38\x00\x00\x0f\x12", []string{"1:12", "3:38 00 00 0f", "1:12"}},
		{"process id", "\x37\x22ABCD\x00\x12", []string{"4:37 22 41 42 43 44", "1:12"}},
		{
			"flow control inside a block and an automatic", "\x37\x22A\x13BCD\x00\x10\x11\x00\x00\x0f",
			[]string{"6:13", "4:37 22 41 42 43 44", "5:11", "3:10 00 00 0f"},
		},
		{"model", "_TM-T82\x00", []string{"4:5f 54 4d 2d 54 38 32"}},
		{"broken automatic, then a status", "\x10\x00\x12", []string{"0:10 00", "1:12"}},
		{"garbage", "\xff\x80", []string{"0:ff", "0:80"}},
	} {
		if got := parse([]byte(c.in)); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestOnlyAnAnswerWithTheIDIsOne(t *testing.T) {
	id := MakeID(0xbeef)
	a := Answer{Block, append([]byte{0x37, 0x22}, id[:]...)}
	if got, ok := a.ProcessID(); !ok || got != id {
		t.Errorf("%v, %v", got, ok)
	}
	if _, ok := (Answer{Block, []byte{0x37, 0x25}}).ProcessID(); ok {
		t.Error("an answer to clearing the buffers was taken for a process id")
	}
	for n := range 1 << 16 {
		for _, c := range MakeID(uint16(n)) {
			if c < 0x40 || c > 0x4f {
				t.Fatalf("id %d has the byte %x", n, c)
			}
		}
	}
}

func FuzzParser(f *testing.F) {
	f.Add([]byte("\x12\x10\x00\x00\x0f\x37\x22ABCD\x00\x11\x13_TM\x00\xff"), 3)
	f.Add(bytes.Repeat([]byte{0x37}, 300), 1)
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		var p Parser
		held := 0
		p.Write(b, func(a Answer) {
			if len(a.Data) == 0 || len(a.Data) > maxBlock {
				t.Errorf("answer of %d bytes", len(a.Data))
			}
			if a.Kind == Automatic && (len(a.Data) != 4 || a.Data[0]&0x93 != 0x10) {
				t.Errorf("automatic status % x", a.Data)
			}
			held += len(a.Data)
		})
		if rest := len(p.auto) + len(p.block); held+rest > len(b) || rest > maxBlock {
			t.Errorf("%d bytes became %d, and %d are kept", len(b), held, rest)
		}
		// How the bytes come in pieces must not matter.
		if len(b) > 0 {
			at := ((cut % len(b)) + len(b)) % len(b)
			if whole, pieces := parse(b), parse(b[:at], b[at:]); fmt.Sprint(whole) != fmt.Sprint(pieces) {
				t.Errorf("%v in one piece, %v in two", whole, pieces)
			}
		}
	})
}
