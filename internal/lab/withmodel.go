package lab

import (
	"sync"

	"finwait/sim"
	"finwait/sim/check"
)

// withModel is a live lab with the model beside it.
type withModel struct {
	sim.Lab
	events  chan sim.Event
	closing chan struct{} // closed by the first Close
	close   sync.Once
}

// WithModel puts the model beside a lab that has just been opened: its log has the verdicts of
// the model, before the settled event of each step, and where the model falls silent it says
// why. The lab that was given belongs to the one that is returned, which the caller closes.
func WithModel(l sim.Lab) sim.Lab {
	b := &withModel{Lab: l, events: make(chan sim.Event, 64), closing: make(chan struct{})}
	go b.follow()
	return b
}

func (b *withModel) Events() <-chan sim.Event { return b.events }

func (b *withModel) Close() error {
	b.close.Do(func() { close(b.closing) })
	return b.Lab.Close()
}

// follow passes the events on until the lab has ended or nobody listens any more.
func (b *withModel) follow() {
	defer close(b.events)
	checker := check.New()
	for live := range b.Lab.Events() {
		for _, e := range checker.Follow(live) {
			select {
			case b.events <- e:
			case <-b.closing:
			}
		}
	}
}
