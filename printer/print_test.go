package printer_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"antrean/printer"
	"antrean/printer/virtual"
)

const link = "https://antrean.example.go.id/t/sinjai/AbCdEfGh"

func ticket() printer.Ticket {
	return printer.Ticket{
		Office:  "Mal Pelayanan Publik Sinjai",
		Agency:  "Dinas Kependudukan dan Pencatatan Sipil",
		Service: "Perekaman KTP elektronik",
		Number:  "A-001",
		Class:   "Prioritas",
		Time:    "Senin, 3 Maret 2025  08.05 WITA",
		Ahead:   "3 orang di depan Anda",
		Labels:  printer.Labels{Number: "Nomor antrean Anda", Link: "Pindai untuk mengikuti antrean"},
		Lines:   []string{"Bawa KTP lama dan fotokopi kartu keluarga."},
		Link:    link,
		Footer:  []string{"Pelayanan ini tanpa biaya.", "Terima kasih."},
	}
}

// rig is a printer on a software device, on the kind of line that is asked for.
type rig struct {
	t       *testing.T
	device  *virtual.Printer
	printer *printer.Printer
	address string
}

func newRig(t *testing.T, line string, v virtual.Config, cfg printer.Config) *rig {
	t.Helper()
	device, err := virtual.New(v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	r := &rig{t: t, device: device}
	if line == "tcp" {
		address, err := device.Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		r.address = "tcp:" + address
	} else {
		path := filepath.Join(t.TempDir(), "printer")
		if _, err := device.ServePTY(path); err != nil {
			t.Fatal(err)
		}
		r.address = "serial:" + path + "?baud=115200&flow=" + line
	}
	if cfg.Profile == "" {
		cfg.Profile = "virtual80"
	}
	cfg.Address = r.address
	cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	if r.printer, err = printer.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.printer.Close() })
	return r
}

func (r *rig) tell(command string) {
	r.t.Helper()
	if err := r.device.Control(command); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) print() printer.Outcome {
	return r.printer.Print(r.t.Context(), printer.Job{ID: "job", Ticket: ticket()})
}

func (r *rig) status() printer.Status {
	r.t.Helper()
	s, err := r.printer.Status(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *rig) papers(n int) []virtual.Paper {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer cancel()
	papers, err := r.device.WaitPapers(ctx, n)
	if err != nil {
		r.t.Fatal(err)
	}
	return papers
}

func TestATicketIsConfirmedAndItsQRIsTheLinkOnEveryLineAndProfile(t *testing.T) {
	for _, line := range []string{"none", "rtscts", "xonxoff", "tcp"} {
		for _, profile := range []string{"virtual80", "virtual58", "generic80", "generic58", "xprinter80"} {
			t.Run(line+" "+profile, func(t *testing.T) {
				v := virtual.Config{Baud: 115200, NoCutter: profile == "generic58"}
				if profile == "virtual58" || profile == "generic58" {
					v.Dots = 384
				}
				r := newRig(t, line, v, patient(profile))
				out := r.print()
				if out.State != printer.Confirmed {
					t.Fatalf("state = %s (%s), %v", out.State, out.Reason, out.Err)
				}
				if out.FirstByte.Before(out.Started) || out.LastByte.Before(out.FirstByte) || out.Confirmed.Before(out.LastByte) {
					t.Errorf("times are not in order: %+v", out)
				}
				paper := r.papers(1)[0]
				if got, err := paper.QR(); err != nil || got != link {
					t.Errorf("qr = %q, %v; want %q", got, err, link)
				}
			})
		}
	}
}
