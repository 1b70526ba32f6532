package predict

import (
	"finwait/sim"
	"finwait/sim/check"
	"finwait/sim/model"
	"finwait/sim/way"
)

// Asker is a fold over a log that can ask what the next step will do. It is not safe for
// concurrent use.
type Asker struct {
	scene sim.Scene
	ended [2]ending // by end: how the newest connection ended there
	// lingers is, by end, that SO_LINGER {1, 0} was set there the last time.
	lingers [2]bool
	auto    bool // the wire delivers every segment at once

	checker *check.Checker // the model beside the log of real sockets
	lab     *model.Lab     // the model again, for a log of the model itself; else nil
	begun   bool           // the newest step has not settled
}

// ending is how an end of a connection came to an end.
type ending struct {
	in     sim.State // the state in which it ended, Closed while it has not
	byRST  bool      // the peer has sent a RST
	hadFIN bool      // the peer's FIN had come
	told   bool      // a call has reported the error
}

// New returns an Asker at the beginning of a log. auto says that the wire delivers every segment
// at once until a step says otherwise.
func New(auto bool) *Asker {
	return &Asker{checker: check.New(), auto: auto}
}

// Observe takes the next event of the log.
func (a *Asker) Observe(e sim.Event) {
	a.checker.Observe(e)
	switch b := e.Body.(type) {
	case sim.LabOpened:
		a.open(b.Setting)
	case sim.StepBegun:
		a.begun = true
		if a.lab != nil && !b.Skipped {
			a.lab.Do(e.Step, b.Step)
		}
	case sim.StepSettled:
		a.begun = false
	}
	conn := a.scene.Subject
	a.scene.Apply(e)
	if a.scene.Subject != conn {
		a.ended = [2]ending{}
	}
	a.noteEnding(e)
	if on, ok := a.scene.Newest.Automatic(); ok && e.Kind() == sim.KindSettled {
		a.auto = on
	}
}

// open begins with the lab of a log. A log of the model itself is followed by the model that
// makes the same steps.
func (a *Asker) open(s *sim.Setting) {
	a.lab = nil
	if s.Capture != sim.Modelled {
		return
	}
	wire := s.Client == sim.WireAddress(sim.Client)
	a.lab, _ = model.Open(model.Options{Wire: wire, KernelTimers: wire && len(s.Sysctls) == 0, AutoDeliver: wire && a.auto})
}

// noteEnding takes in what tells how the newest connection ends, and how it will.
func (a *Asker) noteEnding(e sim.Event) {
	if e.At == "" || e.Conn() != 0 && e.Conn() != a.scene.Subject {
		return
	}
	ended := &a.ended[index(e.At)]
	switch b := e.Body.(type) {
	case sim.SegmentMoved:
		if b.Segment.Flags&sim.RST != 0 && b.Segment.Fate != sim.Held && b.Segment.Fate != sim.Dropped {
			a.ended[index(e.At.Peer())].byRST = true
		}
	case sim.StateChanged:
		switch {
		case b.Conn == 0:
		case !b.To.Connected() && b.From.Connected():
			ended.in = b.From
		case b.To == sim.CloseWait, b.To == sim.Closing, b.To == sim.TimeWait:
			ended.hadFIN = true
		}
	case sim.CallReturned:
		if b.Call.Name == sim.CallSetsockopt && b.Call.Option.Name == sim.OptLinger {
			a.lingers[index(e.At)] = b.Call.Option.On && b.Call.Option.Value == 0
		}
		if b.Result.Errno != "" || sim.SocketError(b.Call, b.Result) != "" && sim.SocketError(b.Call, b.Result) != "0" {
			ended.told = ended.told || ended.in != sim.Closed
		}
	}
}

// ahead returns what the model says that a step will do; ok is false where it says nothing.
func (a *Asker) ahead(step sim.Step) (events []sim.Event, ok bool) {
	switch {
	case a.begun:
		return nil, false
	case a.lab == nil:
		return a.checker.Predict(step, a.auto)
	}
	lab := a.lab.Clone()
	events = lab.Do(0, step)
	return events, !lab.Unsupported()
}

// Idle reports whether step, which is to be made next, is a wait for a time in which by the model
// nothing happens but that the time goes by.
func (a *Asker) Idle(step sim.Step) bool {
	if step.Verb != sim.VerbWait || step.How != "" {
		return false
	}
	events, ok := a.ahead(step)
	return ok && way.Quiet(events)
}

// Questions returns what may be asked about a step that is to be made next, the most telling
// question first. There is none about a step that shows nothing, that is refused, or about which
// the model says nothing.
func (a *Asker) Questions(step sim.Step) []Question {
	events, ok := a.ahead(step)
	if !ok {
		return nil
	}
	s := newSituation(a, step, events)
	if s.refused {
		return nil
	}
	return s.questions()
}
