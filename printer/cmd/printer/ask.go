package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"antrean/printer"
	"antrean/printer/port"
)

type listCmd struct {
	Probe bool `help:"Ask each for its model (a port that is no printer's gets some bytes too)."`
}

func (c *listCmd) Run(s *session) error {
	ports := port.List()
	for _, p := range ports {
		line := fmt.Sprintf("%-50s %s", p.Name, p.Product)
		found := struct {
			port.Candidate
			Finding *printer.Finding `json:"finding,omitempty"`
			Error   string           `json:"error,omitempty"`
		}{Candidate: p}
		if c.Probe {
			f, err := printer.Probe(s.ctx, p.Name, "", 300*time.Millisecond)
			switch {
			case err != nil:
				found.Error = err.Error()
				line += "  " + err.Error()
			case !f.Answers:
				line += "  silent"
				found.Finding = &f
			default:
				line += fmt.Sprintf("  %s %s: %s", f.Maker, f.Model, f.Status.Worst())
				found.Finding = &f
			}
		}
		if err := s.say(found, line); err != nil {
			return err
		}
	}
	if len(ports) == 0 && !s.json {
		return s.say(nil, "no serial port or USB printer found; a network printer is named by hand")
	}
	return nil
}

type probeCmd struct {
	Port string        `required:"" help:"Port of the printer."`
	Base string        `help:"Profile to take from what cannot be asked for: width, code page, cut."`
	Wait time.Duration `default:"500ms" help:"For each answer."`
	Save string        `help:"Write the profile to this TOML file." type:"path"`
}

func (c *probeCmd) Run(s *session) error {
	f, err := printer.Probe(s.ctx, c.Port, c.Base, c.Wait)
	if err != nil {
		return err
	}
	if err := s.say(f, describe(f)); err != nil {
		return err
	}
	if c.Save == "" {
		return nil
	}
	file, err := os.Create(c.Save)
	if err != nil {
		return err
	}
	return errors.Join(f.Profile.WriteTOML(file), file.Close())
}

func describe(f printer.Finding) string {
	yes := map[bool]string{true: "yes", false: "no"}
	rows := [][2]string{
		{"answers", yes[f.Answers]},
		{"state", words(f.Status)},
	}
	if f.Answers {
		rows = append(rows,
			[2]string{"maker, model", strings.TrimSpace(f.Maker + " " + f.Model + " " + f.Firmware)},
			[2]string{"draws QR by itself", yes[f.NativeQR]},
			[2]string{"confirms by process id", yes[f.ProcessID]},
			[2]string{"confirms by paper status", yes[f.InOrder]},
			[2]string{"automatic status", yes[f.Automatic]},
			[2]string{"clears its buffers", yes[f.Clear]},
		)
	}
	rows = append(rows, [2]string{"profile", fmt.Sprintf("%s, %d dots, %d columns, %s",
		f.Profile.Name, f.Profile.Dots, f.Profile.Columns(), f.Profile.CodePage)})
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%-26s%s\n", r[0], r[1])
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// words are the conditions, worst first.
func words(st printer.Status) string {
	names := make([]string, 0, len(st.Conditions))
	for _, c := range st.Conditions {
		names = append(names, string(c))
	}
	line := strings.Join(names, ", ")
	if line == "" {
		line = string(printer.Ready)
	}
	if st.Detail != "" {
		line += " (" + st.Detail + ")"
	}
	return line
}

type statusCmd struct {
	Port    string        `required:"" help:"Port of the printer."`
	Profile string        `default:"generic80" help:"A built-in profile, or a .toml file."`
	Watch   bool          `help:"Say it again whenever it changes, until interrupted."`
	Every   time.Duration `default:"1s" help:"How often to ask, with --watch."`
}

func (c *statusCmd) Run(s *session) error {
	p, err := printer.Open(s.ctx, printer.Config{Address: c.Port, Profile: c.Profile})
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }()
	var last printer.Status
	for first := true; ; first = false {
		st, err := p.Status(s.ctx)
		if err != nil {
			return ended(s.ctx, err)
		}
		if first || !slices.Equal(st.Conditions, last.Conditions) {
			if err := s.say(st, st.At.Format(time.TimeOnly)+"  "+words(st)); err != nil {
				return err
			}
		}
		if last = st; !c.Watch {
			break
		}
		if !pause(s.ctx, c.Every) {
			return nil
		}
	}
	if last.Stops() || last.Has(printer.Silent) {
		return errReported
	}
	return nil
}

// pause reports whether d passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ended: an interrupt is no failure.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

type testCmd struct {
	Port    string `required:"" help:"Port of the printer."`
	Profile string `default:"generic80" help:"A built-in profile, or a .toml file."`
	Link    string `default:"https://antrean.example/t/tes/AAAAAAAAAAAAAAAAAAAAAA" help:"For the QR code; empty prints none."`
	Copy    bool   `help:"Mark it SALINAN."`
}

func (c *testCmd) Run(s *session) error {
	p, err := printer.Open(s.ctx, printer.Config{Address: c.Port, Profile: c.Profile})
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }()
	out := p.Print(s.ctx, printer.Job{ID: "test", Ticket: printer.Ticket{
		Office:  "TES CETAK",
		Agency:  c.Port,
		Service: "Profil " + c.Profile,
		Number:  "A-000",
		Time:    time.Now().Format("02/01/2006 15.04"),
		Labels:  printer.Labels{Number: "Bukan nomor antrean", Link: "Kode QR harus dapat dipindai"},
		Lines:   []string{"Huruf: é è ü ñ ç. Tanda: ! # % & ( ) + / = ? @", strings.Repeat("1234567890", 5)},
		Link:    c.Link,
		Footer:  []string{"Kertas ini boleh dibuang."},
		Copy:    c.Copy,
	}})
	if err := s.say(out, explain(out)); err != nil {
		return err
	}
	if out.State != printer.Confirmed {
		return errReported
	}
	return nil
}

func explain(o printer.Outcome) string {
	line := string(o.State)
	if o.Reason != "" {
		line += ": " + string(o.Reason)
	}
	if o.Err != nil {
		line += " (" + o.Err.Error() + ")"
	}
	since := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Sub(o.Started).Round(100 * time.Microsecond).String()
	}
	return fmt.Sprintf("%s\n%d bytes; first byte after %s, last %s, confirmed %s",
		line, o.Bytes, since(o.FirstByte), since(o.LastByte), since(o.Confirmed))
}
