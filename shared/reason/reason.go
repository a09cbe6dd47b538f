// Package reason holds refusals: answers that say no and why. A refusal is not a
// fault. Its code is stable, travels on the wire and is translated for people;
// its kind decides the HTTP status.
package reason

import (
	"errors"
	"net/http"
)

// Kind groups refusals by what the asker can do about them.
type Kind uint8

const (
	Invalid       Kind = iota + 1 // the question cannot be read
	Unauthorized                  // who are you?
	Forbidden                     // not for you
	NotFound                      // no such thing
	Conflict                      // not possible now
	TooLarge                      // the body is over its limit
	Unprocessable                 // well-formed, but means nothing here, or not what this key said before
	TooMany                       // slower, please
	Unavailable                   // ask again, with the same key
	StorageFull                   // the disk is full; nothing was changed
	WrongMethod                   // this path is asked another way
	WrongMedia                    // the body is not of the type that is read here
)

var status = [...]int{
	Invalid: http.StatusBadRequest, Unauthorized: http.StatusUnauthorized, Forbidden: http.StatusForbidden,
	NotFound: http.StatusNotFound, Conflict: http.StatusConflict, TooLarge: http.StatusRequestEntityTooLarge,
	Unprocessable: http.StatusUnprocessableEntity, TooMany: http.StatusTooManyRequests,
	Unavailable: http.StatusServiceUnavailable, StorageFull: http.StatusInsufficientStorage,
	WrongMethod: http.StatusMethodNotAllowed, WrongMedia: http.StatusUnsupportedMediaType,
}

// Status is the kind's HTTP status code.
func (k Kind) Status() int {
	if k == 0 || int(k) >= len(status) {
		return http.StatusInternalServerError
	}
	return status[k]
}

// KindOf is the kind that an HTTP status stands for, 0 where none does.
func KindOf(code int) Kind {
	for k, s := range status {
		if s == code {
			return Kind(k)
		}
	}
	return 0
}

// Refusal is an error that is an answer. Two refusals are the same (errors.Is)
// when their codes are.
type Refusal struct {
	Kind Kind
	Code string            // snake_case; its text is "refusal.<code>" in the catalogue
	Args map[string]string // what the text mentions, such as the counter or the hour
}

// New makes a refusal, usually kept as a package's Err variable.
func New(k Kind, code string) *Refusal { return &Refusal{Kind: k, Code: code} }

func (r *Refusal) Error() string { return r.Code }

// Is compares codes, so that a refusal that crossed the network is still itself.
func (r *Refusal) Is(target error) bool {
	var t *Refusal
	return errors.As(target, &t) && t.Code == r.Code
}

// With returns a copy that carries one more argument for its text.
func (r *Refusal) With(name, value string) *Refusal {
	c := &Refusal{Kind: r.Kind, Code: r.Code, Args: map[string]string{name: value}}
	for k, v := range r.Args {
		if k != name {
			c.Args[k] = v
		}
	}
	return c
}

// Of finds the refusal in err's chain; ok is false for a fault.
func Of(err error) (r *Refusal, ok bool) {
	ok = errors.As(err, &r)
	return r, ok
}
