package office

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// token is a visitor's secret: the first 128 bits of HMAC-SHA-256(the office's link
// key of the ticket's day, ticket id), in URL-safe base64.
func token(key []byte, id ticket.ID) string {
	m := hmac.New(sha256.New, key)
	m.Write(id[:])
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// linkMaker makes a ticket's link outside the writer.
type linkMaker struct {
	public string
	office ticket.OfficeID
	key    []byte
}

// links finds the ticket of a token. It is an index of what can be derived, built
// when it is asked for.
type links struct {
	secrets Secrets
	office  ticket.OfficeID
	keys    map[int][]byte // by business day
	byToken map[string]queue.Ref
	state   *queue.State
	next    []queue.Ref // issued, not yet in byToken
}

func newLinks(secrets Secrets, st *queue.State) *links {
	l := &links{secrets: secrets, office: st.Office(), keys: map[int][]byte{}, state: st}
	l.begin()
	return l
}

// begin forgets the index, to be built from the tickets in memory when it is asked for.
func (l *links) begin() { l.byToken, l.next = map[string]queue.Ref{}, l.state.Refs() }

func linkName(o ticket.OfficeID, day int) string { return fmt.Sprintf("link/%s/%d", o, day) }

// key is the link key of a day; it is made once, by the day's first ticket.
func (l *links) key(day int) ([]byte, error) {
	if k, ok := l.keys[day]; ok {
		return k, nil
	}
	k, err := l.secrets.Secret(linkName(l.office, day), true)
	if err != nil {
		return nil, fmt.Errorf("link key: %w", err)
	}
	l.keys[day] = k
	return k, nil
}

func (l *links) find(tok string) *queue.Ticket {
	for _, ref := range l.next {
		if t := l.state.Ticket(ref); t != nil {
			if k, err := l.key(t.Day); err == nil {
				l.byToken[token(k, t.ID)] = ref
			}
		}
	}
	l.next = nil
	ref, ok := l.byToken[tok]
	if !ok {
		return nil
	}
	return l.state.Ticket(ref) // nil: its day is over and forgotten
}

// endOld destroys the link keys of days whose tickets are no longer in memory; the
// links of those days end with them, and the index keeps nothing of them.
func (l *links) endOld() error {
	l.begin()
	oldest := l.state.OldestDay()
	names, err := l.secrets.List("link/" + string(l.office) + "/")
	if err != nil {
		return err
	}
	for _, name := range names {
		var day int
		if _, err := fmt.Sscanf(name[len("link/"+string(l.office)+"/"):], "%d", &day); err != nil || day >= oldest {
			continue
		}
		delete(l.keys, day)
		if err := l.secrets.Destroy(name); err != nil {
			return err
		}
	}
	return nil
}
