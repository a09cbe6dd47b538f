package web

import (
	"net/http"
	"net/url"
	"slices"

	"antrean/shared/i18n"
)

const languageCookie = "lang"

// language chooses the language of an answer: the cookie of an earlier choice,
// else the browser's. A request with ?lang= is such a choice: it is kept in the
// cookie, answered by a redirect to the same page, and done is true.
func (s *site) language(w http.ResponseWriter, r *http.Request) (lang string, done bool) {
	q := r.URL.Query()
	if q.Has("lang") {
		if asked := q.Get("lang"); slices.Contains(i18n.Languages, asked) {
			http.SetCookie(w, &http.Cookie{
				Name: languageCookie, Value: asked, Path: "/",
				MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			})
		}
		q.Del("lang")
		// Only the query: the path stays, so that no text of the request can lead elsewhere.
		to := url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: q.Encode()}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
		return "", true
	}
	w.Header().Add("Vary", "Cookie, Accept-Language")
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(i18n.Languages, c.Value) {
		return c.Value, false
	}
	return i18n.Negotiate(r.Header.Get("Accept-Language")), false
}
