package printer

import "time"

// Condition is one thing that is so with a printer. Its value is a stable
// code: texts for visitors and officers are translated from it elsewhere.
type Condition string

const (
	Ready     Condition = "ready"
	PaperLow  Condition = "paper_low"  // near end: still prints
	Busy      Condition = "busy"       // the line takes no bytes
	Silent    Condition = "silent"     // no answer, so nothing is known
	Offline   Condition = "offline"    // it says so, and does not say why
	HeadHot   Condition = "head_hot"   // waits by itself, then goes on
	PaperOut  Condition = "paper_out"  //
	CoverOpen Condition = "cover_open" //
	CutterJam Condition = "cutter_jam" //
	Broken    Condition = "broken"     // unrecoverable: power off, call service
	Absent    Condition = "absent"     // the port cannot be opened, or vanished
)

// Status is what a printer said of itself, or that it did not.
type Status struct {
	// Conditions, worst first. Empty means ready.
	Conditions []Condition `json:"conditions"`
	At         time.Time   `json:"at"`
	Raw        string      `json:"raw,omitempty"`    // the real-time answers in hex
	Detail     string      `json:"detail,omitempty"` // for the technician, in English
}

// severity orders conditions by what a person must look at first. Causes come
// before their consequences: an open cover makes a printer offline too.
var severity = map[Condition]int{
	Absent: 10, Broken: 9, CutterJam: 8, CoverOpen: 7, PaperOut: 6, HeadHot: 5,
	Offline: 4, Busy: 3, Silent: 2, PaperLow: 1, Ready: 0,
}

// Worst is the condition to show, Ready where there is none.
func (s Status) Worst() Condition {
	if len(s.Conditions) == 0 {
		return Ready
	}
	return s.Conditions[0]
}

// Has reports whether c is among the conditions.
func (s Status) Has(c Condition) bool {
	for _, x := range s.Conditions {
		if x == c {
			return true
		}
	}
	return false
}

// Stops reports whether nothing may be sent. Silent is not among the reasons:
// whether silence stops a job depends on whether that printer is known to
// answer at all.
func (s Status) Stops() bool {
	return s.Worst() != Ready && s.Worst() != PaperLow && s.Worst() != Silent
}

// reason is the worst condition, or nothing where all is well.
func (s Status) reason() Condition {
	if len(s.Conditions) == 0 || s.Worst() == PaperLow {
		return ""
	}
	return s.Worst()
}

// Known reports whether the printer answered.
func (s Status) Known() bool {
	return !s.Has(Silent) && !s.Has(Absent) && !s.Has(Busy)
}
