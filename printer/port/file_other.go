//go:build !unix

package port

const nonblock = 0

func isBadFile(error) bool { return false }
