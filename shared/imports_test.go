package shared_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says, for each package, which packages of this module its files may
// import. A new package needs a row, so that its author thinks about its place.
var arrows = map[string][]string{
	"shared/ticket": {},
	"shared/reason": {},
	"shared/i18n":   {},
	"shared/config": {},
	"shared/wire":   {"shared/ticket"},
	"shared/client": {"shared/reason", "shared/ticket", "shared/wire"},
	"shared/spoken": {"shared/i18n", "shared/ticket"},
	"shared/device": {},
	"shared/screen": {},
	"shared/trace":  {},

	"queue-server":                     {"queue-server/internal/control", "queue-server/internal/office", "queue-server/internal/officefile", "queue-server/internal/people", "queue-server/internal/server", "queue-server/internal/story", "shared/i18n", "shared/reason", "shared/ticket", "shared/wire"},
	"queue-server/internal/queue":      {"shared/reason", "shared/ticket"},
	"queue-server/internal/eventlog":   {"queue-server/internal/queue", "shared/ticket"},
	"queue-server/internal/table":      {},
	"queue-server/internal/office":     {"queue-server/internal/eventlog", "queue-server/internal/queue", "queue-server/internal/table", "shared/reason", "shared/ticket", "shared/wire"},
	"queue-server/internal/officefile": {"queue-server/internal/queue", "shared/config", "shared/i18n", "shared/ticket"},
	"queue-server/internal/story":      {"queue-server/internal/eventlog", "queue-server/internal/queue", "shared/i18n", "shared/reason", "shared/ticket", "shared/wire"},
	"queue-server/internal/people":     {"queue-server/internal/table", "shared/reason", "shared/ticket"},
	"queue-server/internal/control":    {"shared/reason"},
	"queue-server/internal/api":        {"queue-server/internal/office", "queue-server/internal/people", "queue-server/internal/queue", "shared/i18n", "shared/reason", "shared/ticket", "shared/wire"},
	"queue-server/internal/web":        {"queue-server/internal/office", "shared/i18n", "shared/reason", "shared/ticket", "shared/wire"},
	// server is where the rooms of the queue server are wired together.
	"queue-server/internal/server": {"queue-server/internal/api", "queue-server/internal/control", "queue-server/internal/eventlog", "queue-server/internal/office", "queue-server/internal/officefile", "queue-server/internal/people", "queue-server/internal/queue", "queue-server/internal/story", "queue-server/internal/table", "queue-server/internal/web", "shared/reason", "shared/ticket", "shared/wire"},
	"queue-server/servertest":      {"queue-server/internal/eventlog", "queue-server/internal/office", "queue-server/internal/officefile", "queue-server/internal/people", "queue-server/internal/queue", "queue-server/internal/server", "shared/ticket", "shared/wire"},
	"queue-server/bench":           {"queue-server/internal/eventlog", "queue-server/internal/office", "queue-server/internal/officefile", "queue-server/internal/queue", "queue-server/internal/table", "queue-server/servertest", "deploy/rig", "shared/client", "shared/ticket", "shared/wire"},

	"kiosk":                   {"kiosk/internal/flow", "kiosk/internal/loop", "kiosk/internal/spool", "kiosk/internal/testpage", "kiosk/internal/ui", "printer", "printer/escpos", "shared/client", "shared/device", "shared/i18n", "shared/screen", "shared/trace"},
	"kiosk/internal/flow":     {"shared/reason", "shared/ticket", "shared/wire"},
	"kiosk/internal/words":    {"kiosk/internal/flow", "shared/i18n", "shared/wire"},
	"kiosk/internal/ui":       {"kiosk/internal/flow", "kiosk/internal/words", "shared/i18n", "shared/ticket"},
	"kiosk/internal/loop":     {"kiosk/internal/flow", "kiosk/internal/spool", "kiosk/internal/words", "printer", "shared/client", "shared/i18n", "shared/reason", "shared/ticket", "shared/trace", "shared/wire"},
	"kiosk/internal/spool":    {"shared/ticket", "shared/wire"},
	"kiosk/internal/testpage": {"kiosk/internal/words", "printer", "printer/escpos", "shared/client", "shared/i18n", "shared/reason", "shared/ticket", "shared/wire"},

	"display":                  {"display/internal/board", "display/internal/memory", "display/internal/station", "display/internal/ui", "display/internal/voice", "shared/client", "shared/device", "shared/screen", "shared/ticket", "shared/trace"},
	"display/internal/board":   {"shared/spoken", "shared/ticket", "shared/wire"},
	"display/internal/ui":      {"display/internal/board", "shared/i18n"},
	"display/internal/station": {"display/internal/board", "shared/client", "shared/reason", "shared/spoken", "shared/ticket", "shared/trace", "shared/wire"},
	"display/internal/memory":  {"display/internal/board"},
	"display/internal/voice":   {"display/internal/memory", "shared/spoken", "shared/trace"},

	"printer":             {"printer/escpos", "printer/port"},
	"printer/escpos":      {},
	"printer/port":        {},
	"printer/virtual":     {},
	"printer/cmd/printer": {"printer", "printer/port", "printer/virtual"},

	"deploy/rig":  {"shared/wire"},
	"deploy/demo": {"deploy/rig", "shared/spoken", "shared/ticket", "shared/wire"},
}

