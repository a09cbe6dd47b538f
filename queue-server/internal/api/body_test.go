package api

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func TestABodyThatIsNotWhatWasAskedForIsRefusedAndChangesNothing(t *testing.T) {
	h := openHall(t)
	id := newTicketID().String()
	good := `"id":"` + id + `","service":"ktp"`
	for name, c := range map[string]struct{ want, body string }{
		"nothing at all":            {"bad_json", ``},
		"half of it":                {"bad_json", `{` + good},
		"no UTF-8":                  {"bad_json", "{\"service\":\"\xff\"}"},
		"something after it":        {"bad_json", `{` + good + `}{}`},
		"an array":                  {"not_an_object", `[{` + good + `}]`},
		"null":                      {"not_an_object", `null`},
		"an unknown field":          {"unknown_field", `{` + good + `,"vip":true}`},
		"a name in another case":    {"unknown_field", `{"ID":"` + id + `","service":"ktp"}`},
		"a field twice":             {"field_twice", `{` + good + `,"service":"kk"}`},
		"a number for a text":       {"wrong_type", `{"id":"` + id + `","service":7}`},
		"a list for a text":         {"wrong_type", `{"id":"` + id + `","service":["ktp"]}`},
		"too deep":                  {"json_too_deep", `{"service":` + strings.Repeat("[", 9) + strings.Repeat("]", 9) + `}`},
		"a long text":               {"text_too_long", `{"id":"` + id + `","service":"` + strings.Repeat("é", 201) + `"}`},
		"no id":                     {"missing_field", `{"service":"ktp"}`},
		"no service":                {"missing_field", `{"id":"` + id + `"}`},
		"an id that is no UUID":     {"bad_ticket_id", `{"id":"17","service":"ktp"}`},
		"an id of another version":  {"bad_ticket_id", `{"id":"5f0c7c9e-8a3b-4c1d-9e2f-000000000000","service":"ktp"}`},
		"an unknown service":        {"no_such_service", `{"id":"` + id + `","service":"\u202eSIM\u0000🚗"}`},
		"a closed service":          {"service_closed", `{"id":"` + id + `","service":"shut"}`},
		"an unknown class":          {"unknown_class", `{` + good + `,"class":"vip"}`},
		"an unknown language":       {"unknown_language", `{` + good + `,"language":"tlh"}`},
		"64 KiB and one byte":       {"body_too_large", `{` + good + strings.Repeat(" ", wire.MaxBody-len(good)) + `}`},
		"a megabyte":                {"body_too_large", strings.Repeat("x", 1<<20)},
		"brackets inside a text":    {"no_such_service", `{"id":"` + id + `","service":"[[[[[[[[[[{{{{\"{"}`},
		"an unfinished escape":      {"bad_json", `{"service":"\`},
		"ten thousand open objects": {"bad_json", strings.Repeat(`{"a":`, 10_000)},
	} {
		t.Run(name, func(t *testing.T) {
			h.T = t
			h.refused(c.want, "POST", wire.PathTickets(here), h.kiosk, c.body)
		})
	}
	h.T = t
	if first := h.take("ktp"); first.Number.Text != "A-001" {
		t.Errorf("the first ticket is %s", first.Number.Text)
	}
}

func TestExactly64KiBIsTaken(t *testing.T) {
	h := openHall(t)
	body := takeBody(newTicketID(), "ktp")
	body += strings.Repeat(" ", wire.MaxBody-len(body))
	gets[wire.TakenTicket](h, "POST", wire.PathTickets(here), h.kiosk, body)
}

func TestHeadersAreCheckedLikeBodies(t *testing.T) {
	h := openHall(t)
	for _, c := range []struct{ want, header, value string }{
		{"wrong_content_type", "Content-Type", ""},
		{"wrong_content_type", "Content-Type", "text/plain"},
		{"wrong_content_type", "Content-Type", "application/x-www-form-urlencoded"},
		{"wrong_content_type", "Content-Type", ";;;"},
		{"key_missing", wire.HeaderKey, ""},
		{"key_wrong", wire.HeaderKey, "with space"},
		{"key_wrong", wire.HeaderKey, "kunci-é"},
		{"key_wrong", wire.HeaderKey, strings.Repeat("k", 201)},
		{"device_time_wrong", wire.HeaderAsked, "kemarin"},
		{"device_time_wrong", wire.HeaderAsked, "1700000000"},
	} {
		h.refused(c.want, "POST", wire.PathTickets(here), h.kiosk, takeBody(newTicketID(), "ktp"), c.header, c.value)
	}
	gets[wire.TakenTicket](h, "POST", wire.PathTickets(here), h.kiosk, takeBody(newTicketID(), "ktp"),
		"Content-Type", "application/json; charset=utf-8", wire.HeaderKey, strings.Repeat("k", 200),
		wire.HeaderAsked, "1970-01-01T00:00:00.123456+08:00")
}

func TestAKeyIsOneCommand(t *testing.T) {
	h := openHall(t)
	id := newTicketID()
	path := wire.PathTickets(here)
	first := gets[wire.TakenTicket](h, "POST", path, h.kiosk, takeBody(id, "ktp"), wire.HeaderKey, "k-1")
	again := gets[wire.TakenTicket](h, "POST", path, h.kiosk, takeBody(id, "ktp"), wire.HeaderKey, "k-1")
	if first != again {
		t.Errorf("first %+v, again %+v", first, again)
	}
	h.refused("key_reused", "POST", path, h.kiosk, takeBody(id, "kk"), wire.HeaderKey, "k-1")
	h.refused("ticket_id_used", "POST", path, h.kiosk, takeBody(id, "kk"))
	if other := gets[wire.TakenTicket](h, "POST", path, h.admin, takeBody(newTicketID(), "ktp"), wire.HeaderKey, "k-1"); other.Number.Text != "A-002" {
		t.Errorf("another's same key gave %s", other.Number.Text)
	}
	at := wire.PathCounter(here, "1", "open")
	gets[wire.CounterAnswer](h, "POST", at, h.admin, `{}`)
	next := wire.PathCounter(here, "1", "call-next")
	a := gets[wire.CounterAnswer](h, "POST", next, h.admin, `{}`, wire.HeaderKey, "n-1")
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "start"), h.admin, `{}`)
	b := gets[wire.CounterAnswer](h, "POST", next, h.admin, `{}`, wire.HeaderKey, "n-1")
	if *a.Ticket != *b.Ticket || a.Seq != b.Seq || b.Ticket.State != ticket.Called {
		t.Errorf("the same press: %+v and %+v", a, b)
	}
	h.refused("key_reused", "POST", wire.PathCounter(here, "2", "call-next"), h.admin, `{}`, wire.HeaderKey, "n-1")
}

func TestReportsOfDevicesAreChecked(t *testing.T) {
	h := openHall(t)
	taken := h.take("ktp")
	printed, spoken := wire.PathPrinted(here, taken.ID), wire.PathSpoken(here)
	h.refused("missing_field", "POST", printed, h.kiosk, `{}`)
	h.refused("unknown_print_state", "POST", printed, h.kiosk, `{"state":"maybe"}`)
	h.refused("not_a_code", "POST", printed, h.kiosk, `{"state":"failed","detail":"Budi bin Ahmad"}`)
	h.refused("no_such_ticket", "POST", wire.PathPrinted(here, newTicketID()), h.kiosk, `{"state":"failed"}`)
	h.refused("bad_ticket_id", "POST", wire.Prefix(here)+"/tickets/17/printed", h.kiosk, `{"state":"failed"}`)
	gets[wire.Accepted](h, "POST", printed, h.kiosk, `{"state":"failed","detail":"paper_end"}`)
	h.refused("missing_field", "POST", spoken, h.board, `{"ids":[]}`)
	h.refused("wrong_type", "POST", spoken, h.board, `{"ids":[-1]}`)
	h.refused("too_many_items", "POST", spoken, h.board, `{"ids":[1`+strings.Repeat(",1", 100)+`]}`)
	h.refused("nothing_spoken", "POST", spoken, h.board, `{"ids":[999999]}`)
}

func TestTwoCountersPressingAtOnceNeverCallTheSameTicket(t *testing.T) {
	const rounds = 200
	h := openHall(t)
	second := h.login("kedua", "officer", here)
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "open"), h.admin, `{}`)
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "2", "open"), second, `{}`)
	seen := map[ticket.ID]bool{}
	for range rounds {
		h.take("ktp")
		h.take("kk")
		var called [2]ticket.ID
		var both sync.WaitGroup
		for i, who := range []string{h.admin, second} {
			both.Go(func() {
				counter := ticket.CounterID(fmt.Sprint(i + 1))
				called[i] = gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, counter, "call-next"), who, `{}`).Ticket.ID
				gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, counter, "no-show"), who, `{}`)
			})
		}
		both.Wait()
		for _, id := range called {
			if seen[id] {
				t.Fatalf("%v was called twice", id)
			}
			seen[id] = true
		}
	}
}

func TestABodyThatComesBitByBitIsGivenUp(t *testing.T) {
	if testing.Short() {
		t.Skip("takes the ten seconds that a body may take")
	}
	t.Parallel()
	h := openHall(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.server.URL, "http://"))
	h.must(err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: %s\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 1000\r\n\r\n{", wire.PathTickets(here), h.kiosk)
	h.must(err)
	h.must(conn.SetDeadline(time.Now().Add(bodyTime + 5*time.Second)))
	start := time.Now()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	h.must(err)
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusBadRequest || !strings.Contains(string(raw), "body_incomplete") {
		t.Errorf("%s %s", res.Status, raw)
	}
	if d := time.Since(start); d < bodyTime-time.Second {
		t.Errorf("given up after %v", d)
	}
}

func TestRefusalsSpeakTheAskersLanguageAndFaultsSayNothing(t *testing.T) {
	h := openHall(t)
	id := h.refused("no_device", "GET", wire.PathDevice, "", "", "Accept-Language", "id-ID,id;q=0.9")
	en := h.refused("no_device", "GET", wire.PathDevice, "", "", "Accept-Language", "en-GB")
	if id.Title == en.Title || !strings.Contains(id.Title, "Perangkat") {
		t.Errorf("id %q, en %q", id.Title, en.Title)
	}
	closed := h.refused("service_closed", "POST", wire.PathTickets(here), h.kiosk, takeBody(newTicketID(), "shut"))
	if !strings.Contains(closed.Title, "Closed by staff") || closed.Args["closed"] != "closed_by_hand" {
		t.Errorf("closed: %+v", closed)
	}
	sick := openHall(t, func(c *Config) { c.Office = sickOffice{c.Office} })
	p := sick.refused("internal", "GET", wire.PathView(here, "kiosk"), sick.kiosk, "")
	if strings.Contains(fmt.Sprint(p), "disk") || p.Args["fault"] == "" || !strings.Contains(sick.log.String(), p.Args["fault"]) {
		t.Errorf("problem %+v, log %q", p, sick.log)
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	h := openHall(t)
	for _, path := range []string{wire.PathHealth, wire.PathDevice, "/api/nowhere"} {
		res := h.ask("GET", path, h.kiosk, "")
		for _, name := range []string{"X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "Cache-Control"} {
			if res.header.Get(name) == "" {
				t.Errorf("%s has no %s", path, name)
			}
		}
	}
}
