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
	ends map[string]ending
	syn  map[string]bool // the ends whose SYN was there
	// again are segments that were sent again on their own account. In which step is
	// a matter of time: they belong to the next one that waits.
	again []sim.SentSegment
	procs []int // the processes that have done something, in that order
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

// Step returns what the events of one step tell.
func (s *Summary) Step(text string, events []sim.Event) string {
	if s.ends == nil {
		s.ends, s.syn = map[string]ending{}, map[string]bool{}
	}
	lines := []string{"> " + text}
	for _, e := range s.byProcess(events) {
		lines = append(lines, program(e)...)
	}
	for _, e := range sim.Canonical(s.inTime(text, Segments(events))) {
		if e.Flags == sim.SYN && !e.Resent {
			if s.syn[sender(e)] { // repeated, in which step is a matter of time
				continue
			}
			s.syn[sender(e)] = true
		}
		if e.Len >= largest {
			e.Flags &^= sim.PSH
		}
		if bulk(e) && !strings.HasPrefix(text, string(sim.VerbWait)) {
			continue
		}
		lines = append(lines, hideSizes(fmt.Sprintf("%s: %s%s", e.From, e.Segment, again(e))))
	}
	lines = append(lines, s.changes(events)...)
	return hideNumbers(strings.Join(lines, "\n")) + "\n"
}

// byProcess returns the events of processes, the client's first, and of two processes of
// one end those of the older one: what comes first of what both do is a race.
func (s *Summary) byProcess(events []sim.Event) []sim.Event {
	var list []sim.Event
	for _, e := range events {
		if program(e) == nil {
			continue
		}
		list = append(list, e)
		if e.PID != 0 && !slices.Contains(s.procs, e.PID) {
			s.procs = append(s.procs, e.PID)
		}
	}
	slices.SortStableFunc(list, func(a, b sim.Event) int {
		return cmp.Or(cmp.Compare(a.At, b.At), slices.Index(s.procs, a.PID)-slices.Index(s.procs, b.PID))
	})
	return list
}

// inTime leaves what was sent again to the steps that wait for it. Out of these it takes
// what tells only sizes, but for the answers to probes.
func (s *Summary) inTime(step string, list []sim.SentSegment) []sim.SentSegment {
	var now, later []sim.SentSegment
	for _, e := range list {
		if e.Resent {
			later = append(later, e)
		} else {
			now = append(now, e)
		}
	}
	if !strings.HasPrefix(step, string(sim.VerbWait)) {
		s.again = append(s.again, later...)
		return now
	}
	list, s.again = append(s.again, list...), nil
	probed := map[sim.End]bool{}
	return slices.DeleteFunc(list, func(e sim.SentSegment) bool {
		probed[e.From] = probed[e.From] || pureACK(e)
		return bulk(e) && (e.Len > 0 || !probed[e.From.Peer()])
	})
}

// Segments returns the segments among events, once each: when they were sent.
func Segments(events []sim.Event) []sim.SentSegment {
	var list []sim.SentSegment
	for _, e := range events {
		if e.Kind == sim.KindSegment && e.Segment.Sent() {
			list = append(list, sim.SentSegment{Conn: e.Conn, From: e.At, Segment: e.Segment})
		}
	}
	return list
}

// sender names the connection and the end that sent a segment.
func sender(s sim.SentSegment) string { return fmt.Sprint(s.Conn, s.From) }

// pureACK reports whether a segment does nothing but acknowledge.
func pureACK(s sim.SentSegment) bool { return s.Flags == sim.ACK && s.Len == 0 }

// again marks a segment whose numbers were on the wire before.
func again(s sim.SentSegment) string {
	if s.Resent {
		return ", again"
	}
	return ""
}

// program returns what an event tells of what a program did or met.
func program(e sim.Event) []string {
	switch e.Kind {
	case sim.KindReturn:
		return []string{fmt.Sprintf("%s %s = %s", e.At, e.Call, resultText(e))}
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

// resultText returns what a call has returned. How much a call moves of more than there
// is room for depends on the sizes of the buffers.
func resultText(e sim.Event) string {
	text := e.Result.String()
	number := strconv.Itoa(e.Result.Ret)
	if e.Call.Name == sim.CallFork || e.Call.Name != sim.CallRead && slices.Contains(e.Call.Args(), number) {
		return text
	}
	return hideSizes(number) + strings.TrimPrefix(text, number)
}

// changes returns what the ends of connections have become.
func (s *Summary) changes(events []sim.Event) []string {
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
		now := hideSizes(s.ends[name].String())
		if now != hideSizes(before[name].String()) {
			lines = append(lines, fmt.Sprint(strings.Replace(name, "0 ", "listening ", 1), " ", now))
		}
	}
	return lines
}

// largest is the first number that is too large to be shown: it says how large the
// kernel's buffers are.
const largest = 10_000

var sizes = regexp.MustCompile(`\b\d{5,}\b`)

// bulk reports whether a segment tells nothing but how much has left by now of what is
// too large for the buffers, or how much has come.
func bulk(s sim.SentSegment) bool {
	switch {
	case s.Flags&(sim.SYN|sim.FIN|sim.RST) != 0:
		return false
	case s.Len > 0:
		return s.Seq >= largest
	}
	return s.Ack >= largest
}

// hideSizes takes such numbers out of a text.
func hideSizes(text string) string { return sizes.ReplaceAllString(text, "many") }

var numbers = regexp.MustCompile(`((?:127\.0\.0|192\.0\.2)\.[12]:|process |fork\(\) = )\d+`)

// hideNumbers takes ports and pids out of a text.
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
