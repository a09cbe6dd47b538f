//go:build linux

package rig

import "testing"

func TestAProgramIsEndedAndWaitedFor(t *testing.T) {
	dir := t.TempDir()
	patient, err := Start(dir, Program{Name: "patient", Path: "sleep", Args: []string{"600"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := patient.Stop(); err != nil {
		t.Errorf("a program that ends when asked: %v", err)
	}
	failed, err := Start(dir, Program{Name: "failed", Path: "sh", Args: []string{"-c", "echo no paper; exit 3"}})
	if err != nil {
		t.Fatal(err)
	}
	<-failed.Done
	if err := failed.Stop(); err == nil || failed.Tail() != "no paper" {
		t.Errorf("a program that failed: %v, %q", err, failed.Tail())
	}
}
