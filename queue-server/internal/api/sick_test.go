package api

import (
	"context"
	"errors"

	"antrean/queue-server/internal/office"
	"antrean/shared/ticket"
)

// sickOffice has a fault wherever a view is asked for.
type sickOffice struct{ Office }

func (sickOffice) Frame(context.Context, ticket.OfficeID, string) (*office.Frame, error) {
	return nil, errors.New("disk: input/output error")
}
