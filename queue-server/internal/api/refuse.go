package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"antrean/shared/i18n"
	"antrean/shared/reason"
	"antrean/shared/wire"
)

// refuse is the only place of this package that turns an error into an answer. A
// fault is logged under an id, and the person gets the id and no more of it.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	lang := i18n.Negotiate(r.Header.Get("Accept-Language"))
	var p wire.Problem
	if refusal, ok := reason.Of(err); ok {
		p = problem(lang, refusal)
		a.hint(w.Header(), refusal)
	} else {
		if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
			return // whoever asked has gone
		}
		id := rand.Text()[:10]
		a.Log.ErrorContext(r.Context(), "request failed", "fault", id, "method", r.Method, "route", r.Pattern, "err", err)
		p = problem(lang, reason.New(0, "internal").With("fault", id))
	}
	body, err := json.Marshal(p)
	if err != nil {
		a.Log.ErrorContext(r.Context(), "encode a problem", "err", err)
	}
	w.Header().Set("Content-Type", wire.ProblemType)
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // the asker may have gone
}

// hint adds the headers that some refusals come with.
func (a *API) hint(h http.Header, r *reason.Refusal) {
	switch r.Kind {
	case reason.Unauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="antrean"`)
	case reason.TooMany:
		h.Set("Retry-After", secondsOf(r, "10"))
	case reason.Unavailable:
		h.Set("Retry-After", secondsOf(r, "1"))
	case reason.WrongMethod:
		h.Set("Allow", r.Args["method"])
	}
}

// secondsOf is how long the refusal says to wait.
func secondsOf(r *reason.Refusal, otherwise string) string {
	if s := r.Args["seconds"]; s != "" {
		return s
	}
	return otherwise
}

// problem is a refusal in a language. Its text sees the arguments, and a "closed"
// code in words.
func problem(lang string, r *reason.Refusal) wire.Problem {
	args := i18n.Args{}
	for k, v := range r.Args {
		args[k] = v
	}
	if code := r.Args["closed"]; code != "" {
		args["closed"] = i18n.Text(lang, "closed."+code)
	}
	return wire.Problem{
		Type: "urn:antrean:refusal:" + r.Code, Title: i18n.Text(lang, "refusal."+r.Code, args),
		Status: r.Kind.Status(), Code: r.Code, Args: r.Args,
	}
}

// answer writes v as JSON.
func answer(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the asker may have gone; the command is done all the same
	return nil
}
