package api

import (
	"net/http"

	"antrean/queue-server/internal/people"
	"antrean/shared/wire"
)

// route is a row of the table: there is no way in but through it.
type route struct {
	method  string
	pattern string // of http.ServeMux
	who     credential
	do      func(*API, *call) error
}

const (
	inOffice  = "/api/v1/offices/{office}"
	inCounter = inOffice + "/counters/{counter}"
	inTicket  = inOffice + "/tickets/{ticket}"
	inStory   = inOffice + "/story"
	inVisit   = inOffice + "/visits/{token}"
)

// Who may come in.
var (
	public    = credential{public: true}
	kiosk     = credential{devices: []string{people.Kiosk}}
	board     = credential{devices: []string{people.Board}}
	device    = credential{devices: []string{people.Kiosk, people.Board}}
	session   = credential{session: true}
	leader    = credential{session: true, roles: []string{people.Supervisor, people.Admin}}
	ownWord   = credential{session: true, unchanged: true} // also before a first password is replaced
	kioskDesk = credential{devices: []string{people.Kiosk}, session: true}
	watcher   = credential{devices: []string{people.Kiosk, people.Board}, session: true}
	visitor   = credential{visit: true}
)

// routes is the table. openapi.yaml says the same; a test holds the two together.
var routes = []route{
	{http.MethodGet, wire.PathHealth, public, (*API).health},
	{http.MethodGet, wire.PathOpenAPI, public, (*API).openapi},

	{http.MethodPost, wire.PathLogin, public, (*API).login},
	{http.MethodPost, wire.PathLogout, ownWord, (*API).logout},
	{http.MethodGet, wire.PathSession, ownWord, (*API).session},
	{http.MethodPost, wire.PathPassword, ownWord, (*API).password},
	{http.MethodGet, wire.PathDevice, device, (*API).device},

	{http.MethodPost, inOffice + "/tickets", kioskDesk, command(take, takenTicket)},
	{http.MethodPost, inTicket + "/cancel", session, command(cancel, cancelled)},
	{http.MethodPost, inTicket + "/printed", kiosk, command(printed, accepted)},
	{http.MethodPost, inTicket + "/return", session, command(giveBack, counterAnswer)},
	{http.MethodPost, inTicket + "/unpark", session, command(unpark, counterAnswer)},
	{http.MethodPost, inTicket + "/class", session, command(changeClass, counterAnswer)},

	{http.MethodPost, inCounter + "/open", session, command(openCounter, counterAnswer)},
	{http.MethodPost, inCounter + "/close", session, command(closeCounter, counterAnswer)},
	{http.MethodPost, inCounter + "/pause", session, command(pause, counterAnswer)},
	{http.MethodPost, inCounter + "/resume", session, command(resume, counterAnswer)},
	{http.MethodPost, inCounter + "/call-next", session, command(callNext, counterAnswer)},
	{http.MethodPost, inCounter + "/call", session, command(callChosen, counterAnswer)},
	{http.MethodPost, inCounter + "/recall", session, command(recall, counterAnswer)},
	{http.MethodPost, inCounter + "/start", session, command(start, counterAnswer)},
	{http.MethodPost, inCounter + "/finish", session, command(finish, counterAnswer)},
	{http.MethodPost, inCounter + "/no-show", session, command(miss, counterAnswer)},
	{http.MethodPost, inCounter + "/park", session, command(park, counterAnswer)},
	{http.MethodPost, inCounter + "/transfer", session, command(transfer, counterAnswer)},
	{http.MethodPost, inCounter + "/add-service", session, command(addService, counterAnswer)},
	{http.MethodPost, inCounter + "/undo", session, command(undo, counterAnswer)},

	{http.MethodPost, inOffice + "/day/open", leader, command(openDay, accepted)},
	{http.MethodPost, inOffice + "/day/close", leader, command(closeDay, accepted)},
	{http.MethodPost, inOffice + "/force", leader, command(force, accepted)},
	{http.MethodGet, inStory, session, (*API).story},

	{http.MethodPost, inOffice + "/announcements/spoken", board, command(spoken, accepted)},

	{http.MethodGet, inOffice + "/views/{topic...}", watcher, (*API).view},
	{http.MethodGet, inOffice + "/socket", watcher, (*API).socket},

	{http.MethodGet, inVisit, visitor, (*API).visit},
	{http.MethodPost, inVisit + "/cancel", visitor, command(cancelVisit, cancelled)},
	{http.MethodGet, inVisit + "/socket", visitor, (*API).socket},
}

// has is whether this server serves a route: a story needs somebody who tells it.
func (a *API) has(r route) bool { return r.pattern != inStory || a.Story != nil }
