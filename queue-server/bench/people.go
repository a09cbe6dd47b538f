//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"time"

	"github.com/google/uuid"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// A caller of the real server: a device with its token, or an officer with a
// cookie. It speaks plain HTTP, since what is measured is the server.
type caller struct {
	base  string
	token string
	http  *http.Client
}

// newCaller makes a caller with connections of its own.
func newCaller(base, token string, connections int) *caller {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	line := &http.Transport{MaxIdleConnsPerHost: connections, MaxIdleConns: connections}
	return &caller{base: base, token: token, http: &http.Client{Transport: line, Jar: jar, Timeout: 30 * time.Second}}
}

// post sends one command under a key of its own; into may be nil.
func (c *caller) post(path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, c.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(wire.HeaderKey, uuid.NewString())
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.send(r, into)
}

func (c *caller) send(r *http.Request, into any) error {
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", r.Method, r.URL.Path, answer.StatusCode, b)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(b, into)
}

// take draws one ticket.
func (c *caller) take(o ticket.OfficeID, s ticket.ServiceID) (wire.TakenTicket, error) {
	var taken wire.TakenTicket
	id, err := uuid.NewV7()
	if err != nil {
		return taken, err
	}
	err = c.post(wire.PathTickets(o), wire.TakeTicket{ID: ticket.ID(id), Service: s}, &taken)
	return taken, err
}

// logIn replaces the one-time password, as the server demands, and opens a counter.
func (c *caller) logIn(o ticket.OfficeID, at ticket.CounterID, user, oneTime string) error {
	const own = "a long enough password"
	if err := c.post(wire.PathLogin, wire.Login{User: user, Password: oneTime}, nil); err != nil {
		return err
	}
	if err := c.post(wire.PathPassword, wire.NewPassword{Old: oneTime, New: own}, nil); err != nil {
		return err
	}
	return c.post(wire.PathCounter(o, at, "open"), wire.OpenCounter{}, nil)
}

// call presses next at a counter.
func (c *caller) call(o ticket.OfficeID, at ticket.CounterID) (wire.CounterAnswer, error) {
	var a wire.CounterAnswer
	err := c.post(wire.PathCounter(o, at, "call-next"), struct{}{}, &a)
	return a, err
}

// command is one of recall, start, finish, no-show.
func (c *caller) command(o ticket.OfficeID, at ticket.CounterID, name string) error {
	return c.post(wire.PathCounter(o, at, name), wire.CounterCommand{}, nil)
}
