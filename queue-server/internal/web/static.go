package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// static serves the embedded files below "/static/{hash}/", one hash for all of
// them: modules import each other by relative path, and every file may be kept
// for ever.
type static struct {
	base  string // "/static/{hash}/"
	files map[string][]byte
}

func openStatic() (*static, error) {
	s := &static{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(staticFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := staticFiles.ReadFile(p)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(p, "static/")
		s.files[name] = b
		_, _ = fmt.Fprintf(sum, "%s %d\n", name, len(b)) // a hash never fails
		_, _ = sum.Write(b)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	s.base = "/static/" + hex.EncodeToString(sum.Sum(nil))[:16] + "/"
	return s, nil
}

func (s *static) url(name string) string { return s.base + name }

// ServeHTTP answers for the current hash with a file that may be kept, and for
// any other hash (an old page in a tab) with the current file, not to be kept.
func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
	b, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if r.URL.Path == s.base+name {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", contentType(name))
	if r.Method != http.MethodHead {
		_, _ = w.Write(b) // the reader may have gone
	}
}

// contentType does not ask the machine, whose registry may say text/plain for a script.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}
