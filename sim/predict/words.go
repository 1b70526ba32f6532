package predict

import (
	"slices"

	"finwait/sim"
	"finwait/sim/lang"
)

// Text returns the question as a sentence.
func (q *Question) Text(w *lang.Catalogue) string {
	p, end := &w.Predict, w.End(q.At)
	switch {
	case q.Topic == TopicState:
		return p.State(end)
	case q.Topic == TopicSegment:
		return p.Segment(end)
	case q.Topic == TopicTimeWait:
		return p.TimeWait
	case q.Waiting:
		return p.Waiting(end, string(q.Call))
	case q.Call == sim.CallPoll:
		return p.Poll(end)
	case q.Call == sim.CallGetsockopt:
		return p.SocketErr(end)
	}
	return p.Call(end, string(q.Call))
}

// Says returns a claim as an answer to the question.
func (q *Question) Says(c Claim, w *lang.Catalogue) string {
	p := &w.Predict
	switch c := c.(type) {
	case Outcome:
		return q.saysOutcome(c, w)
	case State:
		return c.String()
	case Segment:
		switch {
		case c == Segment{}:
			return p.Nothing
		case c.Data && c.Flags&^sim.ACK == 0:
			return p.Data
		case c.Data:
			return p.DataAnd(c.Flags.String())
		}
		return c.Flags.String()
	case TimeWait:
		switch c {
		case TimeWait{Client: true}:
			return w.Client
		case TimeWait{Server: true}:
			return w.Server
		case TimeWait{}:
			return p.Neither
		}
		return p.Both
	}
	return p.SomeOther
}

// saysOutcome is Says for what becomes of a call.
func (q *Question) saysOutcome(o Outcome, w *lang.Catalogue) string {
	p := &w.Predict
	switch {
	case o.Blocks && q.Waiting:
		return p.GoesOn
	case o.Blocks:
		return p.Blocks
	case o.Signal != "":
		return p.Ends(o.Signal, w.End(q.At))
	case o.Errno == "EPIPE" && q.Call.Writes() && q.offers(Outcome{Signal: "SIGPIPE"}):
		return p.AndLives(p.Fails(o.Errno))
	case o.Errno != "":
		return p.Fails(o.Errno)
	case o.SocketError == "0":
		return p.NoError
	case o.SocketError != "":
		return o.SocketError
	case q.Call == sim.CallPoll && o.Events == "":
		return p.Nothing
	case q.Call == sim.CallPoll:
		return o.Events
	}
	return p.Returns(o.Ret)
}

// offers reports whether a claim is among the answers.
func (q *Question) offers(claim Claim) bool {
	return slices.ContainsFunc(q.Answers, func(a Answer) bool { return a.Claim == claim })
}
