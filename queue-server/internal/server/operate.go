package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/officefile"
	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// Refusals of the command line's operations.
var (
	ErrNoOffice   = reason.New(reason.NotFound, "no_such_office") // as package office says it
	ErrNoSuchZone = reason.New(reason.NotFound, "no_such_zone")   // args: zone
)

// commandLine is the actor of what is done there.
var commandLine = queue.Actor{Kind: queue.ActorCommandLine, ID: "local"}

// Questions and answers of the operations. They cross the control socket as JSON.
type (
	OfficeFile struct {
		Name string `json:"name"` // as the user called it, for messages
		Data []byte `json:"data"`
	}
	Imported struct {
		Office    ticket.OfficeID `json:"office"`
		Agencies  int             `json:"agencies"`
		Services  int             `json:"services"`
		Sequences int             `json:"sequences"`
		Counters  int             `json:"counters"`
		New       bool            `json:"new"`
	}
	OfficeName struct {
		Office ticket.OfficeID `json:"office"` // empty: all, or the only one
	}
	Checked struct {
		Office  ticket.OfficeID `json:"office"`
		Records uint64          `json:"records"`
		Chain   string          `json:"chain"` // the last link, in hex
		First   time.Time       `json:"first"`
		Last    time.Time       `json:"last"`
		Damage  string          `json:"damage,omitempty"`
	}
	NewDevice struct {
		Office ticket.OfficeID `json:"office"`
		Kind   string          `json:"kind"`
		Name   string          `json:"name"`
		Zone   ticket.ZoneID   `json:"zone"`
	}
	MadeDevice struct {
		Device people.Device `json:"device"`
		Token  string        `json:"token"`
	}
	DeviceName struct {
		ID ticket.DeviceID `json:"id"`
	}
	NewUser struct {
		User    string            `json:"user"`
		Name    string            `json:"name"`
		Role    string            `json:"role"`
		Offices []ticket.OfficeID `json:"offices"`
	}
	UserName struct {
		User string `json:"user"`
	}
	OneTime struct {
		Password string `json:"password"`
	}
	None struct{}
)

// operation is one of them. quiet: it needs no running writer.
type operation struct {
	quiet bool
	do    func(s *Server, ctx context.Context, in json.RawMessage) (any, error)
}

// typed wraps a function of one question and one answer.
func typed[In, Out any](f func(s *Server, ctx context.Context, in In) (Out, error)) func(*Server, context.Context, json.RawMessage) (any, error) {
	return func(s *Server, ctx context.Context, raw json.RawMessage) (any, error) {
		var in In
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, fmt.Errorf("the question cannot be read: %w", err)
		}
		return f(s, ctx, in)
	}
}

var operations = map[string]operation{
	"office-import": {do: typed((*Server).importOffice)},
	"office-export": {do: typed((*Server).exportOffice)},
	"office-check":  {quiet: true, do: typed((*Server).checkOffices)},
	"device-add":    {do: typed((*Server).addDevice)},
	"device-list":   {quiet: true, do: typed((*Server).listDevices)},
	"device-revoke": {quiet: true, do: typed((*Server).revokeDevice)},
	"story":         {quiet: true, do: typed((*Server).story)},
	"picture":       {quiet: true, do: typed((*Server).picture)},
	"day-open":      {do: typed((*Server).openDay)},
	"day-close":     {do: typed((*Server).closeDay)},
	"force":         {do: typed((*Server).force)},
	"user-add":      {quiet: true, do: typed((*Server).addUser)},
	"user-list":     {quiet: true, do: typed((*Server).listUsers)},
	"user-disable":  {quiet: true, do: typed((*Server).disableUser)},
	"user-enable":   {quiet: true, do: typed((*Server).enableUser)},
	"user-passwd":   {quiet: true, do: typed((*Server).resetPassword)},
}

// Operate does one of the command line's operations while Run runs.
func (s *Server) Operate(ctx context.Context, name string, in json.RawMessage) (out any, known bool, err error) {
	op, known := operations[name]
	if !known {
		return nil, false, nil
	}
	out, err = op.do(s, ctx, in)
	return out, true, err
}

