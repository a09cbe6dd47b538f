//go:build !linux

package office

// synchronised is not known here: the wall clock has to be plausible.
func synchronised() bool { return false }
