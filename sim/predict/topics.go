package predict

import (
	"cmp"
	"slices"

	"finwait/sim"
)

// Bounds of the answers to one question.
const (
	minMistakes = 2
	maxMistakes = 3
)

// candidate is a question that may be asked.
type candidate struct {
	Question
	telling int // how much its answer shows; see minTelling
}

// minTelling is how telling a question has to be. Below are those whose answer anybody guesses
// who knows what the call is for.
const minTelling = 40

// questions returns the questions about a step, the most telling first.
func (s *situation) questions() []Question {
	var all []candidate
	all = append(all, s.callTopics()...)
	all = append(all, s.stateTopics()...)
	all = append(all, s.segmentTopics()...)
	all = slices.DeleteFunc(all, func(c candidate) bool { return c.telling < minTelling })
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.telling, a.telling) })
	var list []Question
	for _, c := range all {
		if q := c.Question; s.answer(&q) {
			list = append(list, q)
		}
	}
	return list
}

// answer gives a question its answers, and reports whether it can be asked: what is true in the
// model, and enough mistakes.
func (s *situation) answer(q *Question) bool {
	truth := q.truth(s.events)
	if truth == nil {
		return false
	}
	c := &claimed{situation: s, q: q, truth: truth}
	right := Answer{Claim: truth, Why: c.reason()}
	if right.Why == "" {
		return false
	}
	q.Answers = []Answer{right}
	for _, m := range bank[q.Topic] {
		if len(q.Answers) > maxMistakes {
			break
		}
		if !m.when(c) {
			continue
		}
		claim := m.claim(c)
		if !slices.ContainsFunc(q.Answers, func(a Answer) bool { return a.Claim == claim }) {
			q.Answers = append(q.Answers, Answer{claim, m.why})
		}
	}
	if len(q.Answers) <= minMistakes {
		return false
	}
	slices.SortStableFunc(q.Answers, func(a, b Answer) int { return compare(a.Claim, b.Claim) })
	q.Right = slices.IndexFunc(q.Answers, func(a Answer) bool { return a.Claim == truth })
	return true
}

// compare orders the answers to a question by what they say, so that where an answer stands does
// not tell whether it is right.
func compare(a, b Claim) int {
	switch a := a.(type) {
	case Outcome:
		return a.compare(b.(Outcome))
	case State:
		return cmp.Compare(a.State, b.(State).State)
	case Segment:
		return cmp.Compare(b.(Segment).Flags, a.Flags)
	case TimeWait:
		return slices.Index(ends(), a) - slices.Index(ends(), b.(TimeWait))
	}
	return 0
}

// ends returns the claims about TIME_WAIT in the order in which they are offered.
func ends() []TimeWait {
	return []TimeWait{{Client: true}, {Server: true}, {Client: true, Server: true}, {}}
}

// compare orders what may become of a call: first a return, then an error, a signal, that it
// blocks.
func (o Outcome) compare(p Outcome) int {
	rank := func(o Outcome) int {
		return slices.Index([]bool{o.Blocks, o.Signal != "", o.Errno != "", true}, true)
	}
	return cmp.Or(
		rank(p)-rank(o), cmp.Compare(o.Ret, p.Ret), cmp.Compare(o.Errno, p.Errno),
		cmp.Compare(len(o.Events), len(p.Events)), cmp.Compare(o.SocketError, p.SocketError),
	)
}

// callTopics returns the questions about the call of the step, and about calls that wait.
func (s *situation) callTopics() (all []candidate) {
	if p := s.before.Table.Acting(s.step.At); s.step.At != "" && p != nil && s.step.Then == nil {
		if s.step.Parent {
			p = s.before.Table.NamedParent(s.step.At)
		}
		if p != nil {
			all = append(all, s.callTopic(p.PID, s.step.At, false))
		}
	}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if p := s.before.Table.Acting(at); p != nil && !p.Dead && p.InCall && at != s.step.At {
			all = append(all, s.callTopic(p.PID, at, true))
		}
	}
	return all
}

// callTopic returns the question about one call.
func (s *situation) callTopic(pid int, at sim.End, waiting bool) candidate {
	q := s.question(TopicCall, at)
	q.PID, q.Waiting = pid, waiting
	if waiting {
		q.Call = s.before.Table.Process(pid).Call.Name
	}
	for _, e := range s.events {
		if b, ok := e.Body.(sim.CallEntered); ok && b.PID == pid {
			q.Call = b.Call.Name
		}
	}
	truth, ok := q.truth(s.events).(Outcome)
	if !ok || q.Call == "" {
		return candidate{}
	}
	return candidate{q, s.tellingCall(&q, truth)}
}

