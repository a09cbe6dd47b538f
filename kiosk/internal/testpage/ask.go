package testpage

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Server is what the page asks; *client.Client is one.
type Server interface {
	Device(ctx context.Context) (wire.Device, error)
	Watch(ctx context.Context, o ticket.OfficeID, topics []string, on func(client.Event)) error
}

// patience is how long the server may take to say who it is.
const patience = 8 * time.Second

// Ask asks the server, once, what a kiosk's page tells.
func Ask(ctx context.Context, s Server) (a Answer) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if a.Device, a.Err = s.Device(ctx); a.Err != nil {
		return a
	}
	if a.Device.Kind != "kiosk" {
		a.Err = notAKiosk{a.Device.Kind}
		return a
	}
	a.Err = client.ErrOffline
	err := s.Watch(ctx, a.Device.Office, []string{wire.TopicKiosk}, func(e client.Event) {
		switch {
		case e.Err != nil:
			a.Err = e.Err
		case e.Frame == nil || e.Frame.Topic != wire.TopicKiosk:
			return
		case e.Frame.Problem != nil:
			a.Err = reason.New(reason.Forbidden, e.Frame.Problem.Code)
		default:
			a.Err = json.Unmarshal(e.Frame.View, &a.View)
		}
		cancel() // the first answer is enough
	})
	if err != nil && !errors.Is(err, context.Canceled) && a.Err == nil {
		a.Err = err
	}
	return a
}
