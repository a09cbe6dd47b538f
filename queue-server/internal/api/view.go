package api

import (
	"net/http"
	"unicode/utf8"

	"antrean/shared/i18n"
	"antrean/shared/wire"
)

func (a *API) health(c *call) error { return answer(c.w, wire.Health{OK: true, Version: a.Version}) }

func (a *API) openapi(c *call) error {
	c.w.Header().Set("Content-Type", "application/yaml")
	c.w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = c.w.Write(wire.OpenAPI)
	return nil
}

// view is one topic's frame, once: for a page's first sight and for partners that
// would rather ask than watch.
func (a *API) view(c *call) error {
	topic := c.who.topic(c.r.PathValue("topic"))
	if !c.who.mayWatch(topic) {
		return ErrTopic.With("topic", short(topic))
	}
	return a.frame(c, topic)
}

func (a *API) visit(c *call) error { return a.frame(c, wire.TopicTicket(c.who.visit)) }

func (a *API) frame(c *call, topic string) error {
	f, err := a.Office.Frame(c.r.Context(), c.office, topic)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(f.JSON) // the asker may have gone
	}
	return nil
}

// story tells a ticket's story in the language of the request.
func (a *API) story(c *call) error {
	q := c.r.URL.Query()
	for _, name := range []string{"number", "day"} {
		if v := q.Get(name); !utf8.ValidString(v) || utf8.RuneCountInString(v) > wire.MaxText {
			return ErrTextTooLong.With("field", name)
		}
	}
	if err := required("number", q.Get("number")); err != nil {
		return err
	}
	lang := i18n.Negotiate(c.r.Header.Get("Accept-Language"))
	told, err := a.Story.Tell(c.r.Context(), c.office, q.Get("number"), q.Get("day"), lang)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Language", lang)
	return answer(c.w, told)
}
