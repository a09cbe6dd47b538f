package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"antrean/queue-server/internal/server"
	"antrean/queue-server/internal/story"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// telling is what the commands that tell what happened have in common.
type telling struct {
	folder
	Office string `placeholder:"ID" help:"Which office; may be left out where there is one."`
	JSON   bool   `name:"json" help:"Print JSON instead of text."`
	Lang   string `enum:"id,en," default:"" placeholder:"LANG" help:"The language of the answer: id or en (the terminal's where left out)."`
}

func (c telling) language() string {
	if c.Lang != "" {
		return c.Lang
	}
	return language()
}

type explainCommand struct {
	telling
	Ticket string `required:"" placeholder:"A-017" help:"The number, as it is printed."`
	Day    string `placeholder:"DATE" help:"The business day, such as 2026-11-23 (the open one, or the last, where left out)."`
}

// Help is what --help says below the summary.
func (explainCommand) Help() string {
	return "Reads the log, also while the server runs. Each call is told with its reason: the rule, and the numbers it was chosen among with how long each had waited. People are named by what they are (officer, kiosk, visitor), never by who."
}

func (c explainCommand) Run(ctx context.Context, t terminal) error {
	var told wire.Story
	err := c.ask(ctx, t, "story", server.StoryOf{
		Office: ticket.OfficeID(c.Office), Number: c.Ticket, Day: c.Day, Language: c.language(),
	}, &told)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return t.json(told)
	}
	t.print("%s", story.Print(told, c.language()))
	return nil
}

type replayCommand struct {
	telling
	At string `required:"" placeholder:"TIME|SEQ" help:"An event's sequence (4711), or a time of the office's zone: \"2026-11-23 09:30\", 09:30 of the open or last business day, or RFC 3339."`
}

// Help is what --help says below the summary.
func (replayCommand) Help() string {
	return "Reads the log, also while the server runs: who waited for each service, in the order in which they would have been called, who was at which counter, and what was closed. A time is the last event up to its end, by office time, which never goes back."
}

func (c replayCommand) Run(ctx context.Context, t terminal) error {
	var p story.Picture
	err := c.ask(ctx, t, "picture", server.PictureAt{Office: ticket.OfficeID(c.Office), At: c.At, Language: c.language()}, &p)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return t.json(p)
	}
	t.print("%s", p.Print(c.language()))
	return nil
}

// json prints a value for programs.
func (t terminal) json(v any) error {
	e := json.NewEncoder(t.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

type dayCommand struct {
	Open  dayOpen  `cmd:"" help:"Open the next business day, its date confirmed; closes the open one."`
	Close dayClose `cmd:"" help:"Close the business day: numbers that still wait expire."`
}

type dayOpen struct {
	folder
	Office string `placeholder:"ID" help:"Which office; may be left out where there is one."`
	Date   string `required:"" placeholder:"DATE" help:"Today's date, such as 2026-11-23. A date opens once."`
}

func (c dayOpen) Run(ctx context.Context, t terminal) error {
	if err := c.ask(ctx, t, "day-open", server.DayDate{Office: ticket.OfficeID(c.Office), Date: c.Date}, nil); err != nil {
		return err
	}
	t.say("day_opened", i18n.Args{"Date": c.Date})
	return nil
}

type dayClose struct {
	folder
	Office string `placeholder:"ID" help:"Which office; may be left out where there is one."`
}

func (c dayClose) Run(ctx context.Context, t terminal) error {
	if err := c.ask(ctx, t, "day-close", server.OfficeName{Office: ticket.OfficeID(c.Office)}, nil); err != nil {
		return err
	}
	t.say("day_closed")
	return nil
}

type forceCommand struct {
	folder
	What    string    `arg:"" enum:"open,closed,hours" help:"open or closed, against the hours; hours goes back to them."`
	Office  string    `placeholder:"ID" help:"Which office; may be left out where there is one."`
	Service string    `placeholder:"ID" help:"The service; left out: the whole office."`
	Reason  string    `placeholder:"CODE" help:"Why it is closed: ${force_reasons} (closed_by_hand where left out)."`
	Until   time.Time `placeholder:"TIME" help:"Until when, such as 2026-11-23T15:00:00+08:00; left out: until it is lifted."`
}

func (c forceCommand) Run(ctx context.Context, t terminal) error {
	err := c.ask(ctx, t, "force", server.Forcing{
		Office: ticket.OfficeID(c.Office), Service: ticket.ServiceID(c.Service),
		Open: c.What == "open", Lift: c.What == "hours", Reason: c.Reason, Until: c.Until,
	}, nil)
	switch {
	case err != nil:
		return err
	case c.What == "open":
		t.say("forced_open")
	case c.What == "hours":
		t.say("forced_lifted")
	default:
		why := c.Reason
		if why == "" {
			why = "closed_by_hand"
		}
		t.say("forced_closed", i18n.Args{"Reason": i18n.Text(language(), "closed."+why)})
	}
	return nil
}

// forceReasons are the reasons of a closing by force, for --help.
func forceReasons() string { return strings.Join(server.ForceReasons(), ", ") }
