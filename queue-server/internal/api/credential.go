package api

import (
	"net/http"
	"slices"
	"strings"

	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// credential says who may use a route. A request with an Authorization header is a
// device's where devices may come, whatever cookie it has; else it is a session's.
type credential struct {
	public    bool
	devices   []string // kinds
	session   bool
	roles     []string // of the session; empty: any
	unchanged bool     // also a session whose password must be changed first
	visit     bool     // the token in the path
}

// caller is who asks: exactly one of device, session and visit, or nobody on a
// public route.
type caller struct {
	device  *people.Device
	session *people.Session
	secret  string // the session's, or the device's token: to be asked for again while a socket lives
	visit   ticket.ID
}

// admit finds out who asks, and refuses whoever may not be on this route or in
// the office that its path names.
func (a *API) admit(c credential, r *http.Request) (caller, error) {
	o := ticket.OfficeID(r.PathValue("office"))
	header := r.Header.Get("Authorization")
	switch {
	case c.public:
		return caller{}, nil
	case c.visit:
		id, err := a.Office.TicketOf(r.Context(), o, r.PathValue("token"))
		return caller{visit: id, secret: r.PathValue("token")}, err
	case len(c.devices) > 0 && (header != "" || !c.session):
		return a.admitDevice(c, o, header)
	default:
		return a.admitSession(c, o, a.secretOf(r))
	}
}

func (a *API) admitDevice(c credential, o ticket.OfficeID, header string) (caller, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return caller{}, people.ErrNoDevice
	}
	d, err := a.People.DeviceByToken(token)
	switch {
	case err != nil:
		return caller{}, err
	case d.Revoked:
		return caller{}, people.ErrNoDevice
	case !slices.Contains(c.devices, d.Kind):
		return caller{}, ErrWrongDevice
	case o != "" && d.Office != o:
		return caller{}, ErrWrongOffice
	}
	return caller{device: &d, secret: token}, nil
}

func (a *API) admitSession(c credential, o ticket.OfficeID, secret string) (caller, error) {
	if secret == "" {
		return caller{}, people.ErrNoSession
	}
	s, err := a.People.Session(secret)
	switch {
	case err != nil:
		return caller{}, err
	case s.MustChange && !c.unchanged:
		return caller{}, ErrMustChange
	case o != "" && len(s.Offices) > 0 && !slices.Contains(s.Offices, o):
		return caller{}, ErrWrongOffice
	case len(c.roles) > 0 && !slices.Contains(c.roles, s.Role):
		return caller{}, ErrWrongRole
	}
	return caller{session: &s, secret: secret}, nil
}

// still reports whether a caller who was let in before would be let in now.
func (a *API) still(c caller, o ticket.OfficeID) bool {
	var err error
	switch {
	case c.device != nil:
		_, err = a.admitDevice(watcher, o, "Bearer "+c.secret)
	case c.session != nil:
		_, err = a.admitSession(watcher, o, c.secret)
	}
	return err == nil
}

// actor is the caller as the log names it.
func (c caller) actor() queue.Actor {
	switch {
	case c.device != nil:
		return queue.Actor{Kind: queue.ActorDevice, ID: string(c.device.ID)}
	case c.session != nil:
		return queue.Actor{Kind: queue.ActorAccount, ID: string(c.session.Account)}
	default:
		return queue.Actor{Kind: queue.ActorVisitor, ID: c.visit.String()}
	}
}

// mayWatch is the table of topics: which views a caller may see.
func (c caller) mayWatch(topic string) bool {
	kind, id, _ := strings.Cut(topic, "/")
	switch {
	case c.device != nil && kind == "device":
		return id == string(c.device.ID)
	case c.device != nil && c.device.Kind == people.Kiosk:
		return topic == "kiosk"
	case c.device != nil:
		return kind == "board"
	case c.session != nil:
		return topic == "office" || topic == "kiosk" || kind == "counter" || kind == "board"
	default:
		return kind == "ticket" && id == c.visit.String()
	}
}

// topic resolves "device/self", which a device may say before it knows its id.
func (c caller) topic(asked string) string {
	if asked == "device/self" && c.device != nil {
		return "device/" + string(c.device.ID)
	}
	return asked
}
