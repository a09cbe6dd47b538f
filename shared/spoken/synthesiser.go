package spoken

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"antrean/shared/i18n"
)

// Synthesiser makes sound of words with espeak-ng, run as a process: it is GPL and
// may not be linked in. Its zero value works.
type Synthesiser struct {
	Program string        // "espeak-ng" where empty
	Speed   int           // words a minute; 150 where 0: slower than talk, a hall is not quiet
	Timeout time.Duration // 10 s where 0; a call of 5 s takes 20 ms to make
}

var voices = map[string]string{"id": "id", "en": "en-gb"}

// Speak returns the words as sound. The process ends with the context or the
// time-out, whichever is first. The words go in by its standard input, so nothing
// in them can be an option.
func (s Synthesiser) Speak(ctx context.Context, lang, words string) (Sound, error) {
	program, speed, timeout := s.Program, s.Speed, s.Timeout
	if program == "" {
		program = "espeak-ng"
	}
	if speed == 0 {
		speed = 150
	}
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	dir, err := os.MkdirTemp("", "antrean-voice-")
	if err != nil {
		return Sound{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a file left behind in the temporary folder harms nobody
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	// A file and not a pipe: to a pipe it writes a header with a false length.
	file := filepath.Join(dir, "sentence.wav")
	cmd := exec.CommandContext(ctx, program, "-v", voices[i18n.Negotiate(lang)], "-s", strconv.Itoa(speed), "-z", "-b", "1", "--stdin", "-w", file)
	cmd.Stdin = strings.NewReader(words)
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return Sound{}, fmt.Errorf("%s: %w: %.200s", program, err, bytes.TrimSpace(said.Bytes()))
	}
	wav, err := os.ReadFile(file)
	if err != nil {
		return Sound{}, fmt.Errorf("%s wrote nothing: %w", program, err)
	}
	sound, err := ParseWAV(wav)
	if err != nil {
		return Sound{}, fmt.Errorf("%s: %w", program, err)
	}
	return sound, nil
}

// Say makes the whole announcement of a call: chime, then the sentence so many times.
func (s Synthesiser) Say(ctx context.Context, c Call, times int) (Sound, error) {
	sentence, err := s.Speak(ctx, c.Language, c.Phonetic())
	if err != nil {
		return Sound{}, err
	}
	return Announcement(sentence, times), nil
}
