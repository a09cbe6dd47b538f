package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"antrean/kiosk/internal/testpage"
	"antrean/printer"
	"antrean/printer/escpos"
	"antrean/shared/client"
)

// exitCode is how a test page went; what there is to say has been said.
type exitCode int

const (
	nothingPrinted exitCode = 1 // as for every other failure of this program
	maybePrinted   exitCode = 2
	noServer       exitCode = 3 // and the page is out
)

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// testPage prints one page through this kiosk's own wiring and says on out how it
// went, in the technician's language.
func testPage(ctx context.Context, o *options, server *client.Client, out io.Writer) (err error) {
	name := cmp.Or(o.PrinterProfile, printer.DefaultProfile)
	profile, err := escpos.LookUp(name)
	if err != nil {
		return fmt.Errorf("--printer-profile: %w", err)
	}
	// What the library logs, the page's outcome says.
	quiet := slog.New(slog.DiscardHandler)
	p, err := printer.Open(ctx, printer.Config{Address: o.Printer, Profile: name, Log: quiet})
	if err != nil {
		return fmt.Errorf("--printer: %w", err)
	}
	defer func() { err = cmp.Or(err, p.Close()) }()

	page := testpage.Page{Language: testpage.Language(os.Getenv), Server: o.Server, Printer: o.Printer, Profile: profile, At: time.Now()}
	page.Answer = testpage.Ask(ctx, server)
	outcome := p.Print(ctx, printer.Job{ID: "test page", Ticket: page.Ticket()})
	for _, line := range page.Report(outcome) {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	switch {
	case outcome.State == printer.Failed:
		return nothingPrinted
	case outcome.State != printer.Confirmed:
		return maybePrinted
	case page.Answer.Err != nil:
		return noServer
	}
	return nil
}
