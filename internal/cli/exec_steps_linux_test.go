package cli

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim"
)

// tracedLab is a lab with programs that are not finwait's own, and its log.
type tracedLab struct {
	testing.TB
	lab *netlab.Lab
	n   int
	log []sim.Event
}

func openTraced(t testing.TB, server, client string) *tracedLab {
	t.Helper()
	e := execFlags{server: server, client: client}
	o, err := e.options(&flags{private: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := netlab.Open(o)
	if no := new(netlab.UnavailableError); errors.As(err, &no) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return &tracedLab{TB: t, lab: l}
}

// until reads the log up to an event, and returns what came since the last time.
func (l *tracedLab) until(what func(sim.Event) bool) []sim.Event {
	l.Helper()
	from := len(l.log)
	late := time.After(patience)
	for {
		select {
		case e, open := <-l.lab.Events():
			if !open {
				l.Fatalf("the lab has ended: %v", l.lab.Err())
			}
			if l.log = append(l.log, e); what(e) {
				return l.log[from:]
			}
		case <-late:
			l.Fatalf("it does not come: %v", l.log[from:])
		}
	}
}

// step makes a step and returns its events.
func (l *tracedLab) step(text string) []sim.Event {
	l.Helper()
	l.n++
	if err := l.lab.Start(l.n, sim.MustParseStep(text)); err != nil {
		l.Fatal(err)
	}
	return l.until(func(e sim.Event) bool { return e.Kind() == sim.KindSettled })
}

func isHeld(name sim.CallName) func(sim.Event) bool {
	return func(e sim.Event) bool { return e.Kind() == sim.KindHeld && e.Call().Name == name }
}

// has returns the index of the first event of that kind that ok accepts, -1 without.
func has(events []sim.Event, ok func(sim.Event) bool) int {
	for i, e := range events {
		if ok(e) {
			return i
		}
	}
	return -1
}

// A held call gives way to a signal: a handler runs at once, and the call is held again; without
// a handler the program dies, and has not made the call.
func TestExecSignalWhileHeld(t *testing.T) {
	server, client := build(t, "handler"), build(t, "client")
	livetest.Play(t, func(t testing.TB) {
		l := openTraced(t, server, client)
		l.until(isHeld(sim.CallBind))
		got := l.step("server kill SIGINT")
		signal := has(got, func(e sim.Event) bool {
			b, ok := e.Body.(sim.SignalTaken)
			return ok && b.Signal == "SIGINT" && b.Action == sim.Handled
		})
		again := has(got, isHeld(sim.CallBind))
		entered := has(got, func(e sim.Event) bool { return e.Kind() == sim.KindCall || e.Kind() == sim.KindReturn })
		if signal < 0 || again < signal || entered >= 0 {
			t.Errorf("handled %d, held again %d, a call %d: %v", signal, again, entered, got)
		}
		got = l.step("server next")
		if has(got, func(e sim.Event) bool { return sim.Of[sim.CallReturned](e).Call.Name == sim.CallBind }) < 0 {
			t.Errorf("bind was not made: %v", got)
		}
		l.step("server next")
		l.step("client start")
		if has(l.log, isHeld(sim.CallConnect)) < 0 {
			l.until(isHeld(sim.CallConnect))
		}
		got = l.step("client kill SIGTERM")
		if has(got, func(e sim.Event) bool { return sim.Of[sim.ProcessExited](e).Status == 143 }) < 0 {
			t.Errorf("it does not die: %v", got)
		}
		if has(got, func(e sim.Event) bool { return e.Kind() == sim.KindCall || e.Kind() == sim.KindSegment }) >= 0 {
			t.Errorf("the call was made: %v", got)
		}
	})
}

// A signal that is ignored interrupts nothing, as without a tracer.
func TestExecIgnoredSignalInterruptsNothing(t *testing.T) {
	server, client := build(t, "handler"), build(t, "client")
	livetest.Play(t, func(t testing.TB) {
		log := execLog(t, os.Getuid(), "--server", server, "--client", client)
		if got := did(log, sim.Server); strings.Contains(got, "EINTR") || strings.Contains(got, "epoll_wait: -1") || !strings.Contains(got, `"epoll_wait: 1\n"`) {
			t.Errorf("the server: %s", got)
		}
		exited := false
		for _, e := range log {
			b, ok := e.Body.(sim.ProcessExited)
			exited = exited || ok && e.At == sim.Server && b.Status == 0
		}
		if !exited {
			t.Error("the child has not ended")
		}
	})
}

// A step that names a call is refused: the program makes calls of its own. So is one for a
// program that is held at nothing.
func TestExecRefused(t *testing.T) {
	server, client := build(t, "server"), build(t, "client")
	livetest.Play(t, func(t testing.TB) {
		l := openTraced(t, server, client)
		l.until(isHeld(sim.CallBind))
		for step, want := range map[string]sim.RefusalKind{
			"server listen": sim.RefusedOwnCalls, "client next": sim.RefusedNotHeld, "server skip": sim.RefusedNotHeld,
		} {
			got := l.step(step)
			if i := has(got, func(e sim.Event) bool { return e.Kind() == sim.KindRefused }); i < 0 || sim.Of[sim.StepRefused](got[i]).Refusal.Kind != want {
				t.Errorf("%s: %v, want %s", step, got, want)
			}
		}
	})
}
