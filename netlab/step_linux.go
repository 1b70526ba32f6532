package netlab

import (
	"errors"
	"time"

	"finwait/netlab/program"
	"finwait/netlab/program/traced"
	"finwait/sim"
	"finwait/sim/lang"
	plan "finwait/sim/program"
)

// stepInProgress is the newest step: what it asks of the other parts, and when it is over.
type stepInProgress struct {
	net      network
	ports    *ports
	programs *programs
	sockets  *sockets
	journal  *journal

	running bool
	until   time.Time // of a wait step: when it is over
	wait    plan.Wait // of a wait step
	stable  bool      // the last look found nothing new
}

// request is a step to begin.
type request struct {
	n    int
	step sim.Step
}

// begin begins a step. What cannot be done is refused in the log; an error is the lab's own.
func (s *stepInProgress) begin(r request) error {
	s.running, s.until, s.wait, s.stable = true, time.Time{}, plan.Wait{}, false
	s.journal.step = r.n
	s.journal.addNow("", sim.StepBegun{Step: r.step})
	err := s.perform(r.step)
	var no *sim.Refusal
	if errors.As(err, &no) {
		s.journal.addNow(r.step.At, lang.Refused(no))
		return nil
	}
	return err
}

// perform does what a step asks for.
func (s *stepInProgress) perform(step sim.Step) error {
	known := s.known()
	if step.Verb == sim.VerbConnect && step.At == sim.Client {
		client, err := s.ports.client(len(s.sockets.conns))
		if err != nil {
			return err
		}
		known.Client = client
	}
	action, err := plan.Plan(&s.journal.table, step, known)
	if err != nil {
		return err
	}
	switch a := action.(type) {
	case plan.Wait:
		s.until = time.Now().Add(time.Duration(float64(a.For) * float64(time.Second)))
		s.wait = a
	case plan.Start:
		started, err := s.programs.start(a.At)
		if start := new(traced.StartError); errors.As(err, &start) {
			return &sim.Refusal{Kind: sim.RefusedCannotStart, At: a.At, Call: start.Why}
		}
		if err != nil {
			return err
		}
		s.journal.addNow(a.At, sim.ProcessStarted{PID: started.PID()})
	case plan.Kill:
		return s.tell(a.PID, program.Signal(a.Signal), a.Signal)
	case plan.Release:
		return s.told(a.At, s.programs.release(a.At, a.Skip))
	case plan.Type:
		return s.told(a.At, s.programs.typed(a.At, a.Text))
	case plan.Calls:
		return s.tell(a.PID, program.Calls{Calls: a.Calls, Stop: a.Stop}, string(a.Calls[0].Name))
	default:
		if c, ok := a.(plan.Cable); ok {
			s.journal.addNow("", sim.CableChanged{Cable: cableNow(c.Cut)})
		}
		return s.net.handle(a, func(n segmentNews) { s.journal.moved(n) })
	}
	return nil
}

// tell tells a program something; what is a word for it. The step is refused if the program has
// just died.
func (s *stepInProgress) tell(pid int, r program.Request, what string) error {
	err := s.programs.tell(pid, r)
	switch {
	case errors.Is(err, program.ErrGone):
		return &sim.Refusal{Kind: sim.RefusedJustDied, PID: pid}
	case err != nil:
		return resource(what, err)
	}
	return nil
}

// told returns the refusal of what a program that makes calls of its own was told.
func (s *stepInProgress) told(at sim.End, err error) error {
	switch {
	case errors.Is(err, program.ErrNotHeld), errors.Is(err, program.ErrGone):
		return &sim.Refusal{Kind: sim.RefusedNotHeld, At: at}
	case err != nil:
		return resource("release", err)
	}
	return nil
}

// cableNow returns what the log says of the cable.
func cableNow(cut bool) sim.Cable {
	if cut {
		return sim.CableCut
	}
	return sim.CableMended
}

// known returns what the plan of a step needs to know of the network.
func (s *stepInProgress) known() plan.Network {
	k := plan.Network{Server: s.sockets.server, Newest: plan.Connection{
		ClientState: s.sockets.state(sim.Client), ServerState: s.sockets.state(sim.Server),
	}}
	if c := s.sockets.newest(); c != nil {
		k.Newest.Client, k.Newest.Crossed = c.client.local, c.crossed
	}
	k.Wire, k.Cut = s.net.cable()
	k.Traced = s.programs.traced()
	for _, h := range s.net.flight() {
		k.Flight = append(k.Flight, plan.Segment{ID: h.ID, From: h.From})
	}
	return k
}

// settle ends the step when it is over, and reports what changes by itself while none is
// running.
func (s *stepInProgress) settle() {
	switch {
	case !s.running:
		s.journal.reportTimers()
	case !s.sockets.acked():
	case !s.conditionMet():
		s.journal.reportTimers()
	case !s.stable: // look once more
		s.stable = true
		s.programs.blocked()
	default:
		s.reportBlocked()
		s.journal.reportTimers()
		s.journal.emitNow("", sim.StepSettled{})
		s.running = false
		s.net.settled()
	}
}

// conditionMet reports whether the step has nothing to wait for: no time, no state. A state
// that does not come in time is refused.
func (s *stepInProgress) conditionMet() bool {
	late := !time.Now().Before(s.until)
	if !s.wait.Until {
		return late
	}
	unmet := s.wait.Unmet(s.known())
	if unmet != nil && late {
		s.journal.emitNow("", lang.Refused(unmet))
		s.wait = plan.Wait{}
	}
	return unmet == nil || late
}

// reportBlocked reports each call that a program sleeps in, once.
func (s *stepInProgress) reportBlocked() {
	for p := range s.programs.living() {
		for i := range p.calls {
			if c := &p.calls[i]; !c.blocked {
				c.blocked = true
				s.journal.emitNow(p.at, sim.CallBlocked{PID: p.PID(), TID: c.tid, Call: c.call})
			}
		}
	}
}

// pause returns how long the loop may sleep, as far as the step is concerned: until the next
// timer of a socket fires when nothing is going on, for ever (negative) when none runs.
func (s *stepInProgress) pause() time.Duration {
	next := s.sockets.untilTimer()
	if !s.running {
		return next
	}
	if s.stable {
		return s.net.settleDelay()
	}
	left := time.Until(s.until)
	if left <= 0 || !s.sockets.acked() {
		return unsettledPause
	}
	if next < 0 {
		return left
	}
	return min(left, next)
}
