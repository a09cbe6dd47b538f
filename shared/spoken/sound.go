package spoken

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// Sound is mono PCM, 16 bits a sample, Rate samples a second.
type Sound struct {
	Rate    int
	Samples []int16
}

// Lengths of what stands around the words.
const (
	ChimeLength = 1100 * time.Millisecond
	PauseBefore = 250 * time.Millisecond // between chime and sentence
	PauseAgain  = 600 * time.Millisecond // between a sentence and its repetition
)

// Length is how long the sound lasts.
func (s Sound) Length() time.Duration {
	if s.Rate <= 0 {
		return 0
	}
	return time.Duration(len(s.Samples)) * time.Second / time.Duration(s.Rate)
}

// Announcement is a chime, then the sentence as often as asked (at least once).
func Announcement(sentence Sound, times int) Sound {
	out := Chime(sentence.Rate)
	out.rest(PauseBefore)
	for i := range max(times, 1) {
		if i > 0 {
			out.rest(PauseAgain)
		}
		out.Samples = append(out.Samples, sentence.Samples...)
	}
	return out
}

func (s *Sound) rest(d time.Duration) {
	s.Samples = append(s.Samples, make([]int16, int(d.Seconds()*float64(s.Rate)))...)
}

// Chime is the "ding dong" before a call: e” then c” (659 and 523 Hz), each with
// a soft octave above it, a 5 ms attack and an exponential fade, silent at its end.
func Chime(rate int) Sound {
	s := Sound{Rate: rate, Samples: make([]int16, int(ChimeLength.Seconds()*float64(rate)))}
	end := ChimeLength.Seconds()
	for _, tone := range []struct{ from, hz float64 }{{0, 659.26}, {0.42, 523.25}} {
		for i := int(tone.from * float64(rate)); i < len(s.Samples); i++ {
			at := float64(i) / float64(rate)
			t := at - tone.from
			loud := min(t/0.005, 1) * math.Exp(-t*4.5) * min((end-at)/0.06, 1)
			wave := 0.75*math.Sin(2*math.Pi*tone.hz*t) + 0.25*math.Sin(4*math.Pi*tone.hz*t)
			sum := float64(s.Samples[i]) + 16000*loud*wave
			s.Samples[i] = int16(max(-32767, min(32767, sum)))
		}
	}
	return s
}

// WAV writes the sound as a RIFF file with true lengths (Microsoft and IBM,
// "Multimedia Programming Interface and Data Specifications 1.0", 1991).
func (s Sound) WAV() []byte {
	data := len(s.Samples) * 2
	b := make([]byte, 0, 44+data)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(36+data))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1) // PCM
	b = binary.LittleEndian.AppendUint16(b, 1) // mono
	b = binary.LittleEndian.AppendUint32(b, uint32(s.Rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(s.Rate*2))
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(data))
	for _, v := range s.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// ErrSound says that a file is no mono 16-bit WAV.
var ErrSound = errors.New("not a mono 16-bit PCM WAV")

// ParseWAV reads a mono 16-bit PCM file. A data length that is larger than the file
// (a synthesiser that wrote to a pipe cannot know it) means: up to the end.
func ParseWAV(b []byte) (Sound, error) {
	if len(b) < 12 || string(b[0:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return Sound{}, ErrSound
	}
	s := Sound{}
	for b = b[12:]; len(b) >= 8; {
		id, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:8]))
		body := b[8:min(int64(len(b)), 8+size)]
		switch id {
		case "fmt ":
			if len(body) < 16 || binary.LittleEndian.Uint16(body) != 1 || binary.LittleEndian.Uint16(body[2:]) != 1 || binary.LittleEndian.Uint16(body[14:]) != 16 {
				return Sound{}, ErrSound
			}
			s.Rate = int(binary.LittleEndian.Uint32(body[4:]))
		case "data":
			if s.Rate <= 0 || s.Rate > 192000 {
				return Sound{}, fmt.Errorf("%w: %d samples a second", ErrSound, s.Rate)
			}
			s.Samples = make([]int16, len(body)/2)
			for i := range s.Samples {
				s.Samples[i] = int16(binary.LittleEndian.Uint16(body[2*i:]))
			}
			return s, nil
		}
		b = b[min(int64(len(b)), 8+size+size%2):]
	}
	return Sound{}, fmt.Errorf("%w: no samples", ErrSound)
}
