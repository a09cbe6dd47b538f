package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// visitData is what the visitor's page shows before its script runs, and all that
// it shows where none can.
type visitData struct {
	View    wire.TicketView
	Place   string
	Agency  string
	Service string
	State   string
}

// visit is the visitor's page. It carries the first view inside it, so that it is
// right at once, and on the poorest line.
func (s *site) visit(w http.ResponseWriter, r *http.Request) {
	lang, done := s.language(w, r)
	if done {
		return
	}
	o, token := ticket.OfficeID(r.PathValue("office")), r.PathValue("token")
	encoded, view, err := s.look(r.Context(), o, token)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	at := wire.PathVisit(o, token)
	d := s.data(r, lang, "phone", map[string]string{"visit": at, "socket": at + "/socket", "cancel": at + "/cancel"})
	d.Island.Frame = encoded
	d.Visit = &visitData{
		View: view, Place: view.Place.Name.In(lang), Agency: view.Agency.In(lang), Service: view.Service.In(lang),
		State: view.State.String(),
	}
	s.render(w, r, http.StatusOK, "visit", d)
}

// look is the newest frame of a link's ticket, as it is encoded and as it is meant.
func (s *site) look(ctx context.Context, o ticket.OfficeID, token string) (encoded json.RawMessage, view wire.TicketView, err error) {
	id, err := s.Office.TicketOf(ctx, o, token)
	if err != nil {
		return nil, view, err
	}
	f, err := s.Office.Frame(ctx, o, wire.TopicTicket(id))
	if err != nil {
		return nil, view, err
	}
	var frame wire.Frame
	if err := json.Unmarshal(f.JSON, &frame); err != nil {
		return nil, view, fmt.Errorf("frame of a visit: %w", err)
	}
	if err := json.Unmarshal(frame.View, &view); err != nil {
		return nil, view, fmt.Errorf("view of a visit: %w", err)
	}
	return f.JSON, view, nil
}

// refuse is the only place of this package that turns an error into an answer. A
// person never sees a fault's text.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := reason.Of(err)
	if !ok {
		s.Log.ErrorContext(r.Context(), "page", "err", err)
		s.gone(w, r, http.StatusInternalServerError, "fault")
		return
	}
	switch refusal.Kind {
	case reason.NotFound, reason.Unauthorized, reason.Forbidden, reason.Invalid, reason.Unprocessable:
		// One answer for all, so that guessing learns nothing.
		s.gone(w, r, http.StatusNotFound, "link")
	default:
		s.gone(w, r, refusal.Kind.Status(), "fault")
	}
}

// gone is the kind page for what is not there: a wrong or ended link, an unknown
// page, a fault. It says what to do.
func (s *site) gone(w http.ResponseWriter, r *http.Request, status int, why string) {
	lang, done := s.language(w, r)
	if done {
		return
	}
	d := s.data(r, lang, "phone", nil)
	d.Why = why
	s.render(w, r, status, "gone", d)
}
