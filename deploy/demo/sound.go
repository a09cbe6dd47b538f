//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"antrean/shared/spoken"
)

// sentenceSpeed is the words a minute that shared/spoken asks for by itself.
const sentenceSpeed = "150"

// expectedSound is how long an announcement should last: the chime, the pause
// after it, and what espeak-ng itself, asked here and now, takes for the sentence.
func expectedSound(ctx context.Context, call spoken.Call, times int, dir string) (time.Duration, error) {
	file := filepath.Join(dir, "sentence.wav")
	cmd := exec.CommandContext(ctx, "espeak-ng", "-v", "id", "-s", sentenceSpeed, "-z", "-w", file, call.Phonetic())
	if said, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("espeak-ng: %w: %s", err, said)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	sentence, err := spoken.ParseWAV(b)
	if err != nil {
		return 0, err
	}
	pauses := spoken.PauseBefore + time.Duration(times-1)*spoken.PauseAgain
	return spoken.ChimeLength + pauses + time.Duration(times)*sentence.Length(), nil
}

// checkSound reports whether the file holds a sound of the wanted length, give or
// take a tenth, that is loud both in its chime and in its words.
func checkSound(file string, want time.Duration) (time.Duration, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	sound, err := spoken.ParseWAV(b)
	if err != nil {
		return 0, err
	}
	length := sound.Length()
	if off := length - want; off.Abs() > want/10 {
		return length, fmt.Errorf("it lasts %v, and chime and sentence last %v", length, want)
	}
	chime := int(spoken.ChimeLength.Seconds() * float64(sound.Rate))
	if loudness(sound.Samples[:chime]) < 500 {
		return length, errors.New("its chime is silent")
	}
	if loudness(sound.Samples[chime:]) < 500 {
		return length, errors.New("its sentence is silent")
	}
	return length, nil
}

// loudness is the mean of the samples' magnitudes; speech at full level has about 2,000.
func loudness(samples []int16) int {
	if len(samples) == 0 {
		return 0
	}
	sum := 0
	for _, v := range samples {
		sum += max(int(v), -int(v))
	}
	return sum / len(samples)
}
