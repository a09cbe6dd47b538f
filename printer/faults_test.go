package printer_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"antrean/printer"
	"antrean/printer/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick are waits that suit a device on the same machine.
func quick(profile string) printer.Config {
	return printer.Config{
		Profile: profile, AnswerWait: 700 * time.Millisecond,
		ConfirmWait: 2 * time.Second, StallWait: 600 * time.Millisecond,
	}
}

// patient are waits that only a printer which is truly silent outlasts, however
// busy the machine is.
func patient(profile string) printer.Config {
	return printer.Config{Profile: profile, AnswerWait: 5 * time.Second, ConfirmWait: 30 * time.Second}
}

// printWhile runs command on the device after the status was asked and before
// the first byte.
func (r *rig) printWhile(command string) printer.Outcome {
	return r.printer.Print(r.t.Context(), printer.Job{ID: "job", Ticket: ticket(), Progress: func(s printer.State) error {
		if s == printer.Sending && command != "" {
			return r.device.Control(command)
		}
		return nil
	}})
}

// fault is one thing that goes wrong with a ticket, and how it is put right.
type fault struct {
	name   string
	before string // command before the job
	during string // command when the status has been asked
	state  printer.State
	reason printer.Condition
	repair string
	papers int  // whole or torn, after the repair and before the next ticket
	late   bool // the repair confirms the ticket after all
}

var faultsOfAll = []fault{
	{"paper out before", "paper out", "", printer.Failed, printer.PaperOut, "paper in", 0, false},
	{"cover open before", "cover open", "", printer.Failed, printer.CoverOpen, "cover closed", 0, false},
	{"head broken before", "head broken", "", printer.Failed, printer.Broken, "head whole", 0, false},
	{"switched offline before", "offline on", "", printer.Failed, printer.Offline, "offline off", 0, false},
	{"mute before", "mute on", "", printer.Failed, printer.Silent, "mute off", 0, false},
	{"takes nothing before", "busy on", "", printer.Failed, printer.Silent, "busy off", 0, false},
	{"paper low", "paper low", "", printer.Confirmed, "", "paper full", 1, false},
	{"garbage on the line", "say ff37ff0037220012", "", printer.Confirmed, "", "mute off", 1, false},
	{"answers a little late", "late 150ms", "", printer.Confirmed, "", "late 0s", 1, false},
	{"paper out at the start", "", "paper out", printer.Unknown, printer.PaperOut, "paper in", 1, true},
	{"paper out within", "", "paper out after 8", printer.Unknown, printer.PaperOut, "paper in", 2, true},
	{"cover opened within", "", "cover open", printer.Unknown, printer.CoverOpen, "cover closed", 1, true},
	{"cutter jams", "", "cutter jam", printer.Unknown, printer.CutterJam, "cutter free", 1, true},
	{"mute within", "", "mute on", printer.Unknown, printer.Silent, "mute off", 1, false},
}

func TestEveryFaultOfThePrinterIsKnownOrCalledUnknown(t *testing.T) {
	for _, line := range []string{"none", "tcp"} {
		for _, f := range faultsOfAll {
			t.Run(line+" "+f.name, func(t *testing.T) {
				t.Parallel()
				f.play(t, line)
			})
		}
	}
}

