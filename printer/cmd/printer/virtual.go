package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"antrean/printer/port"
	"antrean/printer/virtual"
)

type virtualCmd struct {
	PTYLink string  `name:"pty-link" help:"Serve a pseudo-terminal, and make this symbolic link to it." type:"path" xor:"line" required:""`
	Listen  string  `help:"Serve TCP at this address; port 0 takes a free one." xor:"line" required:""`
	Baud    int     `default:"19200" help:"Pace of the line, also of TCP; 0 is as fast as it goes."`
	Width   int     `default:"80" enum:"58,80" help:"Of the paper in mm: 58 or 80."`
	Speed   float64 `default:"150" help:"Of the paper in mm a second; 0 takes no time."`
	Buffer  int     `default:"4096" help:"In bytes."`
	Flow    string  `default:"hold" enum:"hold,xonxoff,drop" help:"When the buffer is full: hold (RTS/CTS), xonxoff, drop."`
	Clone   bool    `help:"Lack what cheap printers lack: process id, automatic status, native QR."`
	Tear    bool    `help:"Have no cutter: a paper ends where three lines are fed."`
	Out     string  `help:"Folder for ticket-0001.png and .txt." type:"path"`
	Control bool    `help:"Read faults from the standard input, one a line; 'help' lists them."`
}

// event is a line of output. People get the same words without the braces.
type event struct {
	Event   string   `json:"event"` // ready, paper, error
	Address string   `json:"address,omitempty"`
	Device  string   `json:"device,omitempty"`
	Paper   int      `json:"paper,omitempty"`
	Torn    bool     `json:"torn,omitempty"`
	File    string   `json:"file,omitempty"`
	Links   []string `json:"links,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func (c *virtualCmd) Run(s *session) error {
	var mu sync.Mutex // papers come from the printer's goroutine
	say := func(e event, line string) {
		mu.Lock()
		defer mu.Unlock()
		_ = s.say(e, line) // nobody reads: it still prints
	}
	device, err := virtual.New(virtual.Config{
		Dots: map[int]int{58: 384, 80: 576}[c.Width], Baud: c.Baud, Speed: c.Speed, Buffer: c.Buffer,
		Flow:        map[string]virtual.Flow{"hold": virtual.Hold, "xonxoff": virtual.XONXOFF, "drop": virtual.Drop}[c.Flow],
		NoProcessID: c.Clone, NoAuto: c.Clone, NoQR: c.Clone, NoCutter: c.Tear, Out: c.Out,
		OnPaper: func(p virtual.Paper) {
			say(event{Event: "paper", Paper: p.N, Torn: p.Torn, File: p.File, Links: p.Links},
				fmt.Sprintf("paper %d %s", p.N, p.File))
		},
	})
	if err != nil {
		return err
	}
	defer func() { _ = device.Close() }()
	ready, err := c.serve(device)
	if err != nil {
		return err
	}
	say(ready, "device "+ready.Device+"\naddress "+ready.Address)
	if c.Control {
		// Reading cannot be interrupted: at the end of the process, this
		// goroutine is left behind with its line.
		go control(s, device, say)
	}
	<-s.ctx.Done()
	return nil
}

func (c *virtualCmd) serve(device *virtual.Printer) (event, error) {
	if c.Listen != "" {
		address, err := device.Listen(c.Listen)
		return event{Event: "ready", Device: address, Address: "tcp:" + address}, err
	}
	if err := os.MkdirAll(filepath.Dir(c.PTYLink), 0o755); err != nil {
		return event{}, err
	}
	path, err := device.ServePTY(c.PTYLink)
	flow := port.FlowNone
	if c.Flow == "xonxoff" {
		flow = port.FlowXONXOFF
	}
	a := port.Address{Scheme: port.Serial, Path: c.PTYLink, Baud: c.Baud, Flow: flow}
	if a.Baud == 0 {
		a.Baud = port.DefaultBaud
	}
	return event{Event: "ready", Device: path, Address: a.String()}, err
}

func control(s *session, device *virtual.Printer, say func(event, string)) {
	lines := bufio.NewScanner(s.in)
	for lines.Scan() {
		var err error
		switch line := lines.Text(); line {
		case "":
			continue
		case "help":
			err = errors.New(virtual.Commands)
		default:
			err = device.Control(line)
		}
		if err != nil {
			say(event{Event: "error", Error: err.Error()}, err.Error())
			continue
		}
		say(event{Event: "done"}, "done "+lines.Text())
	}
}
