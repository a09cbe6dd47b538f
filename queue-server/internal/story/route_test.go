package story_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"antrean/queue-server/servertest"
	"antrean/shared/wire"
)

func TestAPageReadsTheStoryFromTheServer(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	who := s.Session("officer")
	taken := s.Take(who, "ktp")
	s.Counter(who, "1", "open")
	s.Counter(who, "1", "call-next")
	get := func(query url.Values, lang string) (told wire.Story, status int) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+wire.PathStory(s.Office)+"?"+query.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(who)
		r.Header.Set("Accept-Language", lang)
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		if err := json.NewDecoder(answer.Body).Decode(&told); err != nil {
			t.Fatal(err)
		}
		return told, answer.StatusCode
	}
	for lang, word := range map[string]string{"id": "oleh petugas", "en-GB": "by an officer"} {
		told, status := get(url.Values{"number": {taken.Number.Text}, "day": {taken.Day}}, lang)
		if status != http.StatusOK || len(told.Sentences) != 2 || told.Sentences[1].Why == "" || !strings.Contains(told.Sentences[1].Text, word) {
			t.Errorf("%s: %d, %+v", lang, status, told)
		}
	}
	for _, c := range []struct {
		number string
		status int
	}{{"Z-999", http.StatusNotFound}, {"A\x1b[2J", http.StatusBadRequest}, {strings.Repeat("9", 200), http.StatusBadRequest}} {
		if _, status := get(url.Values{"number": {c.number}}, "id"); status != c.status {
			t.Errorf("%.20q: %d, want %d", c.number, status, c.status)
		}
	}
}
