package check

import (
	"errors"
	"fmt"
	"slices"

	"finwait/sim"
	"finwait/sim/model"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Checker is the model beside a live lab. It is a fold over the log of that: it
// gives the model the same steps, has its programs make each call when the live ones do,
// its segments arrive when the live ones do, and compares what comes of it.
//
// A log that is not of a live lab has no verdicts.
type Checker struct {
	hosts    *model.Hosts  // nil before the log has begun
	ids      map[int]int   // by the number that a segment has in the log: its number in the model
	table    program.Table // processes and descriptors of the log
	live     bool          // the log is of real sockets
	inferred bool          // nobody has seen its segments
	wire     bool          // every segment is held
	lost     bool          // there are no more verdicts
	why      string        // why there are none
	silenced bool          // the log says that there are none
	now      tcp.Time      // time of the newest event

	waiting []tcp.Input          // what became of segments that the model has not sent yet
	calling map[int]sim.CallName // by process: the call that it is in
	step    sim.Step
	said    []outcome // by the model, in this step
	heard   []outcome // from the kernel
	seen    map[place]*watchedEnd
	closing bool // the model has a process die that was in no call
	told    bool // the model sends what it is told to send
	newest  newest
	effects []tcp.Effect // of the newest input
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

// New returns a Checker at the beginning of a log.
func New() *Checker {
	return &Checker{calling: map[int]sim.CallName{}, seen: map[place]*watchedEnd{}, ids: map[int]int{}}
}

// Silent returns why there are no more verdicts, "" while there are: the model cannot follow
// any more, or has said something else than the kernel has done.
func (s *Checker) Silent() string { return s.why }

// Why the model says nothing more, beside a setting that it does not know.
const (
	differed = "a disagreement"
	tooLong  = "a write of more than one segment"
	newVerb  = "a step that the model does not know"
	newCall  = "a call that the model does not know"
)

// loses has the model say nothing more. The first reason counts.
func (s *Checker) loses(why string) {
	if !s.lost {
		s.lost, s.why = true, why
	}
}

// Observe takes the next event of the log. It returns the verdicts on a step that has
// settled; they belong before e.
func (s *Checker) Observe(e sim.Event) []sim.Event {
	if e.Kind() == sim.KindLab {
		s.open(sim.Of[sim.LabOpened](e).Setting)
	}
	if !s.live || s.lost {
		return nil
	}
	s.now = max(s.now, tcp.Time(float64(e.T)*float64(tcp.Second))+1)
	s.catchUp()
	defer s.makeUp()
	s.table.Apply(e)
	switch b := e.Body.(type) {
	case sim.StepBegun:
		s.begin(e)
	case sim.ProcessStarted:
		s.starts(e)
	case sim.CallEntered:
		s.calls(e)
	case sim.SegmentMoved:
		s.moves(e)
	case sim.CableChanged:
		op := tcp.OpMend
		if b.Cable == sim.CableCut {
			op = tcp.OpCut
		}
		s.does(tcp.Input{Op: op})
	case sim.SignalTaken:
		s.signals(e)
	case sim.StateChanged:
		s.becomes(e)
	case sim.TimerChanged:
		s.watch(place{e.At, b.Conn}).timer = b.Timer
	case sim.CallReturned:
		s.tells(e)
	case sim.ProcessExited:
		if p := s.hosts.ByPID(b.PID); p != nil && p.Dying != 0 {
			s.does(dies(p))
		}
		s.tells(e)
	case sim.StepRefused:
		s.tells(e)
	case sim.ModelSilent: // the laboratory has not seen everything
		s.loses(b.Why)
	case sim.StepSettled:
		if s.hosts.World.Unsupported() {
			s.loses(model.Unsupported)
			return nil
		}
		return s.judge(e)
	}
	return nil
}

// open begins with the hosts of the log.
func (s *Checker) open(l *sim.Setting) {
	s.live, s.inferred = l.Capture != sim.Modelled, l.Capture == sim.Inferred
	s.lost, s.why = false, ""
	s.wire = l.Net == sim.Wire
	settings, unknown := model.SettingsOf(l.Sysctls, !s.wire)
	if unknown != nil {
		s.loses(fmt.Sprintf("%s is %s on this machine", unknown.Name, unknown.Value))
	}
	settings.Observed = true
	s.hosts, s.table = model.NewHosts(l, settings, s.says), program.Table{}
}

// network returns what the plan of a step needs to know of the network. A segment has the
// number that it has in the log.
func (s *Checker) network() program.Network {
	n := s.hosts.Network()
	live := map[int]int{}
	for there, id := range s.ids {
		live[id] = there
	}
	for i := range n.Flight {
		n.Flight[i].ID = live[n.Flight[i].ID]
	}
	return n
}

// does gives the model one input, now.
func (s *Checker) does(in tcp.Input) {
	in.Now = s.now
	s.do(in)
}

// do gives the model one input. A thread that is in a call holds its descriptor until it has
// left that, so that nobody knows when this one is closed (fdget); the others are closed one
// after the other.
func (s *Checker) do(in tcp.Input) {
	s.newest.ok = false
	s.closing = in.Op == tcp.OpKill && !slices.ContainsFunc(s.sleepers(), func(p *model.Process) bool { return p.Number == in.Proc })
	s.told = in.Op == tcp.OpEmit
	s.effects = s.hosts.Do(in)
	s.closing, s.told = false, false
}

// begin plans the same step, to know whether it is refused. What it does follows as the
// kernel does it.
func (s *Checker) begin(e sim.Event) {
	step := sim.Of[sim.StepBegun](e).Step
	s.step = step
	_, err := program.Plan(&s.table, step, s.network())
	var no *program.Refusal
	switch {
	case errors.As(err, &no):
		s.says(sim.Event{At: step.At, Body: sim.StepRefused{Why: no.Error()}})
	case err != nil:
		s.loses(newVerb)
	}
}

// starts takes in a new process: one in place of a dead one, or the child that a fork
// has brought already.
func (s *Checker) starts(e sim.Event) {
	if !sim.Of[sim.ProcessStarted](e).Forked {
		s.does(tcp.Input{Op: tcp.OpStart, Side: tcp.SideOf(e.At)})
	}
	for _, p := range s.hosts.Processes(tcp.SideOf(e.At)) {
		if p.PID == 0 {
			p.PID = e.PID()
		}
	}
}

// calls has the model's program make the call that the live one makes.
func (s *Checker) calls(e sim.Event) {
	s.calling[e.PID()] = e.Call().Name
	p := s.hosts.ByPID(e.PID())
	if p == nil || p.Busy {
		s.hear(outcome{what: sim.WhatReturn, at: e.At, key: "calls " + string(e.Call().Name)})
		return
	}
	in := s.hosts.Input(p, e.Call(), sim.Of[sim.CallEntered](e).Refers)
	switch {
	case in.Op == tcp.OpNone:
		s.loses(newCall)
		return
	case in.Op == tcp.OpWrite && in.N > s.hosts.World.MSS:
		s.loses(tooLong) // into how many that is cut, and what fits where, is not modelled
		return
	}
	s.does(tcp.Input{}) // what time it is
	s.callsNow(p, e.Call(), in)
}

// signals takes in a signal: one from outside has to be told to the model, SIGPIPE it
// raises itself. A process that is killed takes a moment to die.
func (s *Checker) signals(e sim.Event) {
	if e.Signal() == tcp.SIGPIPE.String() {
		s.tells(e)
		return
	}
	if p := s.hosts.ByPID(e.PID()); p != nil {
		p.Dying = tcp.SignalOf(e.Signal())
	}
}

// moves takes in news of a segment: that it was sent is to be compared, what became of
// it on the wire was somebody's choice.
func (s *Checker) moves(e sim.Event) {
	ops := map[sim.Fate]tcp.Op{sim.Delivered: tcp.OpDeliver, sim.Dropped: tcp.OpDrop, sim.Duplicated: tcp.OpDuplicate}
	op, chosen := ops[e.Segment().Fate]
	switch {
	case e.By() != sim.ByKernel:
	case !s.wire, !chosen && e.Segment().Fate != sim.Overtaken:
		s.tells(e)
	case e.Segment().Fate == sim.Overtaken:
		s.does(tcp.Input{Op: tcp.OpSwap, Side: tcp.SideOf(e.At)})
	default:
		if id, ok := s.ids[e.Segment().ID]; ok {
			s.arrives(tcp.Input{Op: op, ID: id})
		} else { // it was heard, and not said yet
			s.waiting = append(s.waiting, tcp.Input{Op: op, ID: e.Segment().ID})
		}
	}
}

// becomes takes in the state of an end. One that the model is not in may be the doing of
// a timer.
func (s *Checker) becomes(e sim.Event) {
	b := sim.Of[sim.StateChanged](e)
	w := s.watch(place{e.At, b.Conn})
	w.kernel, w.told = stateText(b.To, b.Orphan), false
	if b.By != sim.ByKernel {
		return
	}
	side := tcp.SideOf(e.At)
	if s.hosts.World.View(side, b.Conn).State == b.To {
		return
	}
	s.explain(s.mayHappen(), func(w *tcp.World, _ []tcp.Effect) bool { return w.View(side, b.Conn).State == b.To })
}

// watch returns what is known of an end.
func (s *Checker) watch(p place) *watchedEnd {
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
func (s *Checker) makeUp() {
	for i := 0; i < len(s.waiting); i++ {
		if id, ok := s.ids[s.waiting[i].ID]; ok {
			in := s.waiting[i]
			s.waiting, i = slices.Delete(s.waiting, i, i+1), -1
			in.ID = id
			s.does(in)
		}
	}
}
