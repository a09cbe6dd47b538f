package eventlog

import (
	"bytes"
	"slices"
	"sort"
	"sync"
)

// Memory is a place for a log that ends with the process, for tests: the same log
// on the same transactions, without a disk. It outlives the Log that stands on it,
// so that a test can open it again. The zero Memory is empty.
type Memory struct {
	mu   sync.RWMutex
	data [len(bucketNames)][]pair // each in the order of its keys
	held bool
}

type pair struct{ key, value []byte }

// NewMemory is an empty log in memory.
func NewMemory(o Options) *Log {
	l, err := new(Memory).Open(o)
	if err != nil {
		panic("eventlog: an empty log in memory cannot fail to open: " + err.Error())
	}
	return l
}

// Open opens the log that m holds; ErrHeld while another has it open.
func (m *Memory) Open(o Options) (*Log, error) {
	m.mu.Lock()
	held := m.held
	m.held = true
	m.mu.Unlock()
	if held {
		return nil, ErrHeld
	}
	l, err := openOn(m, o)
	if err != nil {
		_ = m.close() // only lets go of m
		return nil, err
	}
	return l, nil
}

func (m *Memory) dir() string { return "" }

func (m *Memory) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held = false
	return nil
}

func (m *Memory) view(read func(reader) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return read(memoryReader{m})
}

func (m *Memory) update(around func(commit func() error) error, change func(writer) error) (known, unknown error) {
	w := &memoryWriter{memoryReader: memoryReader{m}}
	m.mu.RLock()
	err := change(w)
	m.mu.RUnlock()
	if err != nil {
		return err, nil
	}
	_, err = guard(around, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, c := range w.changes {
			m.apply(c)
		}
		return nil
	})
	return nil, err
}

func (m *Memory) apply(c memoryChange) {
	pairs := m.data[c.bucket]
	i, found := m.find(c.bucket, c.key)
	switch {
	case c.value == nil && found:
		m.data[c.bucket] = slices.Delete(slices.Clone(pairs), i, i+1)
	case c.value == nil:
	case found:
		pairs[i].value = c.value
	default:
		m.data[c.bucket] = slices.Insert(pairs, i, pair{c.key, c.value})
	}
}

func (m *Memory) find(b bucket, key []byte) (int, bool) {
	pairs := m.data[b]
	i := sort.Search(len(pairs), func(i int) bool { return bytes.Compare(pairs[i].key, key) >= 0 })
	return i, i < len(pairs) && bytes.Equal(pairs[i].key, key)
}

type memoryChange struct {
	bucket     bucket
	key, value []byte // a nil value deletes
}

type memoryReader struct{ m *Memory }

func (r memoryReader) get(b bucket, key []byte) []byte {
	if i, found := r.m.find(b, key); found {
		return r.m.data[b][i].value
	}
	return nil
}

func (r memoryReader) seek(b bucket, key []byte) cursor {
	i, _ := r.m.find(b, key)
	return &memoryCursor{r.m.data[b][i:]}
}

type memoryCursor struct{ left []pair }

func (c *memoryCursor) next() (key, value []byte) {
	if len(c.left) == 0 {
		return nil, nil
	}
	p := c.left[0]
	c.left = c.left[1:]
	return p.key, p.value
}

type memoryWriter struct {
	memoryReader
	changes []memoryChange
}

func (w *memoryWriter) put(b bucket, key, value []byte) error {
	stored := append([]byte{}, value...) // never nil, which would delete
	w.changes = append(w.changes, memoryChange{b, bytes.Clone(key), stored})
	return nil
}

func (w *memoryWriter) delete(b bucket, key []byte) error {
	w.changes = append(w.changes, memoryChange{b, bytes.Clone(key), nil})
	return nil
}
