package virtual

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"finwait/sim"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Shadow is the model beside a live laboratory. It is a fold over the log of that: it
// gives the model the same steps, has its programs make each call when the live ones do,
// its segments arrive when the live ones do, and compares what comes of it.
//
// What the kernel may do sooner or later, the model does when the kernel has done it: an
// acknowledgement that is owed, a retransmission. What it may not do it is not forgiven.
//
// A log that is not of a live laboratory brings no verdicts.
type Shadow struct {
	hosts
	table    program.Table // of the log
	live     bool          // the log is of real sockets
	inferred bool          // whose segments nobody has seen
	lost     bool
	why      string   // it is
	now      tcp.Time // of the newest event

	waiting []tcp.Input          // what became of segments that the model has not sent yet
	calling map[int]sim.CallName // by process: the call that it is in
	step    sim.Step
	said    []outcome // by the model, in this step
	heard   []outcome // from the kernel
	seen    map[place]*watchedEnd
	closing bool // the model has a process die that was in no call
	told    bool // the model sends what it is told to send
	newest  newest
}

// place is one end of a connection; connection 0 is the listener.
type place struct {
	at   sim.End
	conn int
}

// watchedEnd is what the kernel has said of an end, and what was last told of it.
type watchedEnd struct {
	kernel, model string
	timer         string // that the kernel has running
	told          bool
}

// NewShadow returns a shadow at the beginning of a log.
func NewShadow() *Shadow {
	s := &Shadow{calling: map[int]sim.CallName{}, seen: map[place]*watchedEnd{}}
	s.hosts.ids, s.hosts.tell = map[int]int{}, s.says
	return s
}

// Silent returns why there are no more verdicts, "" while there are: the model cannot follow
// any more, or has said something else than the kernel has done.
func (s *Shadow) Silent() string { return s.why }

// Why the model says nothing more, beside a setting that it does not know.
const (
	differed = "a disagreement"
	tooLong  = "a write of more than one segment"
	tooMuch  = "more than the model covers"
	newVerb  = "a step that the model does not know"
	newCall  = "a call that the model does not know"
)

// loses has the model say nothing more. The first reason counts.
func (s *Shadow) loses(why string) {
	if !s.lost {
		s.lost, s.why = true, why
	}
}

// Observe takes the next event of the log. It returns the verdicts on a step that has
// settled; they belong before e.
func (s *Shadow) Observe(e sim.Event) []sim.Event {
	if e.Kind == sim.KindLab {
		s.open(e.Lab)
	}
	if !s.live || s.lost {
		return nil
	}
	s.now = max(s.now, tcp.Time(float64(e.T)*float64(tcp.Second))+1)
	s.catchUp()
	defer s.makeUp()
	s.table.Apply(e)
	switch e.Kind {
	case sim.KindStep:
		s.begin(e)
	case sim.KindStart:
		s.starts(e)
	case sim.KindCall:
		s.calls(e)
	case sim.KindSegment:
		s.moves(e)
	case sim.KindCable:
		op := tcp.OpMend
		if e.Text == sim.CableCut {
			op = tcp.OpCut
		}
		s.does(tcp.Input{Op: op})
	case sim.KindSignal:
		s.signals(e)
	case sim.KindState:
		s.becomes(e)
	case sim.KindTimer:
		s.watch(place{e.At, e.Conn}).timer = e.Timer
	case sim.KindReturn:
		s.tells(e)
	case sim.KindExit:
		if p := s.byPID(e.PID); p != nil && p.dying != 0 {
			s.does(dies(p))
		}
		s.tells(e)
	case sim.KindRefused:
		s.tells(e)
	case sim.KindSilent: // the laboratory has not seen everything
		s.loses(e.Text)
	case sim.KindSettled:
		if s.world.Unsupported() {
			s.loses(tooMuch)
			return nil
		}
		return s.judge(e)
	}
	return nil
}

// open begins with the hosts of the log.
func (s *Shadow) open(l *sim.Setting) {
	s.live, s.inferred = l.Capture != sim.Modelled, l.Capture == sim.Inferred
	s.lost, s.why = false, ""
	s.info, s.hosts.wire = l, l.Net == sim.Wire
	settings := tcp.Defaults(!s.hosts.wire)
	for _, y := range l.Sysctls {
		if !set(&settings, y) {
			s.loses(fmt.Sprintf("%s is %s on this machine", y.Name, y.Value))
		}
	}
	settings.Observed = true
	s.world, s.table = tcp.New(settings), program.Table{}
}

// set takes in a setting of the hosts that is not the kernel's own, and reports whether the
// model knows it. One that it does not know (tcp_timestamps, tcp_sack, tcp_syncookies) may
// change anything that it says.
func set(to *tcp.Settings, y sim.Sysctl) (known bool) {
	n, err := strconv.Atoi(y.Value)
	if err != nil || y.Value == y.Default {
		return y.Value == y.Default
	}
	switch y.Name {
	case "tcp_fin_timeout":
		to.FinTimeout = tcp.Time(n) * tcp.Second
	case "tcp_syn_retries":
		to.SynRetries = n
	case "tcp_synack_retries":
		to.SynAckRetries = n
	case "tcp_retries2":
		to.Retries = n
	case "tcp_orphan_retries":
		to.OrphanRetries = n
	default:
		return false
	}
	return true
}