// tellingCall says how telling it is what a call does.
func (s *situation) tellingCall(q *Question, o Outcome) int {
	peer := q.At.Peer()
	switch {
	case s.step.Verb == sim.VerbWait && s.step.How == "": // when a call returns is the kernel's choice
		return 0
	case o.Signal != "":
		return pick(o.Signal == "SIGPIPE", 100, 0)
	case o.Errno != "" && s.signals(q.PID):
		return 95
	case o.Errno != "":
		return 90
	case q.Waiting && o.Blocks:
		return 0
	}
	switch q.Call {
	case sim.CallWrite, sim.CallSend:
		return pick(o.Blocks, 60, pick(s.sends(peer, sim.RST) || s.was(q.At) == sim.CloseWait, 88, pick(s.before.Cut, 60, 0)))
	case sim.CallRead, sim.CallRecv:
		switch {
		case o.Blocks:
			return pick(s.hasLetGo(peer), 65, 0)
		case o.Ret == 0:
			return 75
		}
		return pick(s.was(q.At) != sim.Established, 70, 0)
	case sim.CallPoll:
		return pick(len(o.Events) > len("IN OUT"), 76, 0)
	case sim.CallGetsockopt:
		return pick(s.was(q.At) != sim.Established || o.SocketError != "0", 65, 0)
	case sim.CallConnect:
		return pick(o.Blocks || s.blocked(sim.Server), 0, 42)
	case sim.CallAccept:
		return pick(!o.Blocks && !q.Waiting && s.ended[index(q.At)].byRST, 72, 0)
	case sim.CallClose:
		return pick(s.step.How == "" && s.ended[index(q.At)].byRST && s.ended[index(q.At)].in != sim.Closed, 59, 0)
	case sim.CallListen:
		return pick(s.was(sim.Server) == sim.TimeWait, 62, 0)
	}
	return 0
}

// blocked reports whether the process that acts at an end is in a call that blocks.
func (s *situation) blocked(at sim.End) bool {
	p := s.before.Table.Acting(at)
	return p != nil && p.Blocked
}

// pick returns one of two numbers.
func pick(first bool, one, other int) int {
	if first {
		return one
	}
	return other
}

// signals reports whether a process takes a signal in the step and lives on.
func (s *situation) signals(pid int) bool {
	return slices.ContainsFunc(s.events, func(e sim.Event) bool {
		b, ok := e.Body.(sim.SignalTaken)
		return ok && b.PID == pid && b.Action == sim.Handled
	})
}

// hasLetGo reports whether the process that acts at an end holds the connection no more, and
// another one does.
func (s *situation) hasLetGo(at sim.End) bool {
	holders := s.before.Table.Holders(at, s.conn)
	p := s.before.Table.Acting(at)
	return len(holders) > 0 && p != nil && (p.Dead || !slices.Contains(holders, p.PID))
}

// stateTopics returns the questions about states, and about who waits in TIME_WAIT.
func (s *situation) stateTopics() (all []candidate) {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		all = append(all, candidate{s.question(TopicState, at), s.tellingState(at)})
	}
	changed := s.was(sim.Client) != s.will(sim.Client) || s.was(sim.Server) != s.will(sim.Server)
	over := func(at sim.End) bool { return s.will(at) == sim.TimeWait || !s.will(at).Connected() }
	open := s.was(sim.Client).Connected() && s.was(sim.Client) != sim.TimeWait && s.was(sim.Server) != sim.TimeWait
	if changed && open && s.step.Verb != sim.VerbWait && over(sim.Client) && over(sim.Server) && s.was(sim.Client) != sim.SynSent {
		all = append(all, candidate{s.question(TopicTimeWait, ""), 61})
	}
	return all
}

// tellingState says how telling the state is in which an end will be.
func (s *situation) tellingState(at sim.End) int {
	from, to := s.was(at), s.will(at)
	if s.step.Verb == sim.VerbWait { // when an end gives up is the kernel's choice, and a wait until a state says which
		return pick(s.step.How == "" && from != to && (from == sim.FinWait2 || from == sim.TimeWait), 57, 0)
	}
	if from == to {
		return pick(from == sim.Established && s.closes(at) && s.shared(at), 66, 0)
	}
	switch to {
	case sim.Closing:
		return 64
	case sim.TimeWait:
		return 60
	case sim.Closed, sim.Close:
		return pick(from == sim.LastAck, 50, 58)
	case sim.FinWait2:
		return 56
	case sim.CloseWait, sim.LastAck:
		return 55
	case sim.FinWait1:
		return 54
	case sim.SynRecv:
		return 50
	}
	return pick(s.before.Setting != nil && to == sim.Established && s.step.Verb == sim.VerbDeliver, 41, 0)
}

// segmentTopics returns the questions about what a kernel sends. Where nobody sees the segments
// none is asked.
func (s *situation) segmentTopics() (all []candidate) {
	if s.before.Setting == nil || s.before.Setting.Capture == sim.Inferred || s.conn == 0 {
		return nil
	}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		q := s.question(TopicSegment, at)
		if sent, ok := q.truth(s.events).(Segment); ok {
			all = append(all, candidate{q, s.tellingSegment(at, sent)})
		}
	}
	return all
}

// tellingSegment says how telling it is what a kernel sends.
func (s *situation) tellingSegment(at sim.End, sent Segment) int {
	answers := !s.closes(at)
	killed := s.step.Verb == sim.VerbKill
	switch {
	case s.step.Verb == sim.VerbWait, s.was(at) == sim.Closed && s.was(at.Peer()) == sim.Closed:
		return 0
	case sent == Segment{}:
		return pick(!answers && s.was(at).Connected() && s.shared(at), 67, 0)
	case sent.Flags == sim.RST:
		return pick(answers, 72, 74)
	case sent.Flags&sim.FIN != 0 && !answers:
		return pick(killed, 62, 45)
	case sent.Flags == sim.ACK && s.was(at) == sim.TimeWait:
		return 63
	}
	return 0
}
