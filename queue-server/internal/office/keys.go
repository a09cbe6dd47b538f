package office

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/table"
)

// macKeys are the keys under which requests are remembered. A new one begins each
// day of office time; old ones are destroyed when the keys' time is over, after
// which nobody can guess a remembered request back to a person.
type macKeys struct {
	secrets Secrets
	mu      sync.Mutex
	current uint32
	keys    map[uint32][]byte // nil: destroyed
}

const requestPrefix = "request/"

func macDay(t queue.Instant) uint32 {
	return uint32(time.Duration(t) / (24 * time.Hour / time.Microsecond))
}

func requestMAC(key, body []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(body)
	return m.Sum(nil)[:16]
}

// use makes the day's key current. Days before keep are destroyed.
func (m *macKeys) use(day uint32) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if day <= m.current && m.keys[m.current] != nil {
		return nil
	}
	k, err := m.secrets.Secret(requestPrefix+strconv.FormatUint(uint64(day), 10), true)
	if err != nil {
		return fmt.Errorf("request key: %w", err)
	}
	m.keys[day], m.current = k, day
	names, err := m.secrets.List(requestPrefix)
	if err != nil {
		return fmt.Errorf("request keys: %w", err)
	}
	keep := int64(day) - int64(queue.KeyLife/(24*time.Hour)) - 1
	for _, name := range names {
		n, err := strconv.ParseUint(strings.TrimPrefix(name, requestPrefix), 10, 32)
		if err != nil || int64(n) >= keep {
			continue
		}
		delete(m.keys, uint32(n))
		if err := m.secrets.Destroy(name); err != nil {
			return fmt.Errorf("request keys: %w", err)
		}
	}
	return nil
}

func (m *macKeys) now() (uint32, []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.current, m.keys[m.current]
}

// same reports whether body is what an older request said; true where its key is gone.
func (m *macKeys) same(day uint32, mac, body []byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, known := m.keys[day]
	if !known {
		var err error
		k, err = m.secrets.Secret(requestPrefix+strconv.FormatUint(uint64(day), 10), false)
		if err != nil && !errors.Is(err, table.ErrNoSecret) {
			return false, err
		}
		m.keys[day] = k
	}
	return k == nil || hmac.Equal(mac, requestMAC(k, body)), nil
}

func (s *Store) requestKey() (uint32, []byte, error) {
	id, k := s.macs.now()
	if k == nil {
		return 0, nil, errors.New("there is no key to remember requests under")
	}
	return id, k, nil
}
