package server

import (
	"context"
	"fmt"
	"time"

	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/story"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Questions of the operations on stories and days.
type (
	StoryOf struct {
		Office   ticket.OfficeID `json:"office"` // empty: the only one
		Number   string          `json:"number"`
		Day      string          `json:"day"` // 2006-01-02; empty: the open one, or the last
		Language string          `json:"language"`
	}
	PictureAt struct {
		Office   ticket.OfficeID `json:"office"`
		At       string          `json:"at"`
		Language string          `json:"language"`
	}
	DayDate struct {
		Office ticket.OfficeID `json:"office"`
		Date   string          `json:"date"`
	}
	Forcing struct {
		Office  ticket.OfficeID  `json:"office"`
		Service ticket.ServiceID `json:"service"` // empty: the office
		Open    bool             `json:"open"`
		Lift    bool             `json:"lift"`
		Reason  string           `json:"reason"`
		Until   time.Time        `json:"until"` // zero: until it is lifted
	}
)

func (s *Server) story(ctx context.Context, in StoryOf) (wire.Story, error) {
	id, err := s.only(in.Office)
	if err != nil {
		return wire.Story{}, err
	}
	return s.stories.Tell(ctx, id, in.Number, in.Day, in.Language)
}

func (s *Server) picture(ctx context.Context, in PictureAt) (story.Picture, error) {
	id, err := s.only(in.Office)
	if err != nil {
		return story.Picture{}, err
	}
	return s.stories.At(ctx, id, in.At, in.Language)
}

func (s *Server) openDay(ctx context.Context, in DayDate) (None, error) {
	return s.command(ctx, in.Office, queue.OpenDay{Date: in.Date})
}

func (s *Server) closeDay(ctx context.Context, in OfficeName) (None, error) {
	return s.command(ctx, in.Office, queue.CloseDay{})
}

func (s *Server) force(ctx context.Context, in Forcing) (None, error) {
	return s.command(ctx, in.Office, queue.Force{Service: in.Service, Open: in.Open, Lift: in.Lift, Reason: in.Reason, Until: in.Until})
}

// command has the command line's wish decided and committed.
func (s *Server) command(ctx context.Context, id ticket.OfficeID, a queue.Ask) (None, error) {
	id, err := s.only(id)
	if err != nil {
		return None{}, err
	}
	_, err = s.Offices.Do(ctx, office.Request{Office: id, Actor: commandLine, Command: a})
	return None{}, err
}

// only is the office that is meant: the named one, or the only one there is.
func (s *Server) only(id ticket.OfficeID) (ticket.OfficeID, error) {
	if id != "" {
		return id, nil
	}
	all := s.Offices.Offices()
	if len(all) != 1 {
		return "", fmt.Errorf("name the office: one of %v", all)
	}
	return all[0], nil
}

// role says what an actor is, for stories: never who.
func (s *Server) role(a queue.Actor) string {
	switch a.Kind {
	case queue.ActorAccount:
		all, err := s.People.Users()
		if err != nil {
			return ""
		}
		for _, u := range all {
			if string(u.Account) == a.ID {
				return u.Role
			}
		}
	case queue.ActorDevice:
		if d, err := s.People.Device(ticket.DeviceID(a.ID)); err == nil {
			return d.Kind
		}
	}
	return ""
}

// ForceReasons are the codes of why something can be forced closed.
func ForceReasons() []string { return queue.ForceReasons }
