package i18n

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryKeyExistsInEveryLanguage(t *testing.T) {
	want, err := Keys(Default)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Languages[1:] {
		got, err := Keys(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range want {
			if !slices.Contains(got, k) {
				t.Errorf("%s: no text for %q", l, k)
			}
		}
		for _, k := range got {
			if !slices.Contains(want, k) {
				t.Errorf("%s has %q, %s has not", l, k, Default)
			}
		}
	}
}

func TestTextsFillInValuesAndPlurals(t *testing.T) {
	if got := Text("en", "common.people_ahead", Args{"Count": 1}); !strings.Contains(got, "1 person") {
		t.Errorf("en, 1: %q", got)
	}
	if got := Text("en", "common.people_ahead", Args{"Count": 14}); !strings.Contains(got, "14 people") {
		t.Errorf("en, 14: %q", got)
	}
	if got := Text("id", "common.people_ahead", Args{"Count": 14}); !strings.Contains(got, "14 orang") {
		t.Errorf("id, 14: %q", got)
	}
}

func TestAnUnknownLanguageFallsBackToIndonesian(t *testing.T) {
	for accept, want := range map[string]string{"en-GB,en;q=0.8": "en", "fr": "id", "": "id", "id-ID": "id", "\x00": "id"} {
		if got := Negotiate(accept); got != want {
			t.Errorf("Negotiate(%q) = %q, want %q", accept, got, want)
		}
	}
}
