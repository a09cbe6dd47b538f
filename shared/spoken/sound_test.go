package spoken

import (
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"

	"antrean/shared/ticket"
)

func TestTheChimeFadesInAndOutAndIsNeitherSilentNorClipped(t *testing.T) {
	c := Chime(22050)
	if got := c.Length().Round(time.Millisecond); got != ChimeLength {
		t.Errorf("it lasts %v, want %v", got, ChimeLength)
	}
	peak := 0
	for _, v := range c.Samples {
		peak = max(peak, int(v), -int(v))
	}
	if peak < 8000 || peak > 30000 {
		t.Errorf("its loudest sample is %d", peak)
	}
	if first, last := c.Samples[0], c.Samples[len(c.Samples)-1]; first != 0 || last > 20 || last < -20 {
		t.Errorf("it begins with %d and ends with %d: that clicks", first, last)
	}
}

func TestAnAnnouncementIsChimeAndSentenceAsOftenAsAsked(t *testing.T) {
	sentence := Sound{Rate: 8000, Samples: make([]int16, 16000)}
	for times, want := range map[int]time.Duration{
		0: ChimeLength + PauseBefore + 2*time.Second,
		1: ChimeLength + PauseBefore + 2*time.Second,
		2: ChimeLength + PauseBefore + 4*time.Second + PauseAgain,
		3: ChimeLength + PauseBefore + 6*time.Second + 2*PauseAgain,
	} {
		if got := Announcement(sentence, times).Length(); got != want {
			t.Errorf("%d times: %v, want %v", times, got, want)
		}
	}
}

func TestAWavIsReadBackAsItWasWritten(t *testing.T) {
	in := Sound{Rate: 22050, Samples: []int16{0, 1, -1, 32767, -32768}}
	out, err := ParseWAV(in.WAV())
	if err != nil {
		t.Fatal(err)
	}
	if out.Rate != in.Rate || len(out.Samples) != len(in.Samples) || out.Samples[4] != -32768 {
		t.Errorf("read back %+v", out)
	}
}

func TestAFalseLengthInTheHeaderMeansUpToTheEnd(t *testing.T) {
	b := Sound{Rate: 8000, Samples: make([]int16, 100)}.WAV()
	copy(b[40:], []byte{0xff, 0xff, 0xff, 0x7f})
	s, err := ParseWAV(b)
	if err != nil || len(s.Samples) != 100 {
		t.Errorf("%d samples, %v", len(s.Samples), err)
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add(Sound{Rate: 8000, Samples: make([]int16, 4)}.WAV())
	f.Add([]byte("RIFF....WAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ParseWAV(b); err != nil && !errors.Is(err, ErrSound) {
			t.Errorf("%+v, %v", s.Rate, err)
		}
	})
}

func TestTheSynthesiserSpeaksBothLanguages(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed")
	}
	for _, lang := range []string{"id", "en"} {
		call := Call{Number: ticket.Number{N: 1, Text: "A-001"}, Prefix: "A-", Counter: "3", Language: lang}
		sound, err := Synthesiser{}.Say(t.Context(), call, 1)
		if err != nil {
			t.Fatal(err)
		}
		words := sound.Samples[len(Chime(sound.Rate).Samples):]
		loud := 0
		for _, v := range words {
			if v > 2000 || v < -2000 {
				loud++
			}
		}
		if l := sound.Length(); l < 4*time.Second || l > 12*time.Second || loud < len(words)/20 {
			t.Errorf("%s: %v, %d of %d samples are loud", lang, l, loud, len(words))
		}
	}
}

func TestASynthesiserThatHangsIsEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Synthesiser{}).Speak(ctx, "id", "satu"); err == nil {
		t.Error("it spoke after its context had ended")
	}
	if _, err := (Synthesiser{Program: "/nowhere/espeak-ng"}).Speak(t.Context(), "id", "satu"); err == nil {
		t.Error("a missing program spoke")
	}
}