// OperateAlone does one on a folder that no server runs on: it opens the folder,
// runs the writer only where the operation needs it, and lets go.
func OperateAlone(ctx context.Context, c Config, name string, in json.RawMessage) (out any, known bool, err error) {
	op, known := operations[name]
	if !known {
		return nil, false, nil
	}
	c.Listen, c.Control = "", false
	if name == "office-check" {
		out, err = checkAlone(ctx, c, in)
		return out, true, err
	}
	s, err := Open(ctx, c)
	if err != nil {
		return nil, true, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	work := func(ctx context.Context) (err error) {
		out, err = op.do(s, ctx, in)
		return err
	}
	if op.quiet {
		err = work(ctx)
	} else {
		err = s.During(ctx, work)
	}
	return out, true, err
}

func (s *Server) importOffice(ctx context.Context, in OfficeFile) (Imported, error) {
	v, err := officefile.Parse(in.Name, in.Data)
	if err != nil {
		return Imported{}, err
	}
	fresh := !slices.Contains(s.Offices.Offices(), v.Office)
	if err := s.Offices.Import(ctx, v, commandLine); err != nil {
		return Imported{}, err
	}
	return Imported{
		Office: v.Office, Agencies: len(v.Agencies), Services: len(v.Services),
		Sequences: len(v.Sequences), Counters: len(v.Counters), New: fresh,
	}, nil
}

func (s *Server) exportOffice(ctx context.Context, in OfficeName) (OfficeFile, error) {
	id, err := s.only(in.Office)
	if err != nil {
		return OfficeFile{}, err
	}
	v, err := s.Offices.Settings(ctx, id)
	if err != nil {
		return OfficeFile{}, err
	}
	data, err := officefile.Export(v)
	return OfficeFile{Name: string(id) + ".toml", Data: data}, err
}

func (s *Server) checkOffices(ctx context.Context, in OfficeName) ([]Checked, error) {
	return check(ctx, s.events, in.Office)
}

// checkAlone verifies a log without loading it: also one that cannot be loaded.
func checkAlone(ctx context.Context, c Config, raw json.RawMessage) (out []Checked, err error) {
	var in OfficeName
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, err
	}
	if !exists(c) {
		return nil, fmt.Errorf("%s: %w", c.Data, ErrNoStore)
	}
	l, err := openEvents(c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	return check(ctx, l, in.Office)
}

func check(ctx context.Context, l *eventlog.Log, only ticket.OfficeID) ([]Checked, error) {
	all := l.Offices()
	if only != "" {
		if !slices.Contains(all, only) {
			return nil, ErrNoOffice
		}
		all = []ticket.OfficeID{only}
	}
	out := make([]Checked, 0, len(all))
	for _, id := range all {
		r, err := l.Check(ctx, id)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		one := Checked{Office: id, Records: r.Records, Chain: r.Chain.String(), First: r.First, Last: r.Last}
		if err != nil {
			one.Damage = err.Error()
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *Server) addDevice(ctx context.Context, in NewDevice) (MadeDevice, error) {
	v, err := s.Offices.Settings(ctx, in.Office)
	if err != nil {
		return MadeDevice{}, err
	}
	if in.Zone != "" && !slices.ContainsFunc(v.Zones, func(z queue.Zone) bool { return z.ID == in.Zone && !z.Archived }) {
		return MadeDevice{}, ErrNoSuchZone.With("zone", fmt.Sprintf("%.40q", in.Zone))
	}
	d, token, err := s.People.AddDevice(in.Office, in.Kind, in.Name, in.Zone)
	return MadeDevice{Device: d, Token: token}, err
}

func (s *Server) listDevices(_ context.Context, in OfficeName) ([]people.Device, error) {
	return s.People.Devices(in.Office)
}

func (s *Server) revokeDevice(_ context.Context, in DeviceName) (None, error) {
	return None{}, s.People.RevokeDevice(in.ID)
}

func (s *Server) addUser(_ context.Context, in NewUser) (OneTime, error) {
	all := s.Offices.Offices()
	for _, id := range in.Offices {
		if !slices.Contains(all, id) {
			return OneTime{}, ErrNoOffice
		}
	}
	password, err := s.People.AddUser(in.User, in.Name, in.Role, in.Offices)
	return OneTime{password}, err
}

func (s *Server) listUsers(context.Context, None) ([]people.User, error) { return s.People.Users() }

func (s *Server) disableUser(_ context.Context, in UserName) (None, error) {
	return None{}, s.People.DisableUser(in.User)
}

func (s *Server) enableUser(_ context.Context, in UserName) (OneTime, error) {
	password, err := s.People.EnableUser(in.User)
	return OneTime{password}, err
}

func (s *Server) resetPassword(_ context.Context, in UserName) (OneTime, error) {
	password, err := s.People.ResetPassword(in.User)
	return OneTime{password}, err
}
