package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"syscall"
	"time"
)

// Client speaks to the server of one data folder.
type Client struct{ http *http.Client }

// Dial finds the server of a data folder. ErrNoServer: none answers, be it that
// there is no socket or that a dead server left one.
func Dial(ctx context.Context, data string) (*Client, error) {
	path := Path(data)
	var d net.Dialer
	first, err := d.DialContext(ctx, "unix", path)
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EINVAL):
		return nil, ErrNoServer // EINVAL: a path too long for a socket; the server could not make one either
	case err != nil && runtime.GOOS == "windows":
		return nil, ErrNoServer // other codes there; whoever opens the store next learns the truth
	case err != nil:
		return nil, fmt.Errorf("control socket: %w", err)
	}
	_ = first.Close() // it was only to see whether somebody listens
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "unix", path)
	}}
	return &Client{http: &http.Client{Transport: transport, Timeout: 5 * time.Minute}}, nil
}

// Close lets go of the connection.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do asks one operation. in and out are JSON; out may be nil. A refusal of the
// server is a *reason.Refusal here too; any other error has its text.
func (c *Client) Do(ctx context.Context, name string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+name, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	switch answer.StatusCode {
	case http.StatusOK:
		if out == nil {
			return nil
		}
		if err := json.Unmarshal(got, out); err != nil {
			return fmt.Errorf("read the server's answer: %w", err)
		}
		return nil
	case http.StatusNotFound:
		return ErrUnknown
	}
	var t trouble
	if err := json.Unmarshal(got, &t); err != nil || t == (trouble{}) {
		return fmt.Errorf("the server answers %s", answer.Status)
	}
	return t.asError()
}
