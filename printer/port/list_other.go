//go:build !linux

package port

// List finds nothing here: name the port by hand ("serial:COM3").
func List() []Candidate { return nil }
