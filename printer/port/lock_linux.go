package port

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// lockFile takes this project's own lock of the terminal behind fd. It is
// named by the device's number, so that every name of the device is the same
// lock, and lies where every program of the machine can write. The file stays
// behind, empty: removing it would let two programs lock two files of one name.
//
// The lock on the device's inode (see claim) already keeps out everybody who
// sees the same /dev; this one also holds between a container with a /dev of
// its own and the machine, as long as they share the folder. Where no such
// folder can be written, it is done without.
func lockFile(fd int) (free func(), err error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	name := fmt.Sprintf("antrean-printer-%d-%d.lock", unix.Major(st.Rdev), unix.Minor(st.Rdev))
	for _, dir := range []string{"/run/lock", os.TempDir()} {
		f, err := openLock(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			_ = f.Close()
			if errors.Is(err, unix.EWOULDBLOCK) {
				return nil, ErrTaken
			}
			continue
		}
		return func() { _ = f.Close() }, nil
	}
	return func() {}, nil
}

// openLock prefers a file that exists: kernels refuse O_CREAT on somebody
// else's file in a folder that all may write. It follows no link.
func openLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if errors.Is(err, os.ErrNotExist) {
		f, err = os.OpenFile(path, os.O_RDONLY|os.O_CREATE|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o644)
	}
	return f, err
}
