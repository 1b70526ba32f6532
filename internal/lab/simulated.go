package lab

import (
	"sync"

	"finwait/sim"
	"finwait/sim/model"
)

// simulated is the lab on the model as a sim.Lab. Its methods may be called from any goroutine;
// the model belongs to its loop.
type simulated struct {
	model    *model.Lab
	requests chan request
	events   chan sim.Event
	closing  chan struct{} // closed by the first Close
	close    sync.Once
	done     chan struct{} // closed when the loop has ended
}

// request is a step to begin.
type request struct {
	n    int
	step sim.Step
}

// Simulated opens a lab on the model. The caller closes it. It cannot fail: its Err is nil.
func Simulated(o model.Options) sim.Lab {
	m, begun := model.Open(o)
	l := &simulated{
		model:    m,
		requests: make(chan request, 1),
		events:   make(chan sim.Event, 256),
		closing:  make(chan struct{}),
		done:     make(chan struct{}),
	}
	go l.loop(begun)
	return l
}

// loop emits how the log begins, and then makes step after step until the lab is closed.
func (l *simulated) loop(events []sim.Event) {
	defer close(l.done)
	defer close(l.events)
	for {
		for _, e := range events {
			select {
			case l.events <- e:
			case <-l.closing:
				return
			}
		}
		select {
		case r := <-l.requests:
			events = l.model.Do(r.n, r.step)
		case <-l.closing:
			return
		}
	}
}

func (l *simulated) Start(n int, step sim.Step) error {
	select {
	case <-l.closing:
		return sim.ErrClosed
	default:
	}
	select {
	case <-l.closing:
		return sim.ErrClosed
	case l.requests <- request{n, step}:
		return nil
	}
}

func (l *simulated) Events() <-chan sim.Event { return l.events }

func (l *simulated) Err() error { return nil }

func (l *simulated) Abilities() sim.Abilities { return l.model.Abilities() }

func (l *simulated) Close() error {
	l.close.Do(func() { close(l.closing) })
	<-l.done
	return nil
}
