package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/server"
	"antrean/shared/wire"
)

var demoFile = filepath.Join("..", "deploy", "offices", "demo.toml")

// line runs one command line and gives its output.
func line(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	var out, log bytes.Buffer
	err := run(t.Context(), args, strings.NewReader(stdin), &out, &log)
	return out.String(), err
}

// good is line for a command that must work.
func good(t *testing.T, args ...string) string {
	t.Helper()
	out, err := line(t, "", args...)
	if err != nil {
		t.Fatalf("queue-server %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// fresh is a data folder with the demo's office, and the administrator's password.
func fresh(t *testing.T) (data, password string) {
	t.Helper()
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	data = filepath.Join(t.TempDir(), "d")
	return data, field(t, good(t, "init", "--data", data, "--config", demoFile), "password")
}

// field is what stands behind "name: " on a line of its own.
func field(t *testing.T, out, name string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + `: (\S+)$`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no %s in %q", name, out)
	}
	return m[1]
}

// serving starts serve and waits for its first line; stop ends it like SIGTERM and
// gives its error.
func serving(t *testing.T, data string, more ...string) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, write := io.Pipe()
	ended := make(chan error, 1)
	var log bytes.Buffer
	go func() {
		err := run(ctx, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, more...), strings.NewReader(""), write, &log)
		_ = write.Close()
		ended <- err
	}()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	first, _ := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if !ok {
		t.Fatalf("the first line is %q (%v)", first, stop())
	}
	return url, stop
}

func TestTheCommandLineIsTheSameWithAServerAndWithoutOne(t *testing.T) {
	data, _ := fresh(t)
	steps := func(n int) {
		t.Helper()
		token := field(t, good(t, "device", "add", "--data", data, "--office", "demo", "--kind", "kiosk", "--name", fmt.Sprintf("Kios %d", n), "--zone", "a"), "token")
		if len(token) < 26 {
			t.Errorf("token %q", token)
		}
		id := field(t, good(t, "device", "add", "--data", data, "--office", "demo", "--kind", "board", "--name", "TV"), "device")
		good(t, "device", "revoke", "--data", data, "--device", id)
		if out := good(t, "device", "list", "--data", data, "--office", "demo"); !strings.Contains(out, "Kios "+fmt.Sprint(n)) || !strings.Contains(out, id) || !strings.Contains(out, "revoked") {
			t.Errorf("devices:\n%s", out)
		}
		user := fmt.Sprintf("siti%d", n)
		good(t, "user", "add", "--data", data, "--user", user, "--name", "Siti", "--role", "officer", "--office", "demo")
		good(t, "user", "disable", "--data", data, "--user", user)
		if _, err := line(t, "", "user", "passwd", "--data", data, "--user", user); err == nil || explain(err) != "This account is disabled. Ask an administrator." {
			t.Errorf("a disabled account gets a password: %v", err)
		}
		field(t, good(t, "user", "enable", "--data", data, "--user", user), "password")
		field(t, good(t, "user", "passwd", "--data", data, "--user", user), "password")
		if out := good(t, "user", "list", "--data", data); !strings.Contains(out, user) || !strings.Contains(out, server.AdminUser) {
			t.Errorf("users:\n%s", out)
		}
		file := good(t, "office", "export", "--data", data)
		if out, err := line(t, file, "office", "import", "--data", data, "-"); err != nil || !strings.Contains(out, "16 services") {
			t.Errorf("import of what was exported: %q, %v", out, err)
		}
		if again := good(t, "office", "export", "--data", data, "--office", "demo"); again != file {
			t.Error("exported, imported, exported: another file")
		}
		if out := good(t, "office", "check", "--data", data); !strings.Contains(out, "whole") {
			t.Errorf("check: %s", out)
		}
	}
	steps(1)
	_, stop := serving(t, data)
	steps(2)
	if _, err := line(t, "", "serve", "--data", data, "--listen", "127.0.0.1:0"); !errors.Is(err, server.ErrInUse) {
		t.Errorf("a second server: %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "control.sock")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the control socket is still there (%v)", err)
	}
	steps(3)
}

