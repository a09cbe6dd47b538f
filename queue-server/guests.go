package main

import (
	"context"
	"strings"
	"text/tabwriter"
	"time"

	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/server"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

type deviceCommand struct {
	Add    deviceAdd    `cmd:"" help:"Pair a device: prints its token, once."`
	List   deviceList   `cmd:"" help:"List the devices."`
	Revoke deviceRevoke `cmd:"" help:"End a device's token, at once and for ever."`
}

type deviceAdd struct {
	folder
	Office string `required:"" placeholder:"ID" help:"The office that it stands in."`
	Kind   string `required:"" enum:"kiosk,board" help:"kiosk or board."`
	Name   string `required:"" help:"Where it stands, for people."`
	Zone   string `placeholder:"ID" help:"The zone that it serves; left out: the whole hall."`
}

func (c deviceAdd) Run(ctx context.Context, t terminal) error {
	var made server.MadeDevice
	err := c.ask(ctx, t, "device-add", server.NewDevice{
		Office: ticket.OfficeID(c.Office), Kind: c.Kind, Name: c.Name, Zone: ticket.ZoneID(c.Zone),
	}, &made)
	if err != nil {
		return err
	}
	t.say("token_once")
	t.print("device: %s\ntoken: %s\n", made.Device.ID, made.Token)
	return nil
}

type deviceList struct {
	folder
	Office string `placeholder:"ID" help:"Only this office's."`
}

func (c deviceList) Run(ctx context.Context, t terminal) error {
	var all []people.Device
	if err := c.ask(ctx, t, "device-list", server.OfficeName{Office: ticket.OfficeID(c.Office)}, &all); err != nil {
		return err
	}
	rows := [][]string{{"DEVICE", "OFFICE", "KIND", "ZONE", "STATE", "MADE", "NAME"}}
	for _, d := range all {
		state := "paired"
		if d.Revoked {
			state = "revoked"
		}
		rows = append(rows, []string{string(d.ID), string(d.Office), d.Kind, dash(string(d.Zone)), state, d.Created.Format(time.DateOnly), d.Name})
	}
	return t.columns(rows)
}

type deviceRevoke struct {
	folder
	Device string `required:"" placeholder:"ID" help:"The device, as list names it."`
}

func (c deviceRevoke) Run(ctx context.Context, t terminal) error {
	if err := c.ask(ctx, t, "device-revoke", server.DeviceName{ID: ticket.DeviceID(c.Device)}, nil); err != nil {
		return err
	}
	t.say("device_revoked", i18n.Args{"Device": c.Device})
	return nil
}

type userCommand struct {
	Add     userAdd     `cmd:"" help:"Make an account: prints its one-time password."`
	List    userList    `cmd:"" help:"List the accounts."`
	Disable userDisable `cmd:"" help:"End an account's sessions and let it log in no more."`
	Enable  userEnable  `cmd:"" help:"Let a disabled account log in again: prints a one-time password."`
	Passwd  userPasswd  `cmd:"" help:"Give an account a new one-time password."`
}

type userAdd struct {
	folder
	User   string   `required:"" help:"What is typed at the log-in."`
	Name   string   `required:"" help:"The person's name."`
	Role   string   `required:"" enum:"admin,supervisor,officer" help:"admin, supervisor or officer."`
	Office []string `placeholder:"ID" help:"An office that it may work in; may be repeated; left out: all."`
}

func (c userAdd) Run(ctx context.Context, t terminal) error {
	in := server.NewUser{User: c.User, Name: c.Name, Role: c.Role}
	for _, id := range c.Office {
		in.Offices = append(in.Offices, ticket.OfficeID(id))
	}
	return c.oneTime(ctx, t, "user-add", c.User, in)
}

// oneTime does an operation that answers with a one-time password, and prints it.
func (f folder) oneTime(ctx context.Context, t terminal, operation, user string, in any) error {
	var made server.OneTime
	if err := f.ask(ctx, t, operation, in, &made); err != nil {
		return err
	}
	t.say("password_once")
	t.print("user: %s\npassword: %s\n", strings.ToLower(strings.TrimSpace(user)), made.Password)
	return nil
}

type userList struct{ folder }

func (c userList) Run(ctx context.Context, t terminal) error {
	var all []people.User
	if err := c.ask(ctx, t, "user-list", server.None{}, &all); err != nil {
		return err
	}
	rows := [][]string{{"USER", "ROLE", "OFFICES", "STATE", "MADE", "NAME"}}
	for _, u := range all {
		state := "active"
		switch {
		case u.Disabled:
			state = "disabled"
		case u.MustChange:
			state = "one-time password"
		}
		offices := "all"
		if len(u.Offices) > 0 {
			ids := make([]string, len(u.Offices))
			for i, id := range u.Offices {
				ids[i] = string(id)
			}
			offices = strings.Join(ids, ",")
		}
		rows = append(rows, []string{u.User, u.Role, offices, state, u.Created.Format(time.DateOnly), u.Name})
	}
	return t.columns(rows)
}

// userFlag names an account.
type userFlag struct {
	folder
	User string `required:"" help:"What is typed at the log-in."`
}

type userDisable struct{ userFlag }

func (c userDisable) Run(ctx context.Context, t terminal) error {
	if err := c.ask(ctx, t, "user-disable", server.UserName{User: c.User}, nil); err != nil {
		return err
	}
	t.say("user_disabled", i18n.Args{"User": c.User})
	return nil
}

type userEnable struct{ userFlag }

func (c userEnable) Run(ctx context.Context, t terminal) error {
	return c.oneTime(ctx, t, "user-enable", c.User, server.UserName{User: c.User})
}

type userPasswd struct{ userFlag }

func (c userPasswd) Run(ctx context.Context, t terminal) error {
	return c.oneTime(ctx, t, "user-passwd", c.User, server.UserName{User: c.User})
}

// columns prints rows under each other, two spaces between.
func (t terminal) columns(rows [][]string) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := w.Write([]byte(strings.Join(row, "\t") + "\n")); err != nil {
			return err
		}
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
