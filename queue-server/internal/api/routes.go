package api

import (
	"net/http"

	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
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
	inVisit   = inOffice + "/visits/{token}"
)

// Who may come in.
var (
	public    = credential{public: true}
	kiosk     = credential{devices: []string{people.Kiosk}}
	board     = credential{devices: []string{people.Board}}
	device    = credential{devices: []string{people.Kiosk, people.Board}}
	session   = credential{session: true}
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
	{http.MethodPost, inOffice + "/tickets/{ticket}/cancel", session, command(cancel, cancelled)},
	{http.MethodPost, inOffice + "/tickets/{ticket}/printed", kiosk, command(printed, accepted)},

	{http.MethodPost, inCounter + "/open", session, command(openCounter, counterAnswer)},
	{http.MethodPost, inCounter + "/close", session, command(closeCounter, counterAnswer)},
	{http.MethodPost, inCounter + "/call-next", session, command(callNext, counterAnswer)},
	{http.MethodPost, inCounter + "/recall", session, command(atCounter(func(at queue.AtCounter) queue.Ask { return queue.Recall{AtCounter: at} }), counterAnswer)},
	{http.MethodPost, inCounter + "/start", session, command(atCounter(func(at queue.AtCounter) queue.Ask { return queue.Start{AtCounter: at} }), counterAnswer)},
	{http.MethodPost, inCounter + "/finish", session, command(atCounter(func(at queue.AtCounter) queue.Ask { return queue.Finish{AtCounter: at} }), counterAnswer)},
	{http.MethodPost, inCounter + "/no-show", session, command(atCounter(func(at queue.AtCounter) queue.Ask { return queue.Miss{AtCounter: at} }), counterAnswer)},

	{http.MethodPost, inOffice + "/announcements/spoken", board, command(spoken, accepted)},

	{http.MethodGet, inOffice + "/views/{topic...}", watcher, (*API).view},
	{http.MethodGet, inOffice + "/socket", watcher, (*API).socket},

	{http.MethodGet, inVisit, visitor, (*API).visit},
	{http.MethodPost, inVisit + "/cancel", visitor, command(cancelVisit, cancelled)},
	{http.MethodGet, inVisit + "/socket", visitor, (*API).socket},
}
