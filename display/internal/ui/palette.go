package ui

import "image/color"

// Colours. Every text on its ground has a contrast of at least 7:1, in both phases
// of the pulse (a test reckons it); nothing is told by colour alone.
var (
	ground    = color.NRGBA{0x08, 0x14, 0x22, 0xff}
	panel     = color.NRGBA{0x10, 0x24, 0x3a, 0xff}
	stripe    = color.NRGBA{0x17, 0x30, 0x4c, 0xff}
	callPanel = color.NRGBA{0x0b, 0x3a, 0x6b, 0xff}
	ink       = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	soft      = color.NRGBA{0xc3, 0xd5, 0xe8, 0xff}
	sun       = color.NRGBA{0xff, 0xd2, 0x4a, 0xff}
	night     = color.NRGBA{0x08, 0x14, 0x22, 0xff}
)

// pairs are the texts on their grounds that are used.
var pairs = []struct {
	name         string
	text, ground color.NRGBA
}{
	{"text", ink, panel},
	{"text on a stripe", ink, stripe},
	{"soft text", soft, panel},
	{"soft text on a stripe", soft, stripe},
	{"header", ink, ground},
	{"soft header", soft, ground},
	{"call", ink, callPanel},
	{"counter of a call", sun, callPanel},
	{"title of a call", soft, callPanel},
	{"call in its pulse, notices, chips", night, sun},
	{"chip", sun, ground},
}