func TestAWrongOfficeFileIsToldByLineAndChangesNothing(t *testing.T) {
	data, _ := fresh(t)
	wrong := filepath.Join(t.TempDir(), "wrong.toml")
	demo, err := os.ReadFile(demoFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(wrong, bytes.Replace(demo, []byte("time_zone"), []byte("timezone"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	before := good(t, "office", "export", "--data", data)
	elsewhere := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{"office", "import", "--data", data, wrong},
		{"office", "check", wrong},
		{"init", "--data", elsewhere, "--config", wrong},
	} {
		_, err := line(t, "", args...)
		if err == nil || !strings.Contains(err.Error(), wrong+":7: ") || !strings.Contains(err.Error(), "time_zone") || exitCode(err) != exitFault {
			t.Errorf("%v: %v", args, err)
		}
	}
	if good(t, "office", "export", "--data", data) != before {
		t.Error("the office has changed")
	}
	if _, err := os.Stat(elsewhere); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder was made (%v)", err)
	}
	if _, err := line(t, "", "init", "--data", data, "--config", demoFile); !errors.Is(err, server.ErrStore) {
		t.Errorf("a store was made over another: %v", err)
	}
}

func TestTheServerSaysWhereItListensAndEndsCleanly(t *testing.T) {
	data, _ := fresh(t)
	url, stop := serving(t, data)
	answer, err := http.Get(url + wire.PathHealth)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("health: %s", answer.Status)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := line(t, "", "serve", "--data", filepath.Join(data, "none")); !errors.Is(err, server.ErrNoStore) {
		t.Errorf("a folder without a store: %v", err)
	}
}

func TestWithACertificateTheLineIsEncrypted(t *testing.T) {
	data, _ := fresh(t)
	cert, key, pool := certificate(t)
	url, _ := serving(t, data, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Fatalf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	answer, err := client.Get(url + wire.PathHealth)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("health: %s", answer.Status)
	}
	if _, err := line(t, "", "serve", "--data", data, "--tls-cert", cert); exitCode(err) != exitUsage {
		t.Errorf("a certificate without its key: %v", err)
	}
}

// certificate makes a self-signed one for 127.0.0.1.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key, pool = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool()
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return cert, key, pool
}

func TestWhatMeansNothingIsAUsageError(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"dance"},
		{"serve"},
		{"office", "check"},
		{"device", "add", "--data", "x", "--office", "demo", "--kind", "toaster", "--name", "x"},
		{"user", "add", "--data", "x", "--user", "x", "--name", "x", "--role", "king"},
	} {
		if _, err := line(t, "", args...); exitCode(err) != exitUsage {
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}, {"version"}} {
		if out, err := line(t, "", args...); err != nil || out == "" {
			t.Errorf("%q: %q, %v", args, out, err)
		}
	}
}

func TestEachEndHasItsExitCode(t *testing.T) {
	for want, err := range map[int]error{
		0: nil, exitFault: errors.New("x"), exitUsage: fmt.Errorf("y: %w", usageError{errors.New("x")}),
		exitAgain: fmt.Errorf("z: %w", office.ErrOutcomeUnknown),
	} {
		if got := exitCode(err); got != want {
			t.Errorf("%v: exit code %d, want %d", err, got, want)
		}
	}
}

func TestTheCommandLineSpeaksTheTerminalsLanguage(t *testing.T) {
	for lang, want := range map[string]string{"id_ID.UTF-8": "id", "C": "en", "nl_NL": "en", "": "en"} {
		t.Setenv("LC_ALL", lang)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", "")
		if got := language(); got != want {
			t.Errorf("%q: %s, want %s", lang, got, want)
		}
	}
}
