package predict

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// Topic is what a question is about.
type Topic string

// The topics, each with the type of its claims.
const (
	TopicCall     Topic = "call"      // Outcome: what the newest call of a process does
	TopicState    Topic = "state"     // State: in which one an end of a connection will be
	TopicSegment  Topic = "segment"   // Segment: what the kernel of an end sends
	TopicTimeWait Topic = "time-wait" // TimeWait: the ends that will be in it
)

// Question asks for one thing that a step will do.
type Question struct {
	Topic   Topic
	Step    sim.Step
	At      sim.End // the end that the question is about, empty for both
	Conn    int     // the connection; 0 where the question is about a call
	PID     int     // of the process that makes the call; 0 for other topics
	Call    sim.CallName
	Waiting bool // the call was made before the step, and blocks
	Answers []Answer
	Right   int // index of the answer that the model gives
	was     [2]sim.State
}

// Answer is one answer that is offered.
type Answer struct {
	Claim Claim
	Why   lang.Reason // why the answer is right, or wrong
}

// Claim is what may be claimed about the thing that a question asks for: an Outcome, a State,
// a Segment or a TimeWait. Claims are comparable, and different ones exclude each other.
type Claim interface{ claim() }

// Outcome is what becomes of a call. At most one of Errno, Signal and Blocks is set.
type Outcome struct {
	Ret         int    // what the call returns
	Errno       string // name of the error with which it fails
	Signal      string // name of the signal that ends the process before the call returns
	Blocks      bool   // the call does not return
	Events      string // what poll(2) reports, as sim.PollEvents orders it
	SocketError string // what SO_ERROR is, "0" for none
}

// State is the state of an end when the step has settled.
type State struct{ sim.State }

// Segment is what the kernel of an end sends, without numbers, without what is sent again, and
// without an acknowledgement that is sent besides. The zero Segment is nothing.
type Segment struct {
	Flags sim.Flags // a reset has RST only, a FIN always ACK
	Data  bool
}

// TimeWait is which ends are in TIME_WAIT.
type TimeWait struct{ Client, Server bool }

func (Outcome) claim()  {}
func (State) claim()    {}
func (Segment) claim()  {}
func (TimeWait) claim() {}

// index returns the index of an end.
func index(at sim.End) int {
	if at == sim.Server {
		return 1
	}
	return 0
}

// Judge returns which answer is right after a step that has settled, and what is true. events
// are those of the step, as the log has them. right is -1 where none of the answers is right;
// then truth may be nil, because the step did nothing that the question is about.
func (q *Question) Judge(events []sim.Event) (right int, truth Claim) {
	truth = q.truth(events)
	for i, a := range q.Answers {
		if truth != nil && a.Claim == truth {
			return i, truth
		}
	}
	return -1, truth
}

// truth returns what is true after a step, nil where the step did nothing of the kind.
func (q *Question) truth(events []sim.Event) Claim {
	switch q.Topic {
	case TopicCall:
		return q.outcome(events)
	case TopicState:
		return State{q.stateAfter(q.At, events)}
	case TopicSegment:
		return q.sent(events)
	case TopicTimeWait:
		return TimeWait{
			q.stateAfter(sim.Client, events) == sim.TimeWait,
			q.stateAfter(sim.Server, events) == sim.TimeWait,
		}
	}
	return nil
}

// outcome returns what became of the newest call of the process.
func (q *Question) outcome(events []sim.Event) Claim {
	var truth Claim
	if q.Waiting {
		truth = Outcome{Blocks: true}
	}
	for _, e := range events {
		if e.PID() != q.PID {
			continue
		}
		switch b := e.Body.(type) {
		case sim.CallEntered:
			truth = nil
		case sim.CallBlocked:
			truth = Outcome{Blocks: true}
		case sim.CallReturned:
			truth = outcomeOf(b)
		case sim.ProcessExited:
			if o, ok := truth.(Outcome); (truth == nil || ok && o.Blocks) && b.Signal != "" {
				truth = Outcome{Signal: b.Signal}
			}
		}
	}
	return truth
}

// outcomeOf returns what a call returned, as far as questions ask for it.
func outcomeOf(b sim.CallReturned) Outcome {
	r := b.Result
	switch {
	case r.Errno != "":
		return Outcome{Errno: r.Errno}
	case b.Call.Name == sim.CallPoll:
		return Outcome{Events: sim.PollEvents(r.Note)}
	case b.Call.Name == sim.CallGetsockopt:
		return Outcome{SocketError: sim.SocketError(b.Call, r)}
	}
	return Outcome{Ret: r.Ret}
}

// stateAfter returns the state of an end of the connection after a step.
func (q *Question) stateAfter(at sim.End, events []sim.Event) sim.State {
	state := q.was[index(at)]
	for _, e := range events {
		if b, ok := e.Body.(sim.StateChanged); ok && e.At == at && b.Conn == q.Conn {
			state = b.To
		}
	}
	return state
}

// sent returns what the kernel of the end has sent, nil where that are several things.
func (q *Question) sent(events []sim.Event) Claim {
	all := map[Segment]bool{}
	for _, e := range events {
		if b, ok := e.Body.(sim.SegmentMoved); ok && e.At == q.At && b.Conn == q.Conn && isNew(b.Segment) {
			all[segmentOf(b.Segment)] = true
		}
	}
	if len(all) > 1 {
		delete(all, Segment{Flags: sim.ACK})
	}
	if len(all) > 1 {
		return nil
	}
	for one := range all {
		return one
	}
	return Segment{}
}

// isNew reports whether a segment is sent, and for the first time.
func isNew(s sim.Segment) bool { return s.Sent() && !s.Resent && s.Fate != sim.Retransmitted }

// segmentOf returns a segment without what questions leave out.
func segmentOf(s sim.Segment) Segment {
	if s.Flags&sim.RST != 0 {
		return Segment{Flags: sim.RST}
	}
	return Segment{Flags: s.Flags &^ sim.PSH, Data: s.Len > 0}
}
