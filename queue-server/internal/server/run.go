package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/office"
)

// listen takes the address, and works out where phones may reach it.
func (s *Server) listen(ctx context.Context) (err error) {
	c := &s.config
	if c.Listen == "" {
		return nil
	}
	var lines net.ListenConfig
	if s.listener, err = lines.Listen(ctx, "tcp", c.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return fmt.Errorf("certificate: %w", err)
		}
		s.listener = tls.NewListener(s.listener, &tls.Config{
			Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12,
			NextProtos: []string{"http/1.1"}, // a WebSocket needs it
		})
	}
	if c.Public == "" {
		c.Public = publicAddress(ctx, s.listener.Addr(), c.TLS)
	}
	return nil
}

// Exposed reports whether the server listens beyond this machine on a line that
// others can read.
func (s *Server) Exposed() bool {
	if s.listener == nil || s.config.TLS {
		return false
	}
	a, err := netip.ParseAddrPort(s.Addr())
	return err != nil || !a.Addr().IsLoopback()
}

// Public is where phones reach the server for an office that does not say; empty:
// nowhere.
func (s *Server) Public() string { return s.config.Public }

// publicAddress is the server's address on the LAN: the one it listens on, or,
// where it listens on all of them, the one that leads out. Empty: this machine
// alone.
func publicAddress(ctx context.Context, at net.Addr, secure bool) string {
	a, err := netip.ParseAddrPort(at.String())
	if err != nil || a.Addr().IsLoopback() {
		return ""
	}
	host := a.Addr().Unmap().WithZone("")
	if host.IsUnspecified() {
		if host = lanAddress(ctx); !host.IsValid() {
			return ""
		}
	}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	return scheme + "://" + netip.AddrPortFrom(host, a.Port()).String()
}

// lanAddress is the IPv4 address of the interface with the way out, else of the
// first one that is up. No packet is sent: a UDP socket only picks its route.
func lanAddress(ctx context.Context) netip.Addr {
	var d net.Dialer
	if c, err := d.DialContext(ctx, "udp4", "192.0.2.1:9"); err == nil { // TEST-NET-1, RFC 5737
		a, err := netip.ParseAddrPort(c.LocalAddr().String())
		_ = c.Close()
		if err == nil && !a.Addr().IsLoopback() {
			return a.Addr()
		}
	}
	all, _ := net.InterfaceAddrs()
	for _, one := range all {
		if p, err := netip.ParsePrefix(one.String()); err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() && !p.Addr().IsLinkLocalUnicast() {
			return p.Addr()
		}
	}
	return netip.Addr{}
}

// Limits of one connection. A WebSocket has its own deadlines once it is one.
const (
	headerTime = 5 * time.Second
	readTime   = 15 * time.Second // of a whole request, 64 KB at most
	writeTime  = 30 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 16 << 10
	partTime   = 5 * time.Second // for requests in flight when the server ends
)

// Run is the server at work: the offices' writer, the address and the control
// socket. It returns when ctx ends and all is put away, or with the writer's error:
// office.ErrOutcomeUnknown means that the process must start again.
func (s *Server) Run(ctx context.Context) error {
	if s.ran {
		return errors.New("a server runs once")
	}
	s.ran = true
	windows, closeWindows := context.WithCancel(ctx)
	defer closeWindows()
	// The writer outlives the windows: what they still ask is answered.
	writing, stopWriting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWriting()

	writer := start(func() error { return again(s.Offices.Run(writing)) })
	serving := start(func() error { return s.serve(windows) })
	asked := start(func() error {
		if s.control == nil {
			<-windows.Done()
			return nil
		}
		return s.control.Serve(windows)
	})
	checking := start(func() error { s.verify(windows); return nil })
	var errs []error
	var written, served, controlled bool
	select {
	case err := <-writer:
		errs, written = append(errs, err), true
	case err := <-serving:
		errs, served = append(errs, err), true
	case err := <-asked:
		errs, controlled = append(errs, err), true
	case <-ctx.Done():
	}
	closeWindows()
	if !served {
		errs = append(errs, <-serving)
	}
	if !controlled {
		errs = append(errs, <-asked)
	}
	<-checking
	stopWriting()
	if !written {
		errs = append(errs, <-writer)
	}
	return errors.Join(errs...)
}

// again marks the writer's error that only a new process can clear.
func again(err error) error {
	if errors.Is(err, eventlog.ErrStopped) && !errors.Is(err, office.ErrOutcomeUnknown) {
		return fmt.Errorf("%w: %w", office.ErrOutcomeUnknown, err)
	}
	return err
}

// start runs f; its end is received once.
func start(f func() error) <-chan error {
	end := make(chan error, 1)
	go func() { end <- f() }()
	return end
}

// serve answers HTTP until ctx ends, and then lets requests in flight end.
func (s *Server) serve(ctx context.Context) error {
	defer s.api.Close() // sockets; http.Server knows nothing of them
	if s.listener == nil {
		<-ctx.Done()
		return nil
	}
	h := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerSize,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // a scanner's bad handshakes are no news
	}
	ended := start(func() error { return h.Serve(s.listener) })
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.api.Close()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), partTime)
	defer cancel()
	err := h.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests were still running at the end; they are cut")
		err = h.Close()
	}
	<-ended
	return err
}

// verifyAfter is how long a server works before it reads its logs again from the
// first record, so that the start is not slowed.
const verifyAfter = time.Minute

// verify checks every office's log once, beside the work. A load has checked only
// what comes after the snapshot.
func (s *Server) verify(ctx context.Context) {
	wait := time.NewTimer(verifyAfter)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return
	case <-wait.C:
	}
	for _, id := range s.events.Offices() {
		r, err := s.events.Check(ctx, id)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Error("a log is not as it was written; restore a backup, and see queue-server office check", "office", id, "err", err)
		default:
			s.log.Info("log checked", "office", id, "records", r.Records)
		}
	}
}
