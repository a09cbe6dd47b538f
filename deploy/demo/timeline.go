//go:build linux

package main

import (
	"fmt"
	"strings"
	"time"
)

// A timeline is how long each thing took.
type timeline struct {
	began time.Time
	lines []string
}

// say writes a line of another kind.
func (t *timeline) say(what string, args ...any) {
	t.lines = append(t.lines, strings.Repeat(" ", 13)+fmt.Sprintf(what, args...))
}

// took writes how long it was between two moments.
func (t *timeline) took(from, to time.Time, what string) {
	t.lines = append(t.lines, fmt.Sprintf("%8.1f ms  %s", float64(to.Sub(from).Microseconds())/1000, what))
}

func (t *timeline) String() string { return strings.Join(t.lines, "\n") + "\n" }
