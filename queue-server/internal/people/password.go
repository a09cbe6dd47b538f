package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// argon2id as RFC 9106 names it, with OWASP's smallest setting for a small server:
// 19 MiB, two passes, one lane.
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	saltSize    = 16
	keySize     = 32
)

// Lengths of a password, in characters. The upper one keeps the hash's input small.
const (
	minPassword = 10
	maxPassword = 200
)

// hash is a password's stored form, in the PHC string format.
func hash(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, keySize)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, argonMemory, argonTime, argonLanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// matches reports whether password is what was hashed. It takes as long for a
// wrong password as for the right one.
func matches(stored, password string) (bool, error) {
	var version, memory, passes int
	var lanes uint8
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("a stored password has an unknown form")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil ||
		version != argon2.Version || memory < 8 || memory > 1<<20 || passes < 1 || passes > 100 || lanes < 1 {
		return false, fmt.Errorf("a stored password has unknown settings")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) == 0 {
		return false, fmt.Errorf("a stored password cannot be read")
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), lanes, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

// hashing runs f when there is room for one more hash.
func (p *People) hashing(ctx context.Context, f func()) error {
	select {
	case p.hasher <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait for a hash: %w", context.Cause(ctx))
	}
	defer func() { <-p.hasher }()
	f()
	return nil
}

// newPassword checks what somebody wants as a password.
func newPassword(user, old, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return ErrShortPassword.With("min", fmt.Sprint(minPassword))
	case n > maxPassword || !utf8.ValidString(password):
		return ErrLongPassword.With("max", fmt.Sprint(maxPassword))
	case password == old || strings.EqualFold(password, user):
		return ErrSamePassword
	}
	return nil
}

// readable has no letters and digits that look alike on paper: no 0 O 1 l i.
const readable = "23456789abcdefghjkmnpqrstuvwxyz"

// oneTime makes a password to be read out and typed once: three groups of four,
// 59 random bits.
func oneTime() string {
	var b strings.Builder
	for i := range 12 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(readable)))) // never fails, see hash
		b.WriteByte(readable[n.Int64()])
	}
	return b.String()
}