// owners says which packages may use an outside library. Test files may use any.
var owners = map[string][]string{
	"fyne.io/fyne/v2/app":              {"kiosk", "display"},
	"fyne.io/fyne/v2/driver/desktop":   {"kiosk/internal/ui", "display/internal/ui", "shared/screen"},
	"fyne.io/fyne/v2":                  {"kiosk", "display", "kiosk/internal/ui", "display/internal/ui", "shared/screen"},
	"go.etcd.io/bbolt":                 {"queue-server/internal/eventlog", "queue-server/internal/table", "kiosk/internal/spool"},
	"github.com/gorilla/websocket":     {"queue-server/internal/api", "shared/client", "queue-server/bench"},
	"github.com/tarm/serial":           {"printer/port"},
	"github.com/skip2/go-qrcode":       {"printer/escpos", "printer/virtual", "kiosk/internal/ui"},
	"github.com/makiuchi-d/gozxing":    {"printer/virtual", "deploy/demo"},
	"github.com/alecthomas/kong":       {"queue-server", "kiosk", "display", "printer/cmd/printer"},
	"github.com/pelletier/go-toml/v2":  {"shared/config", "shared/i18n", "printer/escpos"},
	"github.com/nicksnyder/go-i18n/v2": {"shared/i18n"},
	"google.golang.org/protobuf":       {"queue-server/internal/eventlog"},
	"github.com/google/uuid":           {"shared/client", "queue-server/servertest", "queue-server/internal/office", "queue-server/internal/people", "queue-server/bench", "deploy/demo"},
	"golang.org/x/crypto":              {"queue-server/internal/people"},
	"golang.org/x/time":                {"queue-server/internal/people", "queue-server/internal/api"},
	"golang.org/x/sys":                 {"printer/port", "printer/virtual", "queue-server/internal/eventlog", "queue-server/internal/office", "queue-server/bench"},
	"golang.org/x/text/language":       {"shared/i18n"},
	"golang.org/x/text":                {"shared/i18n", "printer/escpos", "printer/virtual"},
	"golang.org/x/image":               {"printer/virtual"},
	"github.com/chromedp/chromedp":     {"deploy/demo"},
	"github.com/chromedp/cdproto":      {"deploy/demo"},
	"github.com/getkin/kin-openapi":    {},
	"pgregory.net/rapid":               {},
	"go.uber.org/goleak":               {},
	"github.com/google/go-cmp":         {},
}

const module = "antrean/"

func TestImportsFollowTheArrows(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || file != ".." && strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		pkg := path.Dir(strings.TrimPrefix(filepath.ToSlash(file), "../"))
		if pkg == "shared" {
			return nil // this test
		}
		if _, ok := arrows[pkg]; !ok && !seen[pkg] {
			t.Errorf("package %s has no row in arrows: think about its place in the house and add one", pkg)
		}
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, pkg, file, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range arrows {
		if !seen[pkg] {
			t.Errorf("arrows has a row for %s, which is no package", pkg)
		}
	}
}

func checkImport(t *testing.T, pkg, file, imported string) {
	t.Helper()
	test := strings.HasSuffix(file, "_test.go")
	if own, ok := strings.CutPrefix(imported, module); ok {
		if !test && !slices.Contains(arrows[pkg], own) {
			t.Errorf("%s imports %s, for which there is no arrow", file, own)
		}
		return
	}
	if !strings.Contains(strings.Split(imported, "/")[0], ".") {
		return // the standard library
	}
	lib := ""
	for l := range owners {
		if (imported == l || strings.HasPrefix(imported, l+"/")) && len(l) > len(lib) {
			lib = l
		}
	}
	// fyne/app needs cgo and a display's headers: not even a test may import it.
	if allowed := slices.Contains(owners[lib], pkg) || test && lib != "fyne.io/fyne/v2/app"; lib == "" || !allowed {
		t.Errorf("%s imports %s: its owners are %v", file, imported, owners[lib])
	}
}

func TestTheCoreIsPure(t *testing.T) {
	files, err := filepath.Glob("../queue-server/internal/queue/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			switch strings.Trim(spec.Path.Value, `"`) {
			case "os", "net", "net/http", "encoding/json", "sync", "math/rand", "math/rand/v2", "crypto/rand", "context", "log", "log/slog":
				t.Errorf("%s imports %s: the core knows no clock, disk, network, JSON or goroutine", file, spec.Path.Value)
			}
		}
	}
}
