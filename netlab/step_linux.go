package netlab

import (
	"errors"
	"time"

	"finwait/netlab/program"
	"finwait/sim"
	plan "finwait/sim/program"
)

// progress is the step in progress: what it asks of the other parts, and when it is over.
type progress struct {
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
func (p *progress) begin(r request) error {
	p.running, p.until, p.wait, p.stable = true, time.Time{}, plan.Wait{}, false
	p.journal.step = r.n
	p.journal.addNow("", sim.StepBegun{Step: r.step})
	err := p.perform(r.step)
	var no *plan.Refusal
	if errors.As(err, &no) {
		p.journal.addNow(r.step.At, sim.StepRefused{Why: no.Error()})
		return nil
	}
	return err
}

// perform does what a step asks for.
func (p *progress) perform(s sim.Step) error {
	known := p.known()
	if s.Verb == sim.VerbConnect && s.At == sim.Client {
		client, err := p.ports.client(len(p.sockets.conns))
		if err != nil {
			return err
		}
		known.Client = client
	}
	action, err := plan.Plan(&p.journal.table, s, known)
	if err != nil {
		return err
	}
	switch a := action.(type) {
	case plan.Wait:
		p.until = time.Now().Add(time.Duration(float64(a.For) * float64(time.Second)))
		p.wait = a
	case plan.Start:
		started, err := p.programs.start(a.At)
		if err != nil {
			return err
		}
		p.journal.addNow(a.At, sim.ProcessStarted{PID: started.PID()})
	case plan.Kill:
		return p.tell(a.PID, program.Signal(a.Signal))
	case plan.Calls:
		return p.tell(a.PID, program.Calls{Calls: a.Calls, Stop: a.Stop})
	case plan.Cable:
		p.journal.addNow("", sim.CableChanged{Cable: cableNow(a.Cut)})
		return p.net.handle(a, p.moved)
	default:
		return p.net.handle(a, p.moved)
	}
	return nil
}

// tell tells a program something. It is refused if the program has just died.
func (p *progress) tell(pid int, r program.Request) error {
	err := p.programs.tell(pid, r)
	if errors.Is(err, program.ErrGone) {
		return &plan.Refusal{Kind: plan.JustDied, PID: pid}
	}
	return err
}

// moved takes in news of a segment.
func (p *progress) moved(n segmentNews) { p.journal.moved(n) }

// cableNow returns what the log says of the cable.
func cableNow(cut bool) sim.Cable {
	if cut {
		return sim.CableCut
	}
	return sim.CableMended
}

// known returns what the plan of a step needs to know of the network.
func (p *progress) known() plan.Network {
	k := plan.Network{Server: p.sockets.server, Newest: plan.Connection{
		ClientState: p.sockets.state(sim.Client), ServerState: p.sockets.state(sim.Server),
	}}
	if c := p.sockets.newest(); c != nil {
		k.Newest.Client, k.Newest.Crossed = c.client.local, c.crossed
	}
	k.Wire, k.Cut = p.net.cable()
	for _, h := range p.net.flight() {
		k.Flight = append(k.Flight, plan.Segment{ID: h.ID, From: h.From})
	}
	return k
}

// settle ends the step when it is over, and reports what changes by itself while none is
// running.
func (p *progress) settle() {
	switch {
	case !p.running:
		p.journal.reportTimers()
	case !p.sockets.acked():
	case !p.conditionMet():
		p.journal.reportTimers()
	case !p.stable: // look once more
		p.stable = true
	default:
		p.reportBlocked()
		p.journal.reportTimers()
		p.journal.emitNow("", sim.StepSettled{})
		p.running = false
		p.net.settled()
	}
}

// conditionMet reports whether the step has nothing to wait for: no time, no state. A state
// that does not come in time is refused.
func (p *progress) conditionMet() bool {
	late := !time.Now().Before(p.until)
	if !p.wait.Until {
		return late
	}
	unmet := p.wait.Unmet(p.known())
	if unmet != nil && late {
		p.journal.emitNow("", sim.StepRefused{Why: unmet.Error()})
		p.wait = plan.Wait{}
	}
	return unmet == nil || late
}

// reportBlocked reports each call that a program sleeps in, once.
func (p *progress) reportBlocked() {
	for q := range p.programs.living() {
		if q.inCall && !q.blocked {
			q.blocked = true
			p.journal.emitNow(q.at, sim.CallBlocked{PID: q.PID(), Call: q.call})
		}
	}
}

// pause returns how long the loop may sleep, as far as the step is concerned: until the next
// timer of a socket fires when nothing is going on, for ever (negative) when none runs.
func (p *progress) pause() time.Duration {
	next := p.sockets.untilTimer()
	if !p.running {
		return next
	}
	if p.stable {
		return p.net.settleDelay()
	}
	left := time.Until(p.until)
	if left <= 0 || !p.sockets.acked() {
		return unsettledPause
	}
	if next < 0 {
		return left
	}
	return min(left, next)
}
