package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"finwait/sim"
)

// autoplay lets the calls of both programs go, what was held first before the others. It starts
// the client once the server listens.
type autoplay struct {
	lab        sim.Lab
	skipSleeps bool

	steps     int
	busy      bool // a step runs
	silences  int  // how often in a row nothing has happened for a while
	started   bool // the client was started
	listening bool
	refused   bool
	holds     []threadCall // the oldest first
	blocked   []threadCall
	living    map[int]sim.End
	verdict   string // how it has ended, as a sentence
}

// threadCall is a call that a thread is held at, or sleeps in.
type threadCall struct {
	at       sim.End
	pid, tid int
	call     sim.Call
}

// quiet is after how long without news programs that are held at nothing count as blocked for
// good.
const quiet = 3 * time.Second

// mostSilences is how often in a row nothing happens for a while before the client is started
// although the server does not listen.
const mostSilences = 4

func newAutoplay(lab sim.Lab, skipSleeps bool) *autoplay {
	return &autoplay{lab: lab, skipSleeps: skipSleeps, living: map[int]sim.End{}}
}

// run plays until both programs have ended or block. Every event is told to tell.
func (a *autoplay) run(ctx context.Context, tell func(sim.Event) error) error {
	silence := time.NewTimer(quiet)
	defer silence.Stop()
	for {
		over, err := a.next(false)
		if over || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-silence.C:
			if a.busy {
				silence.Reset(quiet)
				continue
			}
			a.silences++
			if over, err := a.next(true); over || err != nil {
				return err
			}
			silence.Reset(quiet)
		case e, open := <-a.lab.Events():
			if !open {
				return ended(a.lab, errLabEnded)
			}
			silence.Reset(quiet)
			a.silences = 0
			a.observe(e)
			if err := tell(e); err != nil {
				return err
			}
		}
	}
}

// errLabEnded is said where a lab ends by itself, and does not say why.
var errLabEnded = errors.New("the lab has ended")

// next begins the next step if none runs, and reports whether there is nothing more to do. With
// late nothing has happened for a while.
func (a *autoplay) next(late bool) (over bool, err error) {
	if a.busy || a.steps == 0 && len(a.living) == 0 {
		return false, nil
	}
	servers := a.lives(sim.Server)
	switch {
	case !a.started && (a.listening || a.silences >= mostSilences && servers && len(a.holds) == 0):
		a.started = true
		return false, a.begin(sim.Step{At: sim.Client, Verb: sim.VerbStart})
	case len(a.holds) > 0:
		h := a.holds[0]
		step := sim.Step{At: h.at, Verb: sim.VerbNext}
		if a.skipSleeps && h.call.Name == sim.CallSleep {
			step.Verb = sim.VerbSkip
		}
		return false, a.begin(step)
	case len(a.living) == 0 && !a.started:
		a.verdict = "The server has ended before it listened: the client was not started."
		return true, nil
	case len(a.living) == 0:
		a.verdict = "Both programs have ended."
		return true, nil
	case late && a.started:
		a.verdict = a.standing()
		return true, nil
	}
	return false, nil
}

func (a *autoplay) begin(step sim.Step) error {
	a.steps++
	a.busy = true
	return a.lab.Start(a.steps, step)
}

func (a *autoplay) lives(at sim.End) bool {
	for _, end := range a.living {
		if end == at {
			return true
		}
	}
	return false
}

// observe takes in an event.
func (a *autoplay) observe(e sim.Event) {
	call := threadCall{at: e.At, pid: e.PID(), call: e.Call()}
	switch b := e.Body.(type) {
	case sim.ProcessStarted:
		a.living[b.PID] = e.At
	case sim.ProcessExited:
		delete(a.living, b.PID)
		mine := func(t threadCall) bool { return t.pid == b.PID }
		a.holds, a.blocked = slices.DeleteFunc(a.holds, mine), slices.DeleteFunc(a.blocked, mine)
	case sim.StateChanged:
		a.listening = a.listening || e.At == sim.Server && b.To == sim.Listen
	case sim.StepRefused:
		a.refused = true
		a.holds = slices.DeleteFunc(a.holds, func(t threadCall) bool { return t.at == e.At })
	case sim.StepSettled:
		a.busy = false
	case sim.CallHeld:
		call.tid = b.TID
		a.forget(&a.holds, call)
		a.holds = append(a.holds, call)
	case sim.CallEntered:
		call.tid = b.TID
		a.forget(&a.holds, call)
	case sim.CallBlocked:
		call.tid = b.TID
		a.blocked = append(a.blocked, call)
	case sim.CallReturned:
		call.tid = b.TID
		a.forget(&a.blocked, call)
	}
}

// forget takes the call of a thread out of a list.
func (a *autoplay) forget(list *[]threadCall, c threadCall) {
	*list = slices.DeleteFunc(*list, func(t threadCall) bool { return t.pid == c.pid && t.tid == c.tid })
}

// standing says where the programs stand that have not ended.
func (a *autoplay) standing() string {
	var lines []string
	for _, at := range []sim.End{sim.Server, sim.Client} {
		var calls []string
		for _, t := range a.blocked {
			if t.at == at {
				calls = append(calls, t.call.String())
			}
		}
		switch {
		case !a.lives(at):
			lines = append(lines, fmt.Sprintf("The %s has ended.", at))
		case len(calls) > 0:
			lines = append(lines, fmt.Sprintf("The %s is blocked in %s.", at, strings.Join(calls, ", ")))
		default:
			lines = append(lines, fmt.Sprintf("The %s goes on, without a call on the lab's port.", at))
		}
	}
	return strings.Join(lines, "\n")
}
