package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antrean/queue-server/internal/people"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// concrete fills a pattern's names in.
func concrete(pattern string, o ticket.OfficeID, token string) string {
	return strings.NewReplacer(
		"{office}", string(o), "{ticket}", newTicketID().String(), "{counter}", "1",
		"{token}", token, "{topic...}", "kiosk").Replace(pattern)
}

func (r route) String() string { return r.method + " " + r.pattern }

func TestEveryRouteRefusesWhoHasNoCredentialForIt(t *testing.T) {
	h := openHall(t)
	visit := h.visitToken(h.take("ktp"))
	revoked := h.device(here, people.Kiosk)
	lost, err := h.people.DeviceByToken(strings.TrimPrefix(revoked, "Bearer "))
	h.must(err)
	h.must(h.people.RevokeDevice(lost.ID))
	ended := h.login("pergi", people.Officer)
	h.must(h.people.Logout(strings.TrimPrefix(ended, "antrean=")))
	guest := h.login("tamu", people.Officer, there) // of the other office only

	nobody := []string{"", "Bearer salah", "Bearer ", "Basic YTpi", "antrean=salah", revoked, ended}
	for _, r := range routes {
		t.Run(r.String(), func(t *testing.T) {
			h.T = t
			path := concrete(r.pattern, here, visit)
			body := ""
			if r.method == http.MethodPost {
				body = "{}"
			}
			switch {
			case r.who.public:
				for _, who := range nobody {
					if res := h.ask(r.method, path, who, body); res.status == http.StatusUnauthorized {
						t.Errorf("public, but %q is refused", who)
					}
				}
				return
			case r.who.visit:
				h.refused("no_such_link", r.method, concrete(r.pattern, here, "salah"), h.admin, body)
				h.refused("no_such_link", r.method, concrete(r.pattern, there, visit), h.admin, body)
				return
			}
			for _, who := range nobody {
				p := h.refused(h.unknownCode(r, who), r.method, path, who, body)
				if p.Status != http.StatusUnauthorized {
					t.Errorf("%q gets %d", who, p.Status)
				}
			}
			for _, kind := range []string{h.kiosk, h.board} {
				want := map[string]string{h.kiosk: people.Kiosk, h.board: people.Board}[kind]
				switch {
				case slices.Contains(r.who.devices, want):
				case len(r.who.devices) > 0:
					h.refused("wrong_device", r.method, path, kind, body)
				default:
					h.refused("no_session", r.method, path, kind, body)
				}
			}
			if strings.Contains(r.pattern, "{office}") {
				for _, who := range []string{h.other, guest} {
					bearer := strings.HasPrefix(who, "Bearer")
					if bearer && slices.Contains(r.who.devices, people.Kiosk) || !bearer && r.who.session {
						h.refused("wrong_office", r.method, path, who, body)
					}
				}
			}
		})
	}
}

// unknownCode is how a route says that it does not know the caller.
func (h *hall) unknownCode(r route, who string) string {
	header := strings.HasPrefix(who, "Bearer") || strings.HasPrefix(who, "Basic")
	if len(r.who.devices) > 0 && (header || !r.who.session) {
		return "no_device"
	}
	return "no_session"
}

func TestOnlyWhoRunsTheDayOpensClosesAndForces(t *testing.T) {
	h := openHall(t)
	officer, leader := h.login("petugas", people.Officer), h.login("kepala", people.Supervisor, here)
	found := 0
	for _, r := range routes {
		path := concrete(r.pattern, here, "")
		if len(r.who.roles) == 0 {
			if r.who.session && !r.who.unchanged && r.method == http.MethodPost {
				if res := h.ask(r.method, path, officer, "{}"); strings.Contains(string(res.body), "wrong_role") {
					t.Errorf("%s: an officer is refused", r)
				}
			}
			continue
		}
		found++
		h.refused("wrong_role", r.method, path, officer, "{}")
		for _, who := range []string{leader, h.admin} {
			if res := h.ask(r.method, path, who, "{}"); res.status == http.StatusForbidden {
				t.Errorf("%s: refused with %s", r, res.body)
			}
		}
	}
	if found != 3 {
		t.Errorf("%d routes ask for a role", found)
	}
}

func TestAServerThatTellsNoStoriesHasNoSuchPath(t *testing.T) {
	h := openHall(t, func(c *Config) { c.Story = nil })
	h.refused("no_such_path", "GET", wire.PathStory(here)+"?number=A-001", h.admin, "")
}

func TestAStoryIsToldInTheLanguageOfTheAsker(t *testing.T) {
	h := openHall(t)
	for lang, accept := range map[string]string{"id": "id", "en": "en-GB"} {
		s := gets[wire.Story](h, "GET", wire.PathStory(here)+"?number=A-001&day=2026-11-23", h.admin, "", "Accept-Language", accept)
		if s.Number != "A-001" || s.Day != "2026-11-23" || s.Sentences[0].Text != "sinjai "+lang {
			t.Errorf("%s: %+v", lang, s)
		}
	}
	long := strings.Repeat("9", 10_000)
	h.refused("missing_field", "GET", wire.PathStory(here), h.admin, "")
	h.refused("text_too_long", "GET", wire.PathStory(here)+"?number="+long, h.admin, "")
	h.refused("text_too_long", "GET", wire.PathStory(here)+"?number=A-001&day="+long, h.admin, "")
	h.refused("text_too_long", "GET", wire.PathStory(here)+"?number=%ff", h.admin, "")
	h.refused("no_such_ticket", "GET", wire.PathStory(here)+"?number=A-999", h.admin, "")
}

