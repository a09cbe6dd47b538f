// Package wire is what programs say to each other: every JSON body, every frame
// and every path. openapi.yaml and PROTOCOL.md beside it say the same to people;
// tests hold the three together.
package wire

import (
	"net/url"
	"strings"

	"antrean/shared/ticket"
)

// Limits that both sides keep.
const (
	MaxBody = 64 << 10 // bytes of a request's body
	MaxText = 200      // characters of a name or a key
)

// Header names.
const (
	HeaderKey   = "Idempotency-Key"
	HeaderAsked = "Antrean-Device-Time" // RFC 3339 with fraction: what the device's clock said
)

// ProblemType is the media type of every refusal and fault.
const ProblemType = "application/problem+json"

// Prefix is where the API of one office begins.
func Prefix(o ticket.OfficeID) string { return "/api/v1/offices/" + url.PathEscape(string(o)) }

// Paths of one office. Each is the whole path, for a client to append to its base URL.
func PathTickets(o ticket.OfficeID) string { return Prefix(o) + "/tickets" }

func PathCancel(o ticket.OfficeID, id ticket.ID) string {
	return Prefix(o) + "/tickets/" + id.String() + "/cancel"
}

func PathPrinted(o ticket.OfficeID, id ticket.ID) string {
	return Prefix(o) + "/tickets/" + id.String() + "/printed"
}

// PathTicket is one of the commands about a ticket wherever it is: cancel, printed,
// return, unpark, class.
func PathTicket(o ticket.OfficeID, id ticket.ID, command string) string {
	return Prefix(o) + "/tickets/" + id.String() + "/" + command
}

// PathStory tells a ticket's story, by its printed number and, optionally, the
// business day's date: ?number=A-017&day=2026-11-23.
func PathStory(o ticket.OfficeID) string { return Prefix(o) + "/story" }

// PathDay is open or close; PathForce opens and closes against the hours.
func PathDay(o ticket.OfficeID, command string) string { return Prefix(o) + "/day/" + command }
func PathForce(o ticket.OfficeID) string               { return Prefix(o) + "/force" }
func PathSocket(o ticket.OfficeID) string              { return Prefix(o) + "/socket" }
func PathSpoken(o ticket.OfficeID) string              { return Prefix(o) + "/announcements/spoken" }
func PathView(o ticket.OfficeID, topic string) string {
	return Prefix(o) + "/views/" + topic // a topic's slash is part of the path
}

// PathCounter is one of a counter's commands: open, close, pause, resume,
// call-next, call, recall, start, finish, no-show, park, transfer, add-service, undo.
func PathCounter(o ticket.OfficeID, c ticket.CounterID, command string) string {
	return Prefix(o) + "/counters/" + url.PathEscape(string(c)) + "/" + command
}

// PathVisit is the API's face of a visitor's link: GET is the view, /socket the
// live view, /cancel a command.
func PathVisit(o ticket.OfficeID, token string) string {
	return Prefix(o) + "/visits/" + url.PathEscape(token)
}

// Paths without an office.
const (
	PathHealth   = "/api/v1/health"
	PathOpenAPI  = "/api/v1/openapi.yaml"
	PathLogin    = "/api/v1/login"
	PathLogout   = "/api/v1/logout"
	PathSession  = "/api/v1/session"
	PathPassword = "/api/v1/password"
	PathDevice   = "/api/v1/device" // GET: which device the bearer's token is, and of which office
)

// VisitLink is what the QR code holds: {public}/t/{office}/{token}.
func VisitLink(public string, o ticket.OfficeID, token string) string {
	return strings.TrimRight(public, "/") + "/t/" + url.PathEscape(string(o)) + "/" + token
}

// Topics.
const (
	TopicOffice = "office"
	TopicKiosk  = "kiosk"
)

// TopicBoard is a zone's board; the empty zone is the board of the whole hall: "board/".
func TopicBoard(z ticket.ZoneID) string      { return "board/" + string(z) }
func TopicCounter(c ticket.CounterID) string { return "counter/" + string(c) }
func TopicDevice(d ticket.DeviceID) string   { return "device/" + string(d) }
func TopicTicket(id ticket.ID) string        { return "ticket/" + id.String() }
func SplitTopic(topic string) (kind, id string) {
	kind, id, _ = strings.Cut(topic, "/")
	return kind, id
}
