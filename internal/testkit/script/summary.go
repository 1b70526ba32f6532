package script

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// Summary writes the steps of a lab as a script. It is a fold over its events. The zero
// value is ready.
type Summary struct {
	ends map[string]endState
	syn  map[string]bool // the ends that have sent a SYN
	// repeats are retransmissions since the last step that waited. Only time decides in
	// which step they are sent, so they belong to the next one that waits.
	repeats []sim.SentSegment
	procs   []int // the processes in the order of their first events
}

// endState is one end of a connection when a step has settled.
type endState struct {
	state        sim.State
	orphan       bool
	timer        string
	recvQ, sendQ int
}

func (e endState) String() string {
	text := e.state.String()
	if e.orphan {
		text += ", orphan"
	}
	timer := e.timer
	if e.state == sim.FinWait2 && e.orphan && timer == sim.TimerKeepalive {
		// The ACK of the FIN came while close had the socket still locked
		// (tcp_rcv_state_process, sock_owned_by_user): the same time, kept by
		// another timer. Only the end differs: that one sends a reset.
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

// Step returns the lines of one step: its text and what its events tell.
func (s *Summary) Step(text string, events []sim.Event) string {
	if s.ends == nil {
		s.ends, s.syn = map[string]endState{}, map[string]bool{}
	}
	lines := []string{"> " + text}
	for _, e := range s.byProcess(events) {
		lines = append(lines, programLines(e)...)
	}
	for _, e := range sim.Canonical(s.deferRepeats(text, Segments(events))) {
		if e.Flags == sim.SYN && !e.Resent {
			if s.syn[sender(e)] { // only time decides in which step a SYN is repeated
				continue
			}
			s.syn[sender(e)] = true
		}
		if e.Len >= largestShown {
			e.Flags &^= sim.PSH
		}
		if onlySize(e) && !strings.HasPrefix(text, string(sim.VerbWait)) {
			continue
		}
		lines = append(lines, hideSizes(fmt.Sprintf("%s: %s%s", e.From, e.Segment, repeatMark(e))))
	}
	lines = append(lines, s.endChanges(events)...)
	return hideNumbers(strings.Join(lines, "\n")) + "\n"
}

// byProcess returns the events of processes, those of the client first, and of two
// processes at one end those of the older one first: which of two processes is faster is a
// race.
func (s *Summary) byProcess(events []sim.Event) []sim.Event {
	var list []sim.Event
	for _, e := range events {
		if programLines(e) == nil {
			continue
		}
		list = append(list, e)
		if e.PID() != 0 && !slices.Contains(s.procs, e.PID()) {
			s.procs = append(s.procs, e.PID())
		}
	}
	slices.SortStableFunc(list, func(a, b sim.Event) int {
		return cmp.Or(cmp.Compare(a.At, b.At), slices.Index(s.procs, a.PID())-slices.Index(s.procs, b.PID()))
	})
	return list
}

// deferRepeats moves retransmissions to the next step that waits. From such a step it
// removes segments that only tell the sizes of buffers, except the answers to probes.
func (s *Summary) deferRepeats(step string, list []sim.SentSegment) []sim.SentSegment {
	var now, later []sim.SentSegment
	for _, e := range list {
		if e.Resent {
			later = append(later, e)
		} else {
			now = append(now, e)
		}
	}
	if !strings.HasPrefix(step, string(sim.VerbWait)) {
		s.repeats = append(s.repeats, later...)
		return now
	}
	list, s.repeats = append(s.repeats, list...), nil
	probed := map[sim.End]bool{}
	return slices.DeleteFunc(list, func(e sim.SentSegment) bool {
		probed[e.From] = probed[e.From] || pureACK(e)
		return onlySize(e) && (e.Len > 0 || !probed[e.From.Peer()])
	})
}

// Segments returns the segments among events, each once, where it was sent.
func Segments(events []sim.Event) []sim.SentSegment {
	var list []sim.SentSegment
	for _, e := range events {
		if e.Kind() == sim.KindSegment && e.Segment().Sent() {
			list = append(list, sim.SentSegment{Conn: e.Conn(), From: e.At, Segment: e.Segment()})
		}
	}
	return list
}

// sender names the connection and the end that sent a segment.
func sender(s sim.SentSegment) string { return fmt.Sprint(s.Conn, s.From) }

// pureACK reports whether a segment only acknowledges.
func pureACK(s sim.SentSegment) bool { return s.Flags == sim.ACK && s.Len == 0 }

// repeatMark returns what follows a segment whose sequence numbers were sent before.
func repeatMark(s sim.SentSegment) string {
	if s.Resent {
		return ", again"
	}
	return ""
}

// programLines returns the lines about what a program did, or what happened to it.
func programLines(e sim.Event) []string {
	switch b := e.Body.(type) {
	case sim.CallReturned:
		return []string{fmt.Sprintf("%s %s = %s", e.At, b.Call, resultText(e))}
	case sim.CallBlocked:
		return []string{fmt.Sprintf("%s %s blocks", e.At, b.Call)}
	case sim.SignalTaken:
		return []string{fmt.Sprintf("%s %s %s", e.At, b.Signal, b.Action)}
	case sim.ProcessExited:
		return []string{fmt.Sprintf("%s exit status %d", e.At, b.Status)}
	case sim.ProcessStarted:
		return []string{fmt.Sprintf("%s starts", e.At)}
	case sim.StepRefused:
		return []string{"refused: " + b.Why}
	}
	return nil
}

// resultText returns what a call returned. A number that depends on the sizes of buffers
// is hidden.
func resultText(e sim.Event) string {
	b := sim.Of[sim.CallReturned](e)
	text := b.Result.String()
	number := strconv.Itoa(b.Result.Ret)
	if b.Call.Name == sim.CallFork || b.Call.Name != sim.CallRead && slices.Contains(b.Call.Args(), number) {
		return text
	}
	return hideSizes(number) + strings.TrimPrefix(text, number)
}

// endChanges returns a line for each end of a connection that has changed.
func (s *Summary) endChanges(events []sim.Event) []string {
	before := map[string]endState{}
	var order []string
	for _, e := range events {
		name := strings.TrimSpace(fmt.Sprintf("%d %s", e.Conn(), e.At))
		now, known := s.ends[name]
		switch b := e.Body.(type) {
		case sim.StateChanged:
			now.state, now.orphan = b.To, b.Orphan
			if !b.To.Connected() {
				now = endState{state: b.To}
			}
		case sim.TimerChanged:
			now.timer = b.Timer
		case sim.QueuesChanged:
			now.recvQ, now.sendQ = b.RecvQ, b.SendQ
		default:
			continue
		}
		if _, ok := before[name]; !ok {
			before[name] = s.ends[name]
			order = append(order, name)
		}
		if known || now != (endState{}) {
			s.ends[name] = now
		}
	}
	var lines []string
	slices.Sort(order)
	for _, name := range order {
		now := hideSizes(s.ends[name].String())
		if now != hideSizes(before[name].String()) {
			lines = append(lines, fmt.Sprint(strings.Replace(name, "0 ", "listening ", 1), " ", now))
		}
	}
	return lines
}

// largestShown is the first number that is too large to be shown: such numbers depend on
// the sizes of the kernel's buffers.
const largestShown = 10_000

var sizes = regexp.MustCompile(`\b\d{5,}\b`)

// onlySize reports whether a segment tells nothing but how much of a text that is larger
// than the buffers was sent or received so far.
func onlySize(s sim.SentSegment) bool {
	switch {
	case s.Flags&(sim.SYN|sim.FIN|sim.RST) != 0:
		return false
	case s.Len > 0:
		return s.Seq >= largestShown
	}
	return s.Ack >= largestShown
}

// hideSizes replaces numbers that depend on the sizes of buffers.
func hideSizes(text string) string { return sizes.ReplaceAllString(text, "many") }

var numbers = regexp.MustCompile(`((?:127\.0\.0|192\.0\.2)\.[12]:|process |fork\(\) = )\d+`)

// hideNumbers replaces ports and pids.
func hideNumbers(text string) string { return numbers.ReplaceAllString(text, "${1}N") }

// Parse returns the sentence that a script begins with, and its steps.
func Parse(src string) (head string, steps []string) {
	head, _, _ = strings.Cut(src, "\n>")
	for _, line := range strings.Split(src, "\n") {
		if step, ok := strings.CutPrefix(line, "> "); ok {
			steps = append(steps, step)
		}
	}
	return strings.TrimSpace(head) + "\n", steps
}
