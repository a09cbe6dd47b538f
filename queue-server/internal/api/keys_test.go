package api

import (
	"github.com/google/uuid"

	"antrean/shared/ticket"
)

func newTicketID() ticket.ID { return ticket.ID(uuid.Must(uuid.NewV7())) }

func newKey() string { return uuid.NewString() }
