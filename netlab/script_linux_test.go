package netlab

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"finwait/sim"

	"github.com/aymanbagabas/go-udiff"
)

var update = flag.Bool("update", false, "write what happened into testdata/scripts")

// A script is a file of steps, each behind "> ", and below each of them everything
// that it must do, and nothing else:
//
//	> client close
//	client close(3) = 0
//	client: FIN ACK seq 1 ack 1
//	server: ACK ack 2
//	1 client FIN_WAIT2, orphan, timewait timer
//	1 server CLOSE_WAIT, Recv-Q 1
//
// First what the programs did, end by end; then the segments, without those that
// the kernel is free to send or not (canonical); then what each end of each
// connection has become, if it is not what it was. No times, ports or pids.

// summary writes the steps of a lab as a script. It is a fold over its events.
type summary struct {
	ends map[string]ending
	syn  map[int]bool // the connections whose SYN was there
}

// ending is one end of a connection when a step has settled.
type ending struct {
	state        sim.State
	orphan       bool
	timer        string
	recvQ, sendQ int
}

func (e ending) String() string {
	text := e.state.String()
	if e.orphan {
		text += ", orphan"
	}
	timer := e.timer
	if e.state == sim.FinWait2 && e.orphan && timer == sim.TimerKeepalive {
		// The ACK of the FIN came while close had the socket still locked
		// (tcp_rcv_state_process, sock_owned_by_user): the same time, kept by
		// another timer.
		timer = sim.TimerTimewait
	}
	if timer != "" && timer != sim.TimerOff {
		text += ", " + timer + " timer"
	}
	if e.recvQ > 0 {
		text += fmt.Sprint(", Recv-Q ", e.recvQ)
	}
	if e.sendQ > 0 {
		text += fmt.Sprint(", Send-Q ", e.sendQ)
	}
	return text
}

// step returns what the events of one step tell.
func (s *summary) step(text string, events []sim.Event) string {
	lines := []string{"> " + text}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		for _, e := range events {
			if e.At == at {
				lines = append(lines, program(e)...)
			}
		}
	}
	for _, e := range canonical(segmentsOf(events)) {
		if e.Flags == sim.SYN {
			if s.syn[e.conn] { // repeated, in which step is a matter of time
				continue
			}
			s.syn[e.conn] = true
		}
		lines = append(lines, fmt.Sprintf("%s: %s", e.from, e.Segment))
	}
	lines = append(lines, s.changes(events)...)
	return hideNumbers(strings.Join(lines, "\n")) + "\n"
}

// program returns what an event tells of what a program did or met.
func program(e sim.Event) []string {
	switch e.Kind {
	case sim.KindReturn:
		return []string{fmt.Sprintf("%s %s = %s", e.At, e.Call, e.Result)}
	case sim.KindBlocked:
		return []string{fmt.Sprintf("%s %s blocks", e.At, e.Call)}
	case sim.KindSignal:
		return []string{fmt.Sprintf("%s %s %s", e.At, e.Signal, e.Action)}
	case sim.KindExit:
		return []string{fmt.Sprintf("%s exit status %d", e.At, e.Status)}
	case sim.KindStart:
		return []string{fmt.Sprintf("%s starts", e.At)}
	case sim.KindRefused:
		return []string{"refused: " + e.Text}
	}
	return nil
}

// changes returns what the ends of connections have become.
func (s *summary) changes(events []sim.Event) []string {
	before := map[string]ending{}
	var order []string
	for _, e := range events {
		name := strings.TrimSpace(fmt.Sprintf("%d %s", e.Conn, e.At))
		now, known := s.ends[name]
		switch e.Kind {
		case sim.KindState:
			now.state, now.orphan = e.To, e.Orphan
			if !e.To.Connected() {
				now = ending{state: e.To}
			}
		case sim.KindTimer:
			now.timer = e.Timer
		case sim.KindQueues:
			now.recvQ, now.sendQ = e.RecvQ, e.SendQ
		default:
			continue
		}
		if _, ok := before[name]; !ok {
			before[name] = s.ends[name]
			order = append(order, name)
		}
		if known || now != (ending{}) {
			s.ends[name] = now
		}
	}
	var lines []string
	slices.Sort(order)
	for _, name := range order {
		if s.ends[name] != before[name] {
			lines = append(lines, fmt.Sprint(strings.Replace(name, "0 ", "listening ", 1), " ", s.ends[name]))
		}
	}
	return lines
}

var numbers = regexp.MustCompile(`(127\.0\.0\.[12]:|process |fork\(\) = )\d+`)

// hideNumbers takes ports and pids out of a text.
func hideNumbers(text string) string { return numbers.ReplaceAllString(text, "${1}N") }

// scriptSteps returns the sentence a script begins with and its steps.
func scriptSteps(t *testing.T, file string) (head string, steps []string, text string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ = strings.Cut(string(src), "\n>")
	for _, line := range strings.Split(string(src), "\n") {
		if step, ok := strings.CutPrefix(line, "> "); ok {
			steps = append(steps, step)
		}
	}
	return strings.TrimSpace(head) + "\n", steps, string(src)
}

// nextPort hands out ports below those that the kernel does, so that two labs in
// one network never take each other's, even while neither listens. Another process
// with these tests begins elsewhere.
var nextPort atomic.Int32

func openOnOwnPort(t *testing.T, o Options) *Lab {
	t.Helper()
	const each = 256
	o.Port = 10000 + os.Getpid()%80*each + int(nextPort.Add(1))%each
	return openLab(t, o)
}

// The facts about the kernel that steps can express, on every kind of lab.
func TestScripts(t *testing.T) {
	openLab(t, Options{Host: HostMachine}) // skips everything where not even that works
	hosts := []struct {
		name string
		Options
		capture sim.Capture
	}{
		{"captured", Options{Host: HostMachine}, sim.Captured},
		{"private", Options{Host: HostPrivate}, sim.Captured},
		{"inferred", Options{Host: HostMachine, blind: true}, sim.Inferred},
	}
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, h := range hosts {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			probe := openOnOwnPort(t, h.Options)
			if probe.info.Capture != h.capture {
				t.Skipf("segments are %s here, not %s: %v", probe.info.Capture, h.capture, probe.net.host(sim.Client).CaptureErr)
			}
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
					t.Parallel()
					runScript(t, openOnOwnPort(t, h.Options), file, h.name == "captured")
				})
			}
		})
	}
}

func runScript(t *testing.T, l *Lab, file string, mayUpdate bool) {
	head, steps, want := scriptSteps(t, file)
	s := summary{ends: map[string]ending{}, syn: map[int]bool{}}
	var got strings.Builder
	got.WriteString(head)
	for i, text := range steps {
		events := play(t, l, i+1, text)
		// What was before the first step: the processes start.
		for len(events) > 0 && events[0].Step == 0 {
			events = events[1:]
		}
		got.WriteString("\n" + s.step(text, events))
	}
	if *update && mayUpdate {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got.String() != want {
		t.Errorf("%s: -want +got\n%s", file, udiff.Unified("want", "got", want, got.String()))
	}
}
