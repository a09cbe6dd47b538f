//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"antrean/shared/spoken"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// linkOf asks the server for a ticket that it has given already. The same id is
// the same ticket, so the answer holds the visitor's link as the server knows it.
func (h *house) linkOf(ctx context.Context, id ticket.ID) (string, error) {
	var taken wire.TakenTicket
	err := h.ask(ctx, http.MethodPost, wire.PathTickets(demoOffice), wire.TakeTicket{ID: id, Service: visitService, Language: "id"}, &taken)
	if err == nil && taken.ID != id {
		err = fmt.Errorf("asked for ticket %s, the server answers with %s", id, taken.ID)
	}
	return taken.Link, err
}

// announcement is what the server wants to have said, and how often.
func (h *house) announcement(ctx context.Context, id uint64) (spoken.Call, int, error) {
	var frame wire.Frame
	if err := h.ask(ctx, http.MethodGet, wire.PathView(demoOffice, wire.TopicBoard("")), nil, &frame); err != nil {
		return spoken.Call{}, 0, err
	}
	var view wire.BoardView
	if err := json.Unmarshal(frame.View, &view); err != nil {
		return spoken.Call{}, 0, err
	}
	for _, a := range view.Announcements {
		if a.ID == id {
			return spoken.Call{Number: a.Number, Prefix: a.Prefix, Counter: a.Counter.Label, Language: a.Language, Digits: view.Voice.Digits}, view.Voice.Times, nil
		}
	}
	return spoken.Call{}, 0, fmt.Errorf("the server knows no announcement %d", id)
}

// ask speaks to the server with a device's token: the kiosk's for a command, the
// board's for its view.
func (h *house) ask(ctx context.Context, method, path string, body, into any) error {
	token := h.kioskToken
	var in io.Reader
	if method == http.MethodGet {
		token = h.boardToken
	} else {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, h.server.URL+path, in)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(wire.HeaderKey, uuid.NewString())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, b)
	}
	return json.Unmarshal(b, into)
}
