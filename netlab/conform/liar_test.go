package conform

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"finwait/internal/lab"
	"finwait/sim"
	"finwait/sim/check"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// posing is the model that poses as a live laboratory. A lie changes what it tells, or keeps
// it to itself: then it has no kind.
type posing struct {
	sim.Lab
	events chan sim.Event
	done   chan struct{} // closed when nobody listens any more
	close  sync.Once
	told   sync.WaitGroup
}

// pose opens a model that poses as a live laboratory on the wire.
func pose(kernelTimers bool, lie func(sim.Event) sim.Event) *posing {
	p := &posing{
		Lab:    lab.Simulated(model.Options{Wire: true, KernelTimers: kernelTimers}),
		events: make(chan sim.Event),
		done:   make(chan struct{}),
	}
	p.told.Go(func() {
		for e := range p.Lab.Events() {
			if e.Kind() == sim.KindLab {
				info := *sim.Of[sim.LabOpened](e).Setting
				info.Net, info.Capture, info.Kernel = sim.Wire, sim.Captured, "0.0.0"
				sim.Edit(&e, func(b *sim.LabOpened) { b.Setting = &info })
			}
			if e.By() == sim.ByModel {
				sim.Edit(&e, func(b *sim.StateChanged) { b.By = sim.ByKernel })
				sim.Edit(&e, func(b *sim.SegmentMoved) { b.By = sim.ByKernel })
			}
			if e = lie(e); e.Kind() == "" {
				continue
			}
			select {
			case p.events <- e:
			case <-p.done:
				return
			}
		}
	})
	return p
}

func (p *posing) Events() <-chan sim.Event { return p.events }

func (p *posing) Close() error {
	p.close.Do(func() { close(p.done) })
	err := p.Lab.Close()
	p.told.Wait()
	return err
}

// honest tells what happened.
func honest(e sim.Event) sim.Event { return e }

// posed returns options whose laboratories pose as live ones, with the model beside them.
func posed(lie func(sim.Event) sim.Event) Options {
	o := onModel(func() Judge { return check.New() })
	o.Open = func(kernelTimers bool) (sim.Lab, error) { return pose(kernelTimers, lie), nil }
	return o
}

// The model agrees with itself, whoever it says it is.
func TestHonest(t *testing.T) {
	o := posed(honest)
	o.Walks = 200
	if testing.Short() {
		o.Walks = 40
	}
	r := conform(t, o)
	if len(r.Disagreements) > 0 || r.Compared < r.Steps || r.Walks != o.Walks || r.Steps < 20*r.Walks {
		t.Errorf("%s", r)
	}
	if text := r.String(); strings.Count(text, "\n") > 2 || !strings.Contains(text, "no disagreement") {
		t.Errorf("it says %q", text)
	}
}

// replay plays a report's lesson and returns how many expectations fell short.
func replay(t *testing.T, r *Report, lie func(sim.Event) sim.Event) int {
	t.Helper()
	l := parsed(t, r)
	lab, player := pose(l.Timers == lesson.TimersKernel, lie), lesson.NewPlayer(l)
	defer lab.Close()
	for {
		n, step, more := player.Next()
		if !more {
			return player.Failures()
		}
		if err := lab.Start(n, step.Step); err != nil {
			t.Fatal(err)
		}
		for player.Started(); player.Busy(); {
			player.Observe(<-lab.Events())
		}
	}
}

// A laboratory that lies is found out, whatever it lies about. What is printed shows the
// lie again, and holds where nobody lies.
func TestLiars(t *testing.T) {
	if testing.Short() {
		t.Skip("TestHonest and TestLiesOnce are enough for the race detector")
	}
	for _, c := range []struct {
		what   sim.What
		lie    func(sim.Event) sim.Event
		most   int      // how many steps the lesson has at most
		expect []string // what the lesson expects, in the end
		mute   bool     // no expectation can say it
	}{
		{sim.WhatState, func(e sim.Event) sim.Event {
			if e.Kind() == sim.KindState && sim.Of[sim.StateChanged](e).To == sim.CloseWait {
				sim.Edit(&e, func(b *sim.StateChanged) { b.To = sim.Established })
			}
			return e
		}, 8, []string{"CLOSE_WAIT"}, false},
		{sim.WhatReturn, func(e sim.Event) sim.Event {
			if e.Kind() == sim.KindReturn && sim.Of[sim.CallReturned](e).Result.Errno == "EPIPE" {
				sim.Edit(&e, func(b *sim.CallReturned) { b.Result.Errno = "ECONNRESET" })
			}
			return e
		}, 8, []string{"fails EPIPE"}, false},
		{sim.WhatReturn, func(e sim.Event) sim.Event {
			sim.Edit(&e, func(b *sim.CallReturned) {
				b.Result.Note = strings.TrimSuffix(sim.Of[sim.CallReturned](e).Result.Note, " RDHUP")
			})
			return e
		}, 8, nil, true},
		{sim.WhatSegment, func(e sim.Event) sim.Event {
			if e.Segment().Flags == sim.RST {
				sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Flags |= sim.FIN })
			}
			return e
		}, 8, []string{`no segment "FIN RST"`}, false},
		{sim.WhatSegment, func(e sim.Event) sim.Event {
			if e.Segment().Flags&sim.FIN != 0 {
				sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Seq++ })
			}
			return e
		}, 8, nil, false},
		{sim.WhatSignal, func(e sim.Event) sim.Event {
			if e.Kind() == sim.KindSignal && e.Signal() == "SIGPIPE" {
				sim.Edit(&e, func(b *sim.SignalTaken) { b.Action = sim.Handled })
			}
			return e
		}, 8, []string{"signal SIGPIPE killed"}, false},
		{sim.WhatExit, func(e sim.Event) sim.Event {
			if e.Kind() == sim.KindExit && e.Signal() == "SIGINT" {
				sim.Edit(&e, func(b *sim.ProcessExited) { b.Status = 0 })
			}
			return e
		}, 1, []string{"exit 130"}, false},
		{sim.WhatSegment, func(e sim.Event) sim.Event { // nothing is ever sent again
			if e.Segment().Fate == sim.Retransmitted {
				return sim.Event{}
			}
			return e
		}, 7, nil, true},
		{sim.WhatRefused, func(e sim.Event) sim.Event {
			if e.Kind() == sim.KindRefused {
				sim.Edit(&e, func(b *sim.StepRefused) {
					b.Why = strings.ReplaceAll(sim.Of[sim.StepRefused](e).Why, "holds no", "has no")
				})
			}
			return e
		}, 1, nil, true},
	} {
		o := posed(c.lie)
		o.Walks = 60
		r := conform(t, o)
		s := r.Shortest
		found := func(v sim.Event) bool { return sim.Of[sim.Verdict](v).What == c.what }
		if s == nil || !slices.ContainsFunc(s.Verdicts, found) || len(s.Steps) > c.most {
			t.Errorf("a lie about %s: at most %d steps should be left\n%s", c.what, c.most, r)
			continue
		}
		text := r.String()
		for _, want := range c.expect {
			if !strings.Contains(text, want) {
				t.Errorf("a lie about %s: nothing expects %q\n%s", c.what, want, text)
			}
		}
		if c.expect != nil && (replay(t, r, c.lie) == 0 || replay(t, r, honest) > 0) {
			t.Errorf("a lie about %s: the lesson falls short %d times, and without it %d times\n%s",
				c.what, replay(t, r, c.lie), replay(t, r, honest), text)
		}
		if c.mute && !strings.Contains(text, "no word for this difference") {
			t.Errorf("a lie about %s:\n%s", c.what, text)
		}
	}
}
