package virtual

import (
	"errors"

	"finwait/sim"
)

// perform performs a step up to the moment in which it has settled.
func (l *Lab) perform(r request) {
	l.n, l.wait = r.n, wait{}
	l.tell(sim.Event{Kind: sim.KindStep, Text: r.step.String()})
	err := l.begin(r.step)
	var no *refusal
	if errors.As(err, &no) {
		l.tell(sim.Event{Kind: sim.KindRefused, At: r.step.At, Text: no.text})
	}
	l.settle()
	l.reportBlocked()
	l.report()
	if l.world.Unsupported() && !l.beyond {
		l.beyond = true
		l.tell(sim.Event{Kind: sim.KindSilent, Text: tooMuch + "; a kernel may do something else"})
	}
	l.tell(sim.Event{Kind: sim.KindSettled})
	l.flush()
	l.all = false
}

// begin begins a step. What cannot be done is a *refusal.
func (l *Lab) begin(s sim.Step) error {
	switch {
	case s.Verb == sim.VerbWait:
		l.waitFor(s)
		return nil
	case s.Verb == sim.VerbAuto && l.wire:
		l.auto = s.How == "on"
		return nil
	}
	inputs, err := l.plan(s)
	if err != nil {
		return err
	}
	if s.Verb == sim.VerbDeliver && s.How == sim.PickAll { // and what that brings
		l.all = true
		return nil
	}
	for _, in := range inputs {
		l.do(in)
	}
	l.proceed()
	return nil
}

// proceed has the programs go on with their calls, until each has made all of them or
// is blocked.
func (l *Lab) proceed() {
	for {
		p := l.ready()
		if p == nil {
			return
		}
		l.enter(p, l.nextCall(p))
	}
}

// ready returns the newest process that can make its next call, the server's before the
// client's; nil when there is none.
func (h *hosts) ready() *process {
	var next *process
	for i := range h.ends {
		for _, p := range h.ends[i].all {
			if !p.dead && !p.busy && len(p.calls) > 0 {
				next = p
			}
		}
	}
	return next
}
