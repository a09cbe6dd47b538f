package office

import "golang.org/x/sys/unix"

// synchronised reports whether the kernel says that its clock follows a reference.
func synchronised() bool {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0
}