func (f fault) play(t *testing.T, line string) {
	late := make(chan printer.Outcome, 1)
	cfg := quick("virtual80")
	cfg.Late = func(o printer.Outcome) { late <- o }
	r := newRig(t, line, virtual.Config{}, cfg)
	if first := r.status(); !first.Known() || first.Stops() {
		t.Fatalf("a new printer says %v", first)
	}
	if f.before != "" {
		r.tell(f.before)
	}
	out := r.printWhile(f.during)
	if out.State != f.state || out.Reason != f.reason {
		t.Fatalf("%s (%s), %v; want %s (%s)", out.State, out.Reason, out.Err, f.state, f.reason)
	}
	if sent := out.Bytes > 0; sent == (f.state == printer.Failed) || sent == out.FirstByte.IsZero() {
		t.Errorf("%s with %d bytes, the first at %v", out.State, out.Bytes, out.FirstByte)
	}

	r.tell(f.repair)
	repaired := time.Now()
	r.papers(f.papers)
	if f.late {
		select {
		case o := <-late:
			if o.Job != "job" || o.State != printer.Confirmed {
				t.Errorf("late outcome is %+v", o)
			}
		case <-time.After(5 * time.Second):
			t.Error("the rest came out, and nobody was told")
		}
	}
	if got := r.print(); got.State != printer.Confirmed {
		t.Fatalf("after %q: %s (%s), %v", f.repair, got.State, got.Reason, got.Err)
	}
	if d := time.Since(repaired); d > 2*time.Second {
		t.Errorf("usable again after %v", d)
	}
	papers := r.papers(f.papers + 1)
	if len(papers) != f.papers+1 {
		t.Errorf("%d papers, want %d", len(papers), f.papers+1)
	}
	if link, err := papers[f.papers].QR(); err != nil || link == "" {
		t.Errorf("the ticket after the fault is not whole: %v", err)
	}
}

func TestAVanishedPrinterLeavesTheTicketUnknownAndIsFoundAgain(t *testing.T) {
	for _, c := range []struct{ line, pull, push string }{
		{"none", "cable out", "cable in"},
		{"rtscts", "cable out", "cable in"},
		{"tcp", "cable out", "cable in"},
		{"tcp", "power off", "power on"},
		{"none", "power off", "power on"},
	} {
		t.Run(c.line+" "+c.pull, func(t *testing.T) {
			t.Parallel()
			// Slow paper: the device goes while the ticket is half printed.
			r := newRig(t, c.line, virtual.Config{Speed: 200}, quick("virtual80"))
			out := r.printer.Print(t.Context(), printer.Job{Ticket: ticket(), Progress: func(s printer.State) error {
				if s == printer.Sent {
					return r.device.Control(c.pull)
				}
				return nil
			}})
			if out.State != printer.Unknown {
				t.Fatalf("%s (%s), %v", out.State, out.Reason, out.Err)
			}
			if s := r.status(); s.Known() {
				t.Errorf("a vanished printer says %v", s.Conditions)
			}
			if again := r.print(); again.State != printer.Failed {
				t.Errorf("printed on nothing: %s", again.State)
			}
			r.tell(c.push)
			if again := r.print(); again.State != printer.Confirmed {
				t.Errorf("after %q: %s (%s), %v", c.push, again.State, again.Reason, again.Err)
			}
		})
	}
}

func TestAPrinterThatHasNeverAnsweredPrintsAndConfirmsNothing(t *testing.T) {
	r := newRig(t, "none", virtual.Config{}, quick("generic80"))
	r.tell("mute on")
	out := r.print()
	if out.State != printer.Unknown || out.Status.Has(printer.PaperOut) {
		t.Errorf("%s, %v: silence is no paper end and no confirmation", out.State, out.Status.Conditions)
	}
	r.papers(1)
}

func TestAnEarlierTicketsLateAnswerDoesNotConfirmTheNext(t *testing.T) {
	cfg := quick("generic80") // without process ids all answers look the same
	cfg.AnswerWait, cfg.ConfirmWait = time.Second, 400*time.Millisecond
	r := newRig(t, "none", virtual.Config{}, cfg)
	r.status()
	first := r.printWhile("late 600ms")
	if first.State != printer.Unknown {
		t.Fatalf("first ticket: %s", first.State)
	}
	second := r.printWhile("paper out")
	if second.State == printer.Confirmed {
		t.Error("the second ticket never left the buffer and is called confirmed")
	}
}

