package printer_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"antrean/printer"
	"antrean/printer/virtual"
)

var update = flag.Bool("update", false, "write the golden papers anew")

func TestTheTicketLooksAsAgreed(t *testing.T) {
	long := ticket()
	long.Office = "Mal Pelayanan Publik Kabupaten Bengkulu Tengah"
	long.Agency = "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"
	long.Service = "Perizinan berusaha \x1d\x56\x00 “risiko rendah” – café"
	long.Number = "PERIZ-0001"
	long.Copy = true
	bare := printer.Ticket{Office: "MPP", Service: "Informasi", Number: "C-7"}

	for _, c := range []struct {
		name, profile string
		dots          int
		ticket        printer.Ticket
	}{
		{"native-80", "virtual80", 576, ticket()},
		{"native-58", "virtual58", 384, ticket()},
		{"raster-80", "generic80", 576, ticket()},
		{"raster-58", "generic58", 384, ticket()},
		{"long-copy-58", "virtual58", 384, long},
		{"bare-80", "virtual80", 576, bare},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := virtual.Config{Dots: c.dots, NoCutter: c.profile == "generic58"}
			r := newRig(t, "none", v, patient(c.profile))
			if out := r.printer.Print(t.Context(), printer.Job{Ticket: c.ticket}); out.State != printer.Confirmed {
				t.Fatalf("%s, %v", out.State, out.Err)
			}
			compare(t, filepath.Join("testdata", c.name), r.papers(1)[0])
		})
	}
}

func compare(t *testing.T, base string, p virtual.Paper) {
	t.Helper()
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, p.Image); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(base+".png", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(base+".txt", []byte(p.Text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(base + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	if p.Text != string(want) {
		t.Errorf("paper says\n%s\nwant\n%s", p.Text, want)
	}
	f, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	// The edge of a letter may fall otherwise on another processor.
	if n := differing(img, p.Image); n > 200 {
		t.Errorf("%d dots differ from %s.png", n, base)
	}
}

func differing(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return 1 << 30
	}
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			r, _, _, _ := a.At(x, y).RGBA()
			s, _, _, _ := b.At(x, y).RGBA()
			if r != s {
				n++
			}
		}
	}
	return n
}
