package virtual_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antrean/printer/virtual"
)

// receiptio is a host program that others wrote, pinned in deploy/judges: what
// it believes of the software printer, no reading of the manual by this
// project's authors can have arranged.
func receiptio(t *testing.T) func(stdin string, args ...string) string {
	t.Helper()
	path := os.Getenv("ANTREAN_RECEIPTIO")
	if path == "" {
		path = filepath.Join("..", "..", "deploy", "judges", "node_modules", ".bin", "receiptio")
	}
	path, err := exec.LookPath(path)
	if err != nil {
		t.Skip("receiptio is not installed (deploy/setup.sh does it, or name it in ANTREAN_RECEIPTIO)")
	}
	return func(stdin string, args ...string) string {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		c := exec.CommandContext(ctx, path, append([]string{"-d", judged, "-p", "escpos"}, args...)...)
		c.Stdin = strings.NewReader(stdin)
		out, err := c.CombinedOutput()
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
}

// judged is an address of this machine whose port 9100 is likely free: the
// judge knows no other port.
const judged = "127.0.91.1"

func TestAnIndependentHostIsFooled(t *testing.T) {
	ask := receiptio(t)
	device, err := virtual.New(virtual.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	if _, err := device.Listen(judged + ":9100"); err != nil {
		t.Skipf("port 9100 is taken: %v", err)
	}
	for _, c := range []struct{ command, want string }{
		{"paper full", "online"},
		{"cover open", "coveropen"},
		{"cover closed", "online"},
		{"paper out", "paperempty"},
		{"paper in", "online"},
		{"head broken", "error"},
		{"head whole", "online"},
		{"mute on", "offline"},
		{"mute off", "online"},
		{"power off", "disconnect"},
		{"power on", "online"},
	} {
		if err := device.Control(c.command); err != nil {
			t.Fatal(err)
		}
		if got := ask("", "-q"); got != c.want {
			t.Errorf("after %q it says %s, want %s", c.command, got, c.want)
		}
	}
	const receipt = "^^^A-001\n\n{code:https://example.go.id/t/1;option:qrcode,6,m}\n\nNomor | 1\n"
	if got := ask(receipt); got != "success" {
		t.Fatalf("printing: %s", got)
	}
	paper := device.Papers()[0]
	if link, err := paper.QR(); err != nil || link != "https://example.go.id/t/1" {
		t.Errorf("its QR is %q, %v", link, err)
	}
	if !strings.Contains(paper.Text, "A-001") || !strings.Contains(paper.Text, "Nomor") {
		t.Errorf("its paper says\n%s", paper.Text)
	}
	if err := device.Control("paper out after 2"); err != nil {
		t.Fatal(err)
	}
	if got := ask(receipt); got != "paperempty" {
		t.Errorf("paper out within: %s", got)
	}
}
