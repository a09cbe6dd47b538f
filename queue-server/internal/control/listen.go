package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Operate answers one question; false: there is no operation of that name.
type Operate func(ctx context.Context, name string, in json.RawMessage) (out any, known bool, err error)

// Listener serves one data folder's socket.
type Listener struct {
	path string
	net  net.Listener
	http *http.Server
}

// Listen opens the socket of a data folder. The caller holds the folder (its store
// is open), so a socket that lies there is a dead server's and is replaced.
func Listen(data string, operate Operate, log *slog.Logger) (*Listener, error) {
	l := &Listener{path: Path(data)}
	var err error
	if l.net, err = listen(data, l.path); err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l.http = &http.Server{
		Handler:           handler(operate),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return l, nil
}

// listen makes the socket in a folder that nobody else may enter, so that there is
// no moment in which others could connect, and then moves it to its place.
func listen(data, path string) (net.Listener, error) {
	if runtime.GOOS == "windows" { // no modes there, and a socket cannot be moved
		_ = os.Remove(path)
		return net.Listen("unix", path)
	}
	private := filepath.Join(data, ".ctl")
	if err := os.RemoveAll(private); err != nil {
		return nil, err
	}
	if err := os.Mkdir(private, 0o700); err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(private) }()
	at := filepath.Join(private, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: at, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // it will not be there; Serve removes it
	if err := errors.Join(os.Chmod(at, 0o600), os.Rename(at, path)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Serve answers until ctx ends; what is being answered then gets a moment to end.
// It removes the socket.
func (l *Listener) Serve(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- l.http.Serve(l.net) }()
	select {
	case err := <-ended:
		_ = os.Remove(l.path)
		return fmt.Errorf("control socket: %w", err)
	case <-ctx.Done():
	}
	_ = os.Remove(l.path)
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := l.http.Shutdown(patience)
	if err != nil {
		err = errors.Join(err, l.http.Close())
	}
	<-ended
	return err
}

// Close gives up a socket that was never served.
func (l *Listener) Close() error {
	_ = os.Remove(l.path)
	return errors.Join(l.http.Close(), ignoreClosed(l.net.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func handler(operate Operate) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{name}", func(w http.ResponseWriter, r *http.Request) {
		in, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			say(w, http.StatusRequestEntityTooLarge, troubleOf(err))
			return
		}
		out, known, err := operate(r.Context(), r.PathValue("name"), in)
		switch {
		case !known:
			w.WriteHeader(http.StatusNotFound)
		case err != nil:
			say(w, http.StatusUnprocessableEntity, troubleOf(err))
		default:
			body, err := encode(out)
			if err != nil {
				say(w, http.StatusUnprocessableEntity, troubleOf(err))
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(body) // whoever asked may have gone
		}
	})
	return mux
}

func say(w http.ResponseWriter, status int, t trouble) {
	body, _ := json.Marshal(t) // texts alone: cannot fail
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
