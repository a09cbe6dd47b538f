package printer

import (
	"fmt"

	"antrean/printer/escpos"
)

// numberSize is how many times the number is larger than the text, both ways,
// where the paper is wide enough: 4 is 12 mm high.
const numberSize = 4

// Layout gives the bytes of t for a kind of printer, from reset to cut. It
// fails only for a link that no QR symbol can hold.
func Layout(t Ticket, p escpos.Profile) ([]byte, error) {
	e := escpos.NewEncoder(p)
	e.Init()
	e.Align(escpos.Centre)
	head(e, t)
	number(e, t)
	if err := link(e, t); err != nil {
		return nil, fmt.Errorf("ticket %s: %w", t.Number, err)
	}
	foot(e, t)
	e.Cut()
	return e.Bytes(), nil
}

func head(e *escpos.Encoder, t Ticket) {
	e.Bold(true)
	e.Paragraph(t.Office)
	e.Bold(false)
	e.Paragraph(t.Agency)
	e.Rule()
	e.Paragraph(t.Service)
}

func number(e *escpos.Encoder, t Ticket) {
	copyMark(e, t)
	e.Paragraph(t.Labels.Number)
	e.Bold(true)
	e.Size(e.Fits(t.Number, numberSize))
	e.Paragraph(t.Number)
	e.Size(1)
	e.Paragraph(t.Class)
	e.Bold(false)
	copyMark(e, t)
	e.Paragraph(t.Time)
	e.Paragraph(t.Ahead)
}

// copyMark stands on both sides of the number, so that no way of folding or
// tearing the paper leaves a number without it.
func copyMark(e *escpos.Encoder, t Ticket) {
	if !t.Copy {
		return
	}
	word := t.Labels.Copy
	if word == "" {
		word = "SALINAN"
	}
	e.Bold(true)
	e.Size(e.Fits(word, 2))
	e.Paragraph(word)
	e.Size(1)
	e.Bold(false)
}

func link(e *escpos.Encoder, t Ticket) error {
	if t.Link == "" {
		return nil
	}
	e.FeedDots(16)
	if err := e.QR(t.Link); err != nil {
		return err
	}
	e.Paragraph(t.Labels.Link)
	return nil
}

func foot(e *escpos.Encoder, t Ticket) {
	if len(t.Lines) > 0 {
		e.Rule()
		e.Align(escpos.Left)
		for _, line := range t.Lines {
			e.Paragraph(line)
		}
		e.Align(escpos.Centre)
	}
	if len(t.Footer) > 0 {
		e.Rule()
		for _, line := range t.Footer {
			e.Paragraph(line)
		}
	}
}