func TestASessionWithAFirstPasswordMayOnlyReplaceIt(t *testing.T) {
	h := openHall(t)
	once, err := h.people.AddUser("baru", "Baru", people.Officer, nil)
	h.must(err)
	_, secret, err := h.people.Login(t.Context(), "baru", once, "127.0.0.1")
	h.must(err)
	who := "antrean=" + secret
	for _, r := range routes {
		if !r.who.session || r.who.unchanged {
			continue
		}
		body := map[string]string{http.MethodPost: "{}"}[r.method]
		h.refused("password_must_change", r.method, concrete(r.pattern, here, ""), who, body)
	}
	if s := gets[wire.Session](h, "GET", wire.PathSession, who, ""); !s.MustChangePassword {
		t.Errorf("session = %+v", s)
	}
	s := gets[wire.Session](h, "POST", wire.PathPassword, who, `{"old":"`+once+`","new":"`+password+`"}`)
	if s.MustChangePassword {
		t.Error("still to be changed")
	}
	gets[wire.Frame](h, "GET", wire.PathView(here, "office"), who, "")
}

func TestNothingIsServedOutsideTheTable(t *testing.T) {
	registered := 0
	for name, file := range sources(t, ".") {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && (s.Sel.Name == "Handle" || s.Sel.Name == "HandleFunc") {
				registered++
				if filepath.Base(name) != "api.go" {
					t.Errorf("%s registers a handler", name)
				}
			}
			return true
		})
	}
	if registered != 1 {
		t.Errorf("%d registrations, want the one that walks the table", registered)
	}
	h := openHall(t)
	h.refused("no_such_path", "GET", "/api/v1/offices", h.admin, "")
	h.refused("no_such_path", "GET", "/api/", h.admin, "")
	h.refused("no_such_path", "GET", "/debug/pprof/", h.admin, "")
	h.refused("wrong_method", "GET", wire.PathTickets(here), h.kiosk, "")
	h.refused("wrong_method", "DELETE", wire.PathSession, h.admin, "")
}

func TestTheTableAgreesWithThePathsOfTheWire(t *testing.T) {
	id := newTicketID()
	for want, got := range map[string]string{
		inOffice + "/tickets":                             wire.PathTickets("{office}"),
		inOffice + "/tickets/" + id.String() + "/cancel":  wire.PathCancel("{office}", id),
		inOffice + "/tickets/" + id.String() + "/printed": wire.PathPrinted("{office}", id),
		inOffice + "/socket":                              wire.PathSocket("{office}"),
		inOffice + "/announcements/spoken":                wire.PathSpoken("{office}"),
		inOffice + "/views/{topic...}":                    wire.PathView("{office}", "{topic...}"),
		inTicket + "/return":                              strings.Replace(wire.PathTicket("{office}", id, "return"), id.String(), "{ticket}", 1),
		inStory:                                           wire.PathStory("{office}"),
		inOffice + "/day/open":                            wire.PathDay("{office}", "open"),
		inOffice + "/force":                               wire.PathForce("{office}"),
		inCounter + "/call-next":                          wire.PathCounter("{office}", "{counter}", "call-next"),
		inVisit:                                           wire.PathVisit("{office}", "{token}"),
	} {
		escaped := strings.NewReplacer("%7B", "{", "%7D", "}").Replace(got)
		if escaped != want {
			t.Errorf("the wire says %s, the table %s", escaped, want)
		}
	}
}

func TestEveryRefusalOfTheServerHasATextInEveryLanguage(t *testing.T) {
	codes := map[string]string{"internal": "api"}
	for _, root := range []string{"../..", "../../../shared"} {
		for name, file := range sources(t, root) {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) != 2 {
					return true
				}
				fn, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || fn.Sel.Name != "New" {
					return true
				}
				pkg, ok := fn.X.(*ast.Ident)
				if code, isText := call.Args[1].(*ast.BasicLit); ok && pkg.Name == "reason" && isText {
					codes[strings.Trim(code.Value, `"`)] = name
				}
				return true
			})
		}
	}
	if len(codes) < 50 {
		t.Errorf("only %d codes found: is the search blind?", len(codes))
	}
	for _, lang := range i18n.Languages {
		keys, err := i18n.Keys(lang)
		if err != nil {
			t.Fatal(err)
		}
		for code, where := range codes {
			if !slices.Contains(keys, "refusal."+code) {
				t.Errorf("%s: no text for refusal.%s (%s)", lang, code, where)
			}
		}
	}
}

// sources parses every Go file below a folder, without tests.
func sources(t *testing.T, root string) map[string]*ast.File {
	t.Helper()
	files, fs := map[string]*ast.File{}, token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[path], err = parser.ParseFile(fs, path, nil, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
