package words

import (
	"testing"
	"time"

	"antrean/shared/wire"
)

var sinjai = wire.Place{TimeZone: "Asia/Makassar", ZoneName: "WITA"}

func TestTimesAreWrittenAsTheOfficeWritesThem(t *testing.T) {
	at := time.Date(2025, 3, 3, 0, 5, 0, 0, time.UTC)
	for got, want := range map[string]string{
		Clock(at, sinjai):                            "08.05 WITA",
		Date("id", at, sinjai):                       "Senin, 3 Maret 2025",
		Date("en", at.Add(-time.Hour*9), sinjai):     "Sunday, 2 March 2025",
		Clock(at, wire.Place{TimeZone: "Mars/Dome"}): "00.05",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAClosingSaysWhenItEndsAndTheDayWhereThatIsNotToday(t *testing.T) {
	at := time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC)
	c := wire.Closed{Code: "break", OpensAt: &at}
	for today, want := range map[string]string{
		"2025-03-04": "Buka 08.00 WITA",
		"2025-03-03": "Buka Selasa 08.00 WITA",
		"2025-02-10": "Buka Selasa, 4 Maret 08.00 WITA",
		"":           "Buka Selasa, 4 Maret 08.00 WITA",
	} {
		if got := Opens("id", c, sinjai, today); got != want {
			t.Errorf("on %q: %q, want %q", today, got, want)
		}
	}
	if got := Opens("id", wire.Closed{Code: "quota_reached"}, sinjai, ""); got != "" {
		t.Errorf("with no end: %q", got)
	}
}

func TestAnUnknownCodeIsStillAnAnswerForAPerson(t *testing.T) {
	if got := Why("id", wire.Closed{Code: "moon"}); got != "Ditutup oleh petugas" {
		t.Errorf("why = %q", got)
	}
	if got := Refusal("en", "moon"); got != "The system has a fault. Please try again or ask an officer." {
		t.Errorf("refusal = %q", got)
	}
	if got := Refusal("id", "holiday"); got != "Hari libur" {
		t.Errorf("refusal = %q", got)
	}
}
