// Package control is how the command line speaks to a server that runs: HTTP and
// JSON over DIR/control.sock, which only the account that runs the server may open.
// It carries questions and answers and knows none of them.
package control

import (
	"encoding/json"
	"errors"
	"path/filepath"

	"antrean/shared/reason"
)

// Socket is the socket's name in a data folder.
const Socket = "control.sock"

// Path is where the socket of a data folder is.
func Path(data string) string { return filepath.Join(data, Socket) }

// Limits of one question or answer, in bytes: an office file and its wrapping.
const maxBody = 4 << 20

var (
	// ErrNoServer says that no server answers for a data folder.
	ErrNoServer = errors.New("no server runs on this folder")
	// ErrUnknown says that the server does not know an operation: it is older, or
	// newer, than who asks.
	ErrUnknown = errors.New("the running server does not know this command: it is another version")
)

// trouble is an error on its way through the socket.
type trouble struct {
	Refusal *refusal `json:"refusal,omitempty"`
	Fault   string   `json:"fault,omitempty"`
}

type refusal struct {
	Kind reason.Kind       `json:"kind"`
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

func troubleOf(err error) trouble {
	if r, ok := reason.Of(err); ok {
		return trouble{Refusal: &refusal{Kind: r.Kind, Code: r.Code, Args: r.Args}}
	}
	return trouble{Fault: err.Error()}
}

// asError restores what troubleOf took apart.
func (t trouble) asError() error {
	if t.Refusal != nil {
		return &reason.Refusal{Kind: t.Refusal.Kind, Code: t.Refusal.Code, Args: t.Refusal.Args}
	}
	return errors.New(t.Fault)
}

// encode is an answer's JSON; a nil answer is null.
func encode(v any) (json.RawMessage, error) { return json.Marshal(v) }