func TestACopySaysSalinanOnBothSidesOfTheNumber(t *testing.T) {
	r := newRig(t, "none", virtual.Config{}, patient("virtual80"))
	job := printer.Job{ID: "again", Ticket: ticket()}
	job.Ticket.Copy = true
	if out := r.printer.Print(t.Context(), job); out.State != printer.Confirmed {
		t.Fatalf("%s, %v", out.State, out.Err)
	}
	text := r.papers(1)[0].Text
	before, after, _ := strings.Cut(text, "A-001")
	if !strings.Contains(before, "SALINAN") || !strings.Contains(after, "SALINAN") {
		t.Errorf("paper says:\n%s", text)
	}
}

func TestTicketsInFlightTogetherComeOutWholeAndOnce(t *testing.T) {
	r := newRig(t, "none", virtual.Config{}, patient("virtual80"))
	const n = 12
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			tk := ticket()
			tk.Number = fmt.Sprintf("B-%03d", i)
			if out := r.printer.Print(t.Context(), printer.Job{ID: tk.Number, Ticket: tk}); out.State != printer.Confirmed {
				t.Errorf("%s: %s, %v", tk.Number, out.State, out.Err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, p := range r.papers(n) {
		if strings.Count(p.Text, "B-0") != 1 {
			t.Errorf("not one number on:\n%s", p.Text)
		}
		seen[p.Text] = true
	}
	if len(seen) != n {
		t.Errorf("%d different tickets, want %d", len(seen), n)
	}
}

func TestNothingIsSentOnceTheCallerHasGivenUp(t *testing.T) {
	r := newRig(t, "none", virtual.Config{}, quick("virtual80"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if out := r.printer.Print(ctx, printer.Job{Ticket: ticket()}); out.State != printer.Failed || out.Bytes != 0 {
		t.Errorf("%s with %d bytes", out.State, out.Bytes)
	}
}

func TestAJobThatCannotBeNotedAsSendingIsNotSent(t *testing.T) {
	r := newRig(t, "none", virtual.Config{}, quick("virtual80"))
	out := r.printer.Print(t.Context(), printer.Job{Ticket: ticket(), Progress: func(printer.State) error {
		return fmt.Errorf("disk full")
	}})
	if out.State != printer.Failed || out.Bytes != 0 {
		t.Errorf("%s with %d bytes", out.State, out.Bytes)
	}
}

func TestCloseIsQuickWhileATicketHangs(t *testing.T) {
	for _, line := range []string{"none", "rtscts", "xonxoff", "tcp"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			cfg := quick("virtual80")
			cfg.ConfirmWait = time.Minute
			r := newRig(t, line, virtual.Config{}, cfg)
			sent, ended := make(chan bool, 1), make(chan printer.Outcome, 1)
			go func() {
				ended <- r.printer.Print(t.Context(), printer.Job{Ticket: ticket(), Progress: func(s printer.State) error {
					if s == printer.Sending {
						return r.device.Control("mute on")
					}
					sent <- true
					return nil
				}})
			}()
			<-sent
			start := time.Now()
			_ = r.printer.Close()
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("Close took %v", d)
			}
			if out := <-ended; out.State != printer.Unknown {
				t.Errorf("state = %s", out.State)
			}
			if _, err := r.printer.Status(t.Context()); err == nil {
				t.Error("a closed printer answers")
			}
		})
	}
}

func TestAWrongAddressOrProfileIsRefusedAtOnceAndAMissingPrinterIsNot(t *testing.T) {
	for _, cfg := range []printer.Config{{Address: "lpt1"}, {Address: "tcp:"}, {Address: "file:/dev/null", Profile: "epson-lq"}} {
		if p, err := printer.Open(t.Context(), cfg); err == nil {
			_ = p.Close()
			t.Errorf("%+v was accepted", cfg)
		}
	}
	p, err := printer.Open(t.Context(), printer.Config{Address: "serial:/dev/serial/by-id/nobody"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	if s, err := p.Status(t.Context()); err != nil || s.Worst() != printer.Absent {
		t.Errorf("%v, %v", s, err)
	}
	if out := p.Print(t.Context(), printer.Job{Ticket: ticket()}); out.State != printer.Failed || out.Reason != printer.Absent {
		t.Errorf("%s (%s)", out.State, out.Reason)
	}
}
