package virtual

import (
	"sync"

	"finwait/sim"
)

// Beside is a live laboratory with the model beside it: its log has the verdicts of the
// model, before the settled event of each step, and where it falls silent it says why. It has
// the methods of a sim.Lab.
type Beside struct {
	sim.Lab
	events  chan sim.Event
	closing chan struct{}
	close   sync.Once
}

// NewBeside puts the model beside a laboratory that has just been opened. It owns the
// laboratory from now on.
func NewBeside(l sim.Lab) *Beside {
	b := &Beside{Lab: l, events: make(chan sim.Event, 64), closing: make(chan struct{})}
	go b.follow()
	return b
}

// Events returns the channel of all events, verdicts included. It is closed when the
// laboratory has ended.
func (b *Beside) Events() <-chan sim.Event { return b.events }

// Close closes the laboratory.
func (b *Beside) Close() error {
	b.close.Do(func() { close(b.closing) })
	return b.Lab.Close()
}

// follow passes the events on until the laboratory has ended.
func (b *Beside) follow() {
	defer close(b.events)
	shadow, silent := NewShadow(), false
	for e := range b.Lab.Events() {
		for _, v := range shadow.Observe(e) {
			b.pass(v)
		}
		silent = silent || e.Kind == sim.KindSilent
		if why := shadow.Silent(); why != "" && !silent && e.Kind == sim.KindSettled {
			silent = true
			b.pass(sim.Event{T: e.T, Step: e.Step, Kind: sim.KindSilent, Text: why})
		}
		b.pass(e)
	}
}

// pass passes one event on, unless nobody listens any more.
func (b *Beside) pass(e sim.Event) {
	select {
	case b.events <- e:
	case <-b.closing:
	}
}
