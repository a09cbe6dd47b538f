package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// ErrOffline says that no answer came: no connection, or it broke, or the time was
// up. A command may have happened all the same: ask again, which uses the same key.
var ErrOffline = errors.New("no connection to the server")

// Time-outs of the client that Config.HTTP nil stands for.
const (
	dialTimeout    = 3 * time.Second
	requestTimeout = 10 * time.Second
)

// Config says where the server is and who asks.
type Config struct {
	Server   string       // http(s)://host:port, without a path
	Token    string       // the device's, sent as bearer; empty: none
	Language string       // of refusals' texts, as Accept-Language; empty: the server's choice
	HTTP     *http.Client // nil: one with time-outs. Its *http.Transport also dials the socket
}

// Client asks one server in the name of one device. It is safe for concurrent use.
type Client struct {
	base     string // scheme and host
	token    string
	language string
	http     *http.Client
}

// New checks cfg and makes a client. It does not connect.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.Server)
	if err != nil {
		return nil, fmt.Errorf("address of the server: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("address of the server: %q is not http(s)://host:port", cfg.Server)
	}
	if strings.ContainsFunc(cfg.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the token holds characters that no token has")
	}
	h := cfg.HTTP
	if h == nil {
		h = &http.Client{Timeout: requestTimeout, Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			ResponseHeaderTimeout: requestTimeout,
			MaxIdleConnsPerHost:   4,
			IdleConnTimeout:       time.Minute,
			ForceAttemptHTTP2:     true,
		}}
	}
	own := *h
	// A token goes to the server it was given for and to no other.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: u.Scheme + "://" + u.Host, token: cfg.Token, language: cfg.Language, http: &own}, nil
}

// NewTicketID makes the id of a ticket that is about to be asked for.
func NewTicketID() ticket.ID { return ticket.ID(uuid.Must(uuid.NewV7())) }

// Device asks which device the token belongs to, and of which office.
func (c *Client) Device(ctx context.Context) (wire.Device, error) {
	var d wire.Device
	err := c.get(ctx, wire.PathDevice, &d)
	return d, err
}

// Take asks for a ticket. Its key is the ticket's id: asked again, it is the same
// ticket and the same answer.
func (c *Client) Take(ctx context.Context, o ticket.OfficeID, t wire.TakeTicket) (wire.TakenTicket, error) {
	var a wire.TakenTicket
	err := c.post(ctx, wire.PathTickets(o), t.ID.String(), t, &a)
	return a, err
}

// Printed reports what became of a ticket's paper. The same report twice is one.
func (c *Client) Printed(ctx context.Context, o ticket.OfficeID, id ticket.ID, p wire.Printed) error {
	return c.post(ctx, wire.PathPrinted(o, id), keyOf("printed", id.String(), p), p, &wire.Accepted{})
}

// Spoken reports which announcements a board has made. The same report twice is one.
func (c *Client) Spoken(ctx context.Context, o ticket.OfficeID, s wire.Spoken) error {
	return c.post(ctx, wire.PathSpoken(o), keyOf("spoken", "", s), s, &wire.Accepted{})
}
