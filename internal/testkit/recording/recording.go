// Package recording is a lab that replays a log. Tests play lessons on it, to see that a log is
// all that the screen and the transcript need.
package recording

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"finwait/sim"
)

// Lab replays the events of a log, step after step. Expectations are left out: who plays the
// lesson checks them anew. Its clock is that of the log.
type Lab struct {
	log    []sim.Event
	events chan sim.Event
	mu     sync.Mutex
	at     int // index of the next event
	closed bool
}

// New returns a lab that replays the log. It begins with what the log has before the first step.
func New(log []sim.Event) *Lab {
	l := &Lab{log: log, events: make(chan sim.Event, len(log))}
	l.replay(func(next sim.Event) bool { return next.Kind() != sim.KindStep })
	return l
}

// Read decodes a log, one event a line.
func Read(r io.Reader) ([]sim.Event, error) {
	var log []sim.Event
	for lines := json.NewDecoder(r); ; {
		var e sim.Event
		switch err := lines.Decode(&e); {
		case errors.Is(err, io.EOF):
			return log, nil
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", len(log)+1, err)
		}
		log = append(log, e)
	}
}

// replay sends the events up to the first that is not wanted.
func (l *Lab) replay(wanted func(next sim.Event) bool) {
	for ; l.at < len(l.log) && wanted(l.log[l.at]); l.at++ {
		if e := l.log[l.at]; e.Kind() != sim.KindExpect {
			l.events <- e
		}
	}
}

// Start goes on with the log if that is the step in it.
func (l *Lab) Start(n int, step sim.Step) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return sim.ErrClosed
	}
	if l.at == len(l.log) {
		return fmt.Errorf("the log is over, it has no step %d, %s", n, step)
	}
	if e := l.log[l.at]; e.Step != n || !reflect.DeepEqual(e.Body, sim.StepBegun{Step: step}) {
		return fmt.Errorf("step %d is %s, and in the log %v", n, step, e)
	}
	begun := false
	l.replay(func(next sim.Event) bool {
		another := begun && next.Kind() == sim.KindStep
		begun = true
		return !another
	})
	return nil
}

// Events returns the channel of the events.
func (l *Lab) Events() <-chan sim.Event { return l.events }

// Err returns nil.
func (l *Lab) Err() error { return nil }

// Abilities returns that the lab makes steps, and that its clock is that of the log.
func (l *Lab) Abilities() sim.Abilities { return sim.Abilities{Steps: true, Virtual: true} }

// Close ends the channel.
func (l *Lab) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.events)
	}
	return nil
}