// does gives the model one input, now.
func (s *Shadow) does(in tcp.Input) {
	in.Now = s.now
	s.do(in)
}

// do gives the model one input. A thread that is in a call holds its descriptor until it has
// left that, so that nobody knows when this one is closed (fdget); the others are closed one
// after the other.
func (s *Shadow) do(in tcp.Input) {
	s.newest.ok = false
	s.closing = in.Op == tcp.OpKill && !slices.ContainsFunc(s.sleepers(), func(p *process) bool { return p.number == in.Proc })
	s.told = in.Op == tcp.OpEmit
	s.hosts.do(in)
	s.closing, s.told = false, false
}

// begin plans the same step, to know whether it is refused. What it does follows as the
// kernel does it.
func (s *Shadow) begin(e sim.Event) {
	step, err := sim.ParseStep(e.Text)
	if err != nil {
		s.loses(newVerb) // of a newer finwait, perhaps
		return
	}
	s.step = step
	_, err = program.Plan(&s.table, step, s.known())
	var no *program.Refusal
	switch {
	case errors.As(err, &no):
		s.says(sim.Event{Kind: sim.KindRefused, At: step.At, Text: no.Error()})
	case err != nil:
		s.loses(newVerb)
	}
}

// starts takes in a new process: one in place of a dead one, or the child that a fork
// has brought already.
func (s *Shadow) starts(e sim.Event) {
	if !e.Forked {
		s.does(tcp.Input{Op: tcp.OpStart, Side: tcp.SideOf(e.At)})
	}
	for _, p := range s.programs[tcp.SideOf(e.At)] {
		if p.pid == 0 {
			p.pid = e.PID
		}
	}
}

// calls has the model's program make the call that the live one makes.
func (s *Shadow) calls(e sim.Event) {
	s.calling[e.PID] = e.Call.Name
	p := s.byPID(e.PID)
	if p == nil || p.busy {
		s.hear(outcome{what: sim.WhatReturn, at: e.At, key: "calls " + string(e.Call.Name)})
		return
	}
	in := s.input(p, e.Call, e.Refers)
	switch {
	case in.Op == tcp.OpNone:
		s.loses(newCall)
		return
	case in.Op == tcp.OpWrite && in.N > s.world.MSS:
		s.loses(tooLong) // into how many that is cut, and what fits where, is not modelled
		return
	}
	s.does(tcp.Input{}) // what time it is
	s.callsNow(p, e.Call, in)
}

// signals takes in a signal: one from outside has to be told to the model, SIGPIPE it
// raises itself. A process that is killed takes a moment to die.
func (s *Shadow) signals(e sim.Event) {
	if e.Signal == tcp.SIGPIPE.String() {
		s.tells(e)
		return
	}
	if p := s.byPID(e.PID); p != nil {
		p.dying = signalOf(e.Signal)
	}
}

// moves takes in news of a segment: that it was sent is to be compared, what became of
// it on the wire was somebody's choice.
func (s *Shadow) moves(e sim.Event) {
	ops := map[sim.Fate]tcp.Op{sim.Delivered: tcp.OpDeliver, sim.Dropped: tcp.OpDrop, sim.Duplicated: tcp.OpDuplicate}
	op, chosen := ops[e.Segment.Fate]
	switch {
	case e.By != sim.ByKernel:
	case !s.hosts.wire, !chosen && e.Segment.Fate != sim.Overtaken:
		s.tells(e)
	case e.Segment.Fate == sim.Overtaken:
		s.does(tcp.Input{Op: tcp.OpSwap, Side: tcp.SideOf(e.At)})
	default:
		if id, ok := s.ids[e.Segment.ID]; ok {
			s.arrives(tcp.Input{Op: op, ID: id})
		} else { // it was heard, and not said yet
			s.waiting = append(s.waiting, tcp.Input{Op: op, ID: e.Segment.ID})
		}
	}
}

// becomes takes in the state of an end. One that the model is not in may be the doing of
// a timer.
func (s *Shadow) becomes(e sim.Event) {
	w := s.watch(place{e.At, e.Conn})
	w.kernel, w.told = stateText(e.To, e.Orphan), false
	if e.By != sim.ByKernel {
		return
	}
	side := tcp.SideOf(e.At)
	if s.world.View(side, e.Conn).State == e.To {
		return
	}
	s.explain(s.mayHappen(), func(w *tcp.World, _ []tcp.Effect) bool { return w.View(side, e.Conn).State == e.To })
}

// watch returns what is known of an end.
func (s *Shadow) watch(p place) *watchedEnd {
	w := s.seen[p]
	if w == nil {
		closed := stateText(sim.Closed, false)
		w = &watchedEnd{kernel: closed, model: closed, told: true}
		s.seen[p] = w
	}
	return w
}

func stateText(state sim.State, orphan bool) string {
	if orphan {
		return state.String() + ", orphan"
	}
	return state.String()
}

// makeUp has happen what became of segments that the model has sent at last.
func (s *Shadow) makeUp() {
	for i := 0; i < len(s.waiting); i++ {
		if id, ok := s.ids[s.waiting[i].ID]; ok {
			in := s.waiting[i]
			s.waiting, i = slices.Delete(s.waiting, i, i+1), -1
			in.ID = id
			s.does(in)
		}
	}
}
