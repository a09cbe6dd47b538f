package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"antrean/printer/virtual"
	"antrean/queue-server/servertest"
)

// technician is at a kiosk with a printer made of software; nothing is on its screen.
type technician struct {
	t       *testing.T
	device  *virtual.Printer
	address string
}

func newTechnician(t *testing.T, lang string) *technician {
	t.Helper()
	t.Setenv("DISPLAY", "")
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	t.Setenv("LANG", lang)
	device, err := virtual.New(virtual.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	tty := filepath.Join(t.TempDir(), "printer")
	if _, err := device.ServePTY(tty); err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	return &technician{t, device, "serial:" + tty + "?baud=115200"}
}

// test runs --test-page and returns what it said and its exit code, 0 where all is well.
func (k *technician) test(server, token, profile string) (said string, code exitCode) {
	k.t.Helper()
	k.t.Setenv("ANTREAN_TOKEN", token)
	var out strings.Builder
	err := run(k.t.Context(), []string{"--server=" + server, "--printer=" + k.address, "--printer-profile=" + profile, "--test-page"}, &out)
	if err != nil && !errors.As(err, &code) {
		k.t.Fatal(err)
	}
	return out.String(), code
}

// paper is the only one, its lines joined where the printer wrapped them.
func (k *technician) paper() (text string, codes []string) {
	k.t.Helper()
	papers := k.device.Papers()
	if len(papers) != 1 {
		k.t.Fatalf("%d papers", len(papers))
	}
	return strings.Join(strings.Fields(papers[0].Text), " "), papers[0].Links
}

func holds(t *testing.T, what, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", what, want, text)
		}
	}
}

func TestTheTestPageSaysWhoTheKioskIsAndShowsTheCodeThatVisitorsWillSee(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	k := newTechnician(t, "id_ID.UTF-8")
	said, code := k.test(s.URL, s.DeviceToken("kiosk", ""), "virtual80")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	holds(t, "the answer", said, "tercetak; printer memastikannya", "http://mpp.test")
	text, codes := k.paper()
	holds(t, "the paper", text, "Halaman uji", "Bukan nomor antrean", "MPP Uji", "kiosk 1", "WITA", s.URL, "virtual80", "576 titik = 72 mm, 48 huruf",
		strings.Repeat("1234567890", 4)+"12345678 ", "memuat kode QR")
	if len(codes) != 1 || codes[0] != "http://mpp.test" {
		t.Errorf("codes %q", codes)
	}
	if image, err := k.device.Papers()[0].QR(); err != nil || image != "http://mpp.test" {
		t.Errorf("a phone reads %q, %v", image, err)
	}
}

func TestWithoutAnAddressForPhonesTheTestPageSaysWhyAndWhatToDo(t *testing.T) {
	office := strings.Replace(servertest.SmallOffice, `public_url = "http://mpp.test"`, `public_url = ""`, 1)
	if office == servertest.SmallOffice {
		t.Fatal("the small office has another address by now")
	}
	s := servertest.Start(t, servertest.Options{Office: office}) // on loopback, where no phone comes
	k := newTechnician(t, "en_GB.UTF-8")
	said, code := k.test(s.URL, s.DeviceToken("kiosk", ""), "virtual58")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	text, codes := k.paper()
	for what, text := range map[string]string{"the answer": said, "the paper": text} {
		holds(t, what, text, "NO QR code: the server knows no address", "Set public_url in the office's settings", "LAN address")
	}
	holds(t, "the paper", text, "384 dots = 48 mm, 32 characters")
	if len(codes) != 0 {
		t.Errorf("codes %q", codes)
	}
}

func TestWithoutAServerTheTestPageIsPrintedAllTheSame(t *testing.T) {
	k := newTechnician(t, "C.UTF-8") // the house's own language
	said, code := k.test("http://127.0.0.1:1", "token", "virtual80")
	if code != noServer {
		t.Errorf("exit code %d", code)
	}
	text, _ := k.paper()
	for what, text := range map[string]string{"the answer": said, "the paper": text} {
		holds(t, what, text, "Server tidak dapat ditanyai: tidak ada jawaban")
	}
}

func TestAWrongTokenIsSaidOnTheTestPage(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	for _, c := range []struct{ token, says string }{
		{"nonsense", "token is wrong or was revoked"},
		{s.DeviceToken("board", ""), "not to a kiosk (board)"},
	} {
		k := newTechnician(t, "en")
		said, code := k.test(s.URL, c.token, "virtual80")
		if code != noServer {
			t.Errorf("exit code %d", code)
		}
		text, _ := k.paper()
		holds(t, "the answer", said, c.says)
		holds(t, "the paper", text, c.says)
	}
}

func TestAPrinterThatCannotPrintIsNamed(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	k := newTechnician(t, "en")
	token := s.DeviceToken("kiosk", "")
	for _, c := range []struct {
		command, says string
		code          exitCode
	}{
		{"paper out", "NOT printed: the paper is out.", nothingPrinted},
		{"cable out", "NOT printed: there is no printer", nothingPrinted},
	} {
		if err := k.device.Control(c.command); err != nil {
			t.Fatal(err)
		}
		said, code := k.test(s.URL, token, "virtual80")
		if code != c.code {
			t.Errorf("%s: exit code %d", c.command, code)
		}
		holds(t, c.command, said, c.says)
	}
	if n := len(k.device.Papers()); n != 0 {
		t.Errorf("%d papers", n)
	}
}

func TestTheTestPageNeedsAPrinter(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "token")
	err := run(t.Context(), []string{"--server=http://127.0.0.1:1", "--test-page"}, nil)
	if err == nil || !strings.Contains(err.Error(), "--printer") {
		t.Errorf("err = %v", err)
	}
}
