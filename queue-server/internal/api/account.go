package api

import (
	"net"
	"net/http"

	"antrean/queue-server/internal/people"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// cookie is the name of the session's cookie. The prefix makes a browser refuse it
// from a plain line, another host or another path.
func (a *API) cookie() string {
	if a.TLS {
		return "__Host-antrean"
	}
	return "antrean"
}

func (a *API) secretOf(r *http.Request) string {
	c, err := r.Cookie(a.cookie())
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie gives the browser the session's secret until it is closed; the empty
// secret takes it back.
func (a *API) setCookie(w http.ResponseWriter, secret string) {
	c := &http.Cookie{
		Name: a.cookie(), Value: secret, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: a.TLS,
	}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (a *API) login(c *call) error {
	var b wire.Login
	raw, err := readBody(c.w, c.r)
	if err != nil {
		return err
	}
	if err := decode(raw, &b); err != nil {
		return err
	}
	if err := required("user", b.User, "password", b.Password); err != nil {
		return err
	}
	remote, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		remote = c.r.RemoteAddr
	}
	s, secret, err := a.People.Login(c.r.Context(), b.User, b.Password, remote)
	if err != nil {
		return err
	}
	a.setCookie(c.w, secret)
	return answer(c.w, a.wireSession(s, c.r))
}

func (a *API) logout(c *call) error {
	if _, err := readBody(c.w, c.r); err != nil {
		return err
	}
	if err := a.People.Logout(c.who.secret); err != nil {
		return err
	}
	a.setCookie(c.w, "")
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) session(c *call) error { return answer(c.w, a.wireSession(*c.who.session, c.r)) }

func (a *API) password(c *call) error {
	var b wire.NewPassword
	raw, err := readBody(c.w, c.r)
	if err != nil {
		return err
	}
	if err := decode(raw, &b); err != nil {
		return err
	}
	if err := required("old", b.Old, "new", b.New); err != nil {
		return err
	}
	if err := a.People.SetPassword(c.r.Context(), c.who.secret, b.Old, b.New); err != nil {
		return err
	}
	s, err := a.People.Session(c.who.secret)
	if err != nil {
		return err
	}
	return answer(c.w, a.wireSession(s, c.r))
}

// wireSession names every office that the account may enter, so that a page can
// offer them.
func (a *API) wireSession(s people.Session, r *http.Request) wire.Session {
	offices := s.Offices
	if len(offices) == 0 {
		offices = a.Office.Offices()
	}
	if offices == nil {
		offices = []ticket.OfficeID{}
	}
	return wire.Session{
		User: s.User, Name: s.Name, Role: s.Role, ID: s.ID, Offices: offices,
		MustChangePassword: s.MustChange, LineSafe: a.TLS || fromHere(r.RemoteAddr),
	}
}

// fromHere reports whether the other end is on this machine, where nobody listens in.
func fromHere(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

func (a *API) device(c *call) error { return answer(c.w, wireDevice(*c.who.device)) }

func wireDevice(d people.Device) wire.Device {
	return wire.Device{ID: d.ID, Office: d.Office, Kind: d.Kind, Name: d.Name, Zone: d.Zone}
}
