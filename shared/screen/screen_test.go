package screen

import (
	"errors"
	"strings"
	"testing"
)

func TestAGeometryIsReadOrAnsweredWithWhatIsAllowed(t *testing.T) {
	for flag, want := range map[string]Place{
		"1080x1920":        {Width: 1080, Height: 1920},
		"1366x768+10+20":   {1366, 768, 10, 20},
		"320x240+0+0":      {Width: 320, Height: 240},
		"16384x240+0+1080": {16384, 240, 0, 1080},
	} {
		if got, err := parse(flag); err != nil || got != want {
			t.Errorf("%s: %+v, %v", flag, got, err)
		}
	}
	for _, flag := range []string{"large", "1080", "1920x1080junk", "10x10", "1080x1920+1", "20000x1080", "-1x5", "999999x999999"} {
		if _, err := parse(flag); err == nil || !strings.Contains(err.Error(), "--geometry="+flag) || !strings.Contains(err.Error(), "320x240") {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

func TestAGeometryDoesNotReplaceADisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	for _, flag := range []string{"", "1080x1920"} {
		if _, err := Window(flag); !errors.Is(err, ErrNoDisplay) {
			t.Errorf("%q: %v", flag, err)
		}
	}
}
