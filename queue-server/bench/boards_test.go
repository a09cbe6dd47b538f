//go:build linux

package main

import (
	"slices"
	"testing"
	"time"
)

func TestABoardIsCountedFromThePressToItsFirstFrameThatKnows(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	w := &wall{seen: [][]sight{
		{{seq: 4, at: at(1)}, {seq: 6, at: at(12)}, {seq: 8, at: at(33)}}, // frame 7 came too late to be sent by itself
		{{seq: 6, at: at(15)}},
	}}
	got := w.waits([]sight{{seq: 5, at: at(10)}, {seq: 7, at: at(30)}})
	want := []time.Duration{2 * time.Millisecond, 3 * time.Millisecond, 5 * time.Millisecond}
	if !slices.Equal(got, want) {
		t.Errorf("the boards waited %v, want %v, and nothing for the frame that never came", got, want)
	}
}

func TestAFramesSequenceIsFoundWithoutDecodingIt(t *testing.T) {
	for frame, want := range map[string]uint64{
		`{"topic":"board/","office":"bench","epoch":"e","seq":42,"at":"x","view":{}}`: 42,
		`{"seq":7}`:  7,
		`{"view":1}`: 0,
		``:           0,
	} {
		if got := sequence([]byte(frame)); got != want {
			t.Errorf("%s: %d", frame, got)
		}
	}
}

func TestQuantilesAreOfTheSortedTimes(t *testing.T) {
	took := make([]time.Duration, 100)
	for i := range took {
		took[i] = time.Duration(100-i) * time.Millisecond
	}
	m := spread(took, 10*time.Second)
	if m.rate != 10 || m.p50 != 51*time.Millisecond || m.p99 != 100*time.Millisecond {
		t.Errorf("%+v", m)
	}
}
