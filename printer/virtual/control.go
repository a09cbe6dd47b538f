package virtual

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Commands is what Control understands, one a line.
const Commands = `paper out | paper out after LINES | paper in | paper low | paper full
cover open | cover closed
cutter jam | cutter free     (the jam strikes at the next cut)
head hot | head cool
head broken | head whole
offline on | offline off     (by a switch on its panel)
mute on | mute off
late DURATION                (answers; 0s ends it)
busy on | busy off           (takes no bytes)
drop on | drop off           (loses what its buffer does not hold)
power off | power on
cable out | cable in
say HEX                      (sends these bytes, garbage for example)`

// Control changes the printer while it runs, by one line of Commands.
func (p *Printer) Control(line string) error {
	words := strings.Fields(line)
	if len(words) < 2 {
		return unknownCommand(line)
	}
	switch words[0] {
	case "power", "cable":
		return p.plug(words[0], words[1])
	case "say":
		b, err := hex.DecodeString(strings.Join(words[1:], ""))
		if err != nil {
			return fmt.Errorf("say: %w", err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.say(b)
		return nil
	}
	torn, err := p.set(words, line)
	p.handOut(torn)
	return err
}

func unknownCommand(line string) error {
	return fmt.Errorf("unknown command %q; these are known:\n%s", line, Commands)
}

// set changes a fault. With the new roll, what is printed on the rest of the
// old one is torn off.
func (p *Printer) set(words []string, line string) (torn *Paper, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.announce()
	f := &p.faults
	switch strings.Join(words, " ") {
	case "paper out":
		f.paperOut = true
	case "paper in":
		if f.paperOut {
			torn = p.finish(true)
		}
		f.paperOut, f.paperLow, f.outAfter = false, false, 0
	case "paper low":
		f.paperLow = true
	case "paper full":
		f.paperLow = false
	case "cover open", "cover closed":
		f.cover = words[1] == "open"
	case "cutter jam":
		p.head.jam = true
	case "cutter free":
		p.head.jam, f.cutter = false, false
	case "head hot", "head cool":
		f.hot = words[1] == "hot"
	case "head broken", "head whole":
		f.broken = words[1] == "broken"
	case "offline on", "offline off":
		f.offline = words[1] == "on"
	case "mute on", "mute off":
		f.mute = words[1] == "on"
	case "busy on", "busy off":
		f.busy = words[1] == "on"
	case "drop on":
		p.cfg.Flow = Drop
	case "drop off":
		p.cfg.Flow = Hold
	default:
		return nil, p.setNumber(words, line)
	}
	return torn, nil
}

// setNumber takes the commands that have an argument. The caller holds mu.
func (p *Printer) setNumber(words []string, line string) error {
	switch {
	case words[0] == "late" && len(words) == 2:
		d, err := time.ParseDuration(words[1])
		if err != nil || d < 0 {
			return fmt.Errorf("late: want a duration such as 700ms, not %q", words[1])
		}
		p.faults.late = d
	case len(words) == 4 && strings.Join(words[:3], " ") == "paper out after":
		n, err := strconv.Atoi(words[3])
		if err != nil || n < 1 {
			return fmt.Errorf("paper out after: want lines, not %q", words[3])
		}
		p.faults.outAfter = n * defaultSpacing
	default:
		return unknownCommand(line)
	}
	return nil
}

// plug pulls or pushes. Without power, a serial line stays and leads nowhere;
// a network printer is not there. What is in the buffer is lost.
func (p *Printer) plug(what, how string) error {
	in := how == "in" || how == "on"
	if known := map[string]string{"power": "on off", "cable": "in out"}[what]; !strings.Contains(" "+known+" ", " "+how+" ") {
		return unknownCommand(what + " " + how)
	}
	p.mu.Lock()
	plugs := append([]plug(nil), p.plugs...)
	if what == "power" {
		p.faults.off = !in
		p.clear()
		p.detector, p.auto, p.spoken = detector{}, false, nil
		p.moved.Broadcast()
	}
	p.mu.Unlock()
	for _, c := range plugs {
		if _, serial := c.(*cable); serial && what == "power" {
			continue
		}
		if !in {
			c.pull()
		} else if err := c.push(); err != nil {
			return err
		}
	}
	return nil
}
