package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"antrean/shared/reason"
	"antrean/shared/wire"
)

// maxAnswer bounds what is read of an answer or a frame, in bytes.
const maxAnswer = 8 << 20

// keyOf is the idempotency key of a report: it follows from what is reported.
func keyOf(what, id string, body any) string {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // wire's types always encode
	}
	sum := sha256.Sum256(append([]byte(id+"\n"), b...))
	return what + "-" + hex.EncodeToString(sum[:16])
}

func (c *Client) get(ctx context.Context, path string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return err
	}
	return c.do(req, answer)
}

func (c *Client) post(ctx context.Context, path, key string, body, answer any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderKey, key)
	req.Header.Set(wire.HeaderAsked, time.Now().Format(time.RFC3339Nano))
	return c.do(req, answer)
}

// sign puts on a request who asks.
func (c *Client) sign(h http.Header) {
	if c.token != "" {
		h.Set("Authorization", "Bearer "+c.token)
	}
	if c.language != "" {
		h.Set("Accept-Language", c.language)
	}
}

func (c *Client) do(req *http.Request, answer any) error {
	c.sign(req.Header)
	req.Header.Set("Accept", "application/json, "+wire.ProblemType)
	res, err := c.http.Do(req)
	if err != nil {
		return noAnswer(req.Context(), err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return saysNo(res)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(answer); err != nil {
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			return fmt.Errorf("answer of %s: %w", req.URL.Path, err)
		}
		if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
			return fmt.Errorf("answer of %s: %w", req.URL.Path, err)
		}
		return noAnswer(req.Context(), err) // the line broke in the middle of it
	}
	return nil
}

// noAnswer is ErrOffline, except where the asker itself gave up.
func noAnswer(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", ErrOffline, err)
}

// saysNo turns an answer other than 2xx into the refusal that it carries, or into a
// fault. The server's text is left behind: each program has its own of each code.
func saysNo(res *http.Response) error {
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	var p wire.Problem
	if media == wire.ProblemType {
		// A problem that cannot be read is a fault like any other: Code stays empty.
		_ = json.NewDecoder(io.LimitReader(res.Body, wire.MaxBody)).Decode(&p)
	}
	kind := reason.KindOf(res.StatusCode)
	if p.Code == "" || kind == 0 {
		return fmt.Errorf("the server answered %s %s", res.Status, p.Code)
	}
	return &reason.Refusal{Kind: kind, Code: p.Code, Args: p.Args}
}
