package virtual

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// receive takes what comes over one connection, at the line's pace, until the
// connection ends.
func (p *Printer) receive(r io.Reader) {
	buf := make([]byte, 512)
	if p.cfg.Baud > 0 {
		buf = buf[:min(max(p.cfg.Baud/10/200, 1), len(buf))] // five milliseconds' worth
	}
	due := time.Now()
	for {
		if !p.ready() {
			return
		}
		asked := time.Now()
		n, err := r.Read(buf)
		if n > 0 && p.cfg.Baud > 0 {
			// Bytes that were waiting have been on the line since the last
			// ones, however late the machine is; others set out just now.
			if now := time.Now(); now.Sub(asked) > time.Millisecond && due.Before(now) {
				due = now
			}
			due = due.Add(time.Duration(n) * 10 * time.Second / time.Duration(p.cfg.Baud))
			p.sleep(time.Until(due))
		}
		p.take(buf[:n])
		if err != nil {
			return
		}
	}
}

// ready waits while the printer holds its host off. It reports false when the
// printer is closed.
func (p *Printer) ready() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.ctx.Err() == nil && (p.faults.busy || (p.cfg.Flow == Hold && p.room() <= 0)) {
		p.moved.Wait()
	}
	return p.ctx.Err() == nil
}

// room is how many bytes the buffer still takes. The caller holds mu.
func (p *Printer) room() int { return p.cfg.Buffer - p.held - len(p.parser.pending) }

// take puts bytes into the buffer, and obeys at once what is to be obeyed at
// once.
func (p *Printer) take(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.off {
		return
	}
	for _, c := range b {
		question, clear := p.detector.write(c)
		if question > 0 {
			p.say([]byte{p.faults.realtime(question)})
		}
		if clear {
			p.clear()
			p.say([]byte{0x37, 0x25, 0})
			continue
		}
		if p.room() <= 0 && p.cfg.Flow != Hold {
			continue // lost
		}
		p.parser.write([]byte{c}, p.enqueue)
	}
	if p.cfg.Flow == XONXOFF && !p.xoff && p.room() < p.cfg.Buffer/4 {
		p.xoff = true
		p.say([]byte{0x13})
	}
	p.moved.Broadcast()
}

// enqueue: what changes nothing takes no room. The caller holds mu.
func (p *Printer) enqueue(o op) {
	if o.kind == none {
		return
	}
	p.held += o.size
	p.queue = append(p.queue, o)
}

// clear forgets all that is not on paper. The caller holds mu.
func (p *Printer) clear() {
	p.parser, p.queue, p.held = parser{}, nil, 0
	p.head.reset()
}

// connect makes w the line that answers go to.
func (p *Printer) connect(w io.Writer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wire = w
}

// Listen serves TCP, one host at a time as network printers do, and gives the
// address that it got.
func (p *Printer) Listen(address string) (string, error) {
	s := &socket{p: p, address: address}
	if err := s.push(); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plugs = append(p.plugs, s)
	return s.address, nil
}

// socket is the network plug.
type socket struct {
	p       *Printer
	address string

	mu       sync.Mutex
	listener net.Listener
	conn     net.Conn
	served   chan struct{}
}

func (s *socket) push() error {
	s.mu.Lock()
	plugged := s.listener != nil
	s.mu.Unlock()
	if plugged {
		return nil
	}
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("virtual printer: %w", err)
	}
	s.mu.Lock()
	s.listener, s.address, s.served = l, l.Addr().String(), make(chan struct{})
	s.mu.Unlock()
	s.p.run(func() { s.serve(l) })
	return nil
}

func (s *socket) serve(l net.Listener) {
	defer close(s.served)
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.listener != l { // pulled meanwhile
			s.mu.Unlock()
			_ = conn.Close()
			return
		}
		s.conn = conn
		s.mu.Unlock()
		s.p.connect(conn)
		s.p.receive(conn)
		s.p.disconnect()
		_ = conn.Close()
	}
}

// disconnect: a network printer forgets automatic status with its host.
func (p *Printer) disconnect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wire, p.auto, p.spoken = nil, false, nil
}

func (s *socket) pull() {
	s.mu.Lock()
	l, conn := s.listener, s.conn
	s.listener, s.conn = nil, nil
	s.mu.Unlock()
	if l == nil {
		return
	}
	_ = l.Close()
	if conn != nil {
		_ = conn.Close()
	}
	<-s.served
}

// ServePTY serves a new pseudo-terminal and gives its path. link, unless
// empty, becomes a symbolic link to it, also after the cable was out and in:
// it stands for the stable name of a device.
func (p *Printer) ServePTY(link string) (string, error) {
	c := &cable{p: p, link: link}
	if err := c.push(); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plugs = append(p.plugs, c)
	return c.path, nil
}

// cable is the serial plug.
type cable struct {
	p    *Printer
	link string
	path string

	mu     sync.Mutex
	master *os.File
	slave  io.Closer // kept open, so that the terminal outlives its hosts
	served chan struct{}
}

func (c *cable) push() error {
	c.mu.Lock()
	plugged := c.master != nil
	c.mu.Unlock()
	if plugged {
		return nil
	}
	master, slave, path, err := openPTY()
	if err != nil {
		return fmt.Errorf("virtual printer: %w", err)
	}
	if c.link != "" {
		if err := point(c.link, path); err != nil {
			return errors.Join(fmt.Errorf("virtual printer: %w", err), master.Close(), slave.Close())
		}
	}
	c.mu.Lock()
	c.master, c.slave, c.path, c.served = master, slave, path, make(chan struct{})
	served := c.served
	c.mu.Unlock()
	c.p.connect(master)
	c.p.run(func() {
		defer close(served)
		c.p.receive(master)
	})
	return nil
}

func (c *cable) pull() {
	c.mu.Lock()
	master, slave := c.master, c.slave
	c.master, c.slave = nil, nil
	c.mu.Unlock()
	if master == nil {
		return
	}
	c.p.connect(nil)
	if c.link != "" {
		_ = os.Remove(c.link)
	}
	_ = slave.Close()
	_ = master.Close()
	<-c.served
}

// point makes link point to path in one step.
func point(link, path string) error {
	info, err := os.Lstat(link)
	if err == nil && info.Mode()&os.ModeSymlink == 0 {
		return fmt.Errorf("%s exists and is no symbolic link", link)
	}
	temp := filepath.Join(filepath.Dir(link), "."+filepath.Base(link)+".new")
	_ = os.Remove(temp)
	if err := os.Symlink(path, temp); err != nil {
		return err
	}
	return os.Rename(temp, link)
}
