package printer

// Ticket is what a visitor's paper says. Every text is ready to print: the
// caller has translated it, and this package adds no words of its own but
// SALINAN. Any text may hold anything that people typed; the encoder strips
// what could command the printer.
type Ticket struct {
	Office  string // "Mal Pelayanan Publik Sinjai"
	Agency  string
	Service string
	Number  string // "A-001", printed as large as the paper allows
	Class   string // "Prioritas"; empty for an ordinary visitor
	Time    string // "Senin, 3 Maret 2025  08.05 WITA"
	Ahead   string // "3 orang di depan Anda"; empty where unknown

	Labels Labels
	Lines  []string // requirements and advice, one paragraph each
	Link   string   // the visitor's page as a QR code; empty prints none
	Footer []string

	// Copy marks a reprint: SALINAN stands above and below the number, and
	// the printer's buffers are cleared first where its profile can.
	Copy bool
}

// Labels are the words around the values, in the visitor's language. Empty
// ones are left out.
type Labels struct {
	Number string // above the number: "Nomor antrean Anda"
	Link   string // under the QR code: "Pindai untuk mengikuti antrean"
	Copy   string // instead of SALINAN, where an office wants another word
}
