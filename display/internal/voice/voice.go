// Package voice makes announcements heard: words to sound by the synthesiser, sound
// to ALSA by aplay, or into a folder of WAV files where there is no sound card. One
// call of Announce is one announcement; when and what is the board's to decide.
package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"antrean/display/internal/memory"
	"antrean/shared/spoken"
	"antrean/shared/trace"
)

// grace is how much longer than the sound itself aplay may take: an unplugged USB
// card can leave it waiting for ever.
const grace = 5 * time.Second

// keep is how many WAV files stay in the folder, the newest; one is about 0.5 MB.
const keep = 100

// Voice is one loudspeaker, one folder, or both. It must have one at least.
type Voice struct {
	Synthesiser spoken.Synthesiser
	Device      string // ALSA's name, such as "default" or "plughw:1,0"; empty: none
	Player      string // "aplay" where empty
	Dir         string // of WAV files named by the announcement's id; empty: none
	Trace       *trace.File
}

// Announce returns when the announcement is over, or with the reason why it was not
// heard. It plays one at a time only because its caller calls it so.
func (v *Voice) Announce(ctx context.Context, id uint64, call spoken.Call, times int) (err error) {
	sound, err := v.Synthesiser.Say(ctx, call, times)
	if err != nil {
		return err
	}
	wav := sound.WAV()
	v.Trace.Event("sound_started", time.Now(), trace.Fields{"id": id, "length_ms": sound.Length().Milliseconds()})
	defer func() {
		f := trace.Fields{"id": id, "ok": err == nil}
		if err != nil {
			f["error"] = err.Error()
		}
		v.Trace.Event("sound_ended", time.Now(), f)
	}()
	var written, played error
	if v.Dir != "" {
		written = v.write(id, wav)
	}
	if v.Device != "" {
		played = v.play(ctx, wav, sound.Length())
	}
	return errors.Join(written, played)
}

// Check looks for the programs that it needs and lets the loudspeaker play a tenth of
// a second of silence, so that a board can say at its start what its first call would
// find missing.
func (v *Voice) Check(ctx context.Context) error {
	var missing []error
	look := func(program, instead string) {
		if program == "" {
			program = instead
		}
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, err)
		}
	}
	look(v.Synthesiser.Program, "espeak-ng")
	if v.Device != "" {
		look(v.Player, "aplay")
	}
	if v.Dir != "" {
		missing = append(missing, os.MkdirAll(v.Dir, 0o755))
	}
	err := errors.Join(missing...)
	if err == nil && v.Device != "" {
		silence := spoken.Sound{Rate: 22050, Samples: make([]int16, 2205)}
		err = v.play(ctx, silence.WAV(), silence.Length())
	}
	return err
}

func (v *Voice) play(ctx context.Context, wav []byte, length time.Duration) error {
	program := v.Player
	if program == "" {
		program = "aplay"
	}
	ctx, cancel := context.WithTimeout(ctx, length+grace)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-q", "-D", v.Device, "-")
	cmd.Stdin = bytes.NewReader(wav)
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("%s on %q: %w: %.200s", program, v.Device, err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}

func (v *Voice) write(id uint64, wav []byte) error {
	if err := os.MkdirAll(v.Dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(v.Dir, strconv.FormatUint(id, 10)+".wav")
	if err := memory.WriteFile(path, wav); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o644); err != nil { // others may listen; WriteFile's files are private
		return err
	}
	return v.prune()
}

var ours = regexp.MustCompile(`^[0-9]+\.wav$`)

// prune removes the oldest of our files beyond keep. The ids grow, but begin again
// with a restored log: what counts is when they were written.
func (v *Voice) prune() error {
	entries, err := os.ReadDir(v.Dir)
	if err != nil {
		return err
	}
	type written struct {
		name string
		at   time.Time
	}
	var files []written
	for _, e := range entries {
		if info, err := e.Info(); err == nil && ours.MatchString(e.Name()) {
			files = append(files, written{e.Name(), info.ModTime()})
		}
	}
	if len(files) <= keep {
		return nil
	}
	slices.SortFunc(files, func(a, b written) int { return a.at.Compare(b.at) })
	for _, f := range files[:len(files)-keep] {
		err = errors.Join(err, os.Remove(filepath.Join(v.Dir, f.name)))
	}
	return err
}
