package puppet

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/program"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// behind is a program behind the boundary, with what the tests need around it.
type behind struct {
	program.Program
	t testing.TB
}

// open starts a puppet on this machine; it ends with the test.
func open(t testing.TB) *behind {
	t.Helper()
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := New(h, "finwait-test", testCPU(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return &behind{p, t}
}

// event waits for the next event.
func (b *behind) event() program.Event {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		e, err := b.Next()
		if err != nil {
			b.t.Fatal(err)
		}
		if e != nil {
			return e
		}
		left := time.Until(deadline)
		if left <= 0 {
			b.t.Fatal("no event")
		}
		poll := []unix.PollFd{{Fd: int32(b.FD()), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, int(left.Milliseconds())+1); err != nil && !errors.Is(err, unix.EINTR) {
			b.t.Fatal(err)
		}
	}
}

// tell has the program make calls and returns its events up to the last return.
func (b *behind) tell(calls ...sim.Call) (events []program.Event) {
	b.t.Helper()
	if err := b.Tell(program.Calls{Calls: calls}); err != nil {
		b.t.Fatal(err)
	}
	for range calls {
		events = append(events, b.event(), b.event())
	}
	return events
}

// words returns an event without its time.
func words(e program.Event) string {
	switch e := e.(type) {
	case program.Entered:
		return fmt.Sprintf("entered %v from %v", e.Call, e.Local)
	case program.Returned:
		return fmt.Sprintf("returned %v = %d %s, peer %v", e.Call, e.Result.Ret, e.Result.Errno, e.Peer)
	case program.Gone:
		return fmt.Sprintf("gone %d %s", e.Status, e.Signal)
	}
	return fmt.Sprintf("%T", e)
}

// A connection is found by what the events of both ends say: where the client's socket is
// bound when it connects, and whose connection the server accepts.
func TestEventsOfConnection(t *testing.T) {
	server, client := open(t), open(t)
	bind := func(addr string) sim.Call {
		return sim.Call{Name: sim.CallBind, FD: sim.LastFD, Addr: netip.MustParseAddrPort(addr)}
	}
	socket := sim.Call{Name: sim.CallSocket, FD: sim.NoFD}
	server.tell(socket, bind("127.0.0.1:0"), sim.Call{Name: sim.CallListen, FD: sim.LastFD, Backlog: 1})
	listens := addressOf(t, server.PID(), 3)
	probe := open(t) // takes a free port, and gives it back
	probe.tell(socket, bind("127.0.0.2:0"))
	from := addressOf(t, probe.PID(), 3)
	probe.tell(sim.Call{Name: sim.CallClose, FD: 3})

	events := client.tell(socket, bind(from.String()), sim.Call{Name: sim.CallConnect, FD: sim.LastFD, Addr: listens})
	want := []string{
		fmt.Sprintf("entered connect(3, %v) from %v", listens, from),
		fmt.Sprintf("returned connect(3, %v) = 0 , peer invalid AddrPort", listens),
	}
	if got := []string{words(events[4]), words(events[5])}; !slices.Equal(got, want) {
		t.Errorf("the client's events are\n%q, want\n%q", got, want)
	}
	events = server.tell(sim.Call{Name: sim.CallAccept, FD: 3})
	want = []string{"entered accept(3) from invalid AddrPort", fmt.Sprintf("returned accept(3) = 4 , peer %v", from)}
	if got := []string{words(events[0]), words(events[1])}; !slices.Equal(got, want) {
		t.Errorf("the server's events are\n%q, want\n%q", got, want)
	}
}

// A signal ends it in the middle of a call; after its end it is told nothing any more.
func TestEventsOfDeath(t *testing.T) {
	b := open(t)
	b.tell(sim.Call{Name: sim.CallSocket, FD: sim.NoFD}, sim.Call{Name: sim.CallListen, FD: 3, Backlog: 1})
	if err := b.Tell(program.Calls{Calls: []sim.Call{{Name: sim.CallAccept, FD: 3}}}); err != nil {
		t.Fatal(err)
	}
	if got := words(b.event()); got != "entered accept(3) from invalid AddrPort" {
		t.Errorf("%s", got)
	}
	for deadline := time.Now().Add(patience); b.Running(); {
		if time.Now().After(deadline) {
			t.Fatal("it does not sleep in accept")
		}
	}
	if err := b.Tell(program.Signal("SIGTERM")); err != nil {
		t.Fatal(err)
	}
	if !b.Running() {
		t.Error("it is not dying")
	}
	if got := words(b.event()); got != "gone 143 SIGTERM" {
		t.Errorf("%s", got)
	}
	if e, err := b.Next(); e != nil || err != nil || b.Running() || b.Stirring() {
		t.Errorf("after its end: %v, %v, running %v, stirring %v", e, err, b.Running(), b.Stirring())
	}
	for _, r := range []program.Request{program.Calls{Calls: []sim.Call{{Name: sim.CallClose, FD: 3}}}, program.Signal("SIGTERM")} {
		if err := b.Tell(r); !errors.Is(err, program.ErrGone) {
			t.Errorf("told %v: %v", r, err)
		}
	}
}

// The return of a fork brings the child, which is a program as its parent is.
func TestEventsOfFork(t *testing.T) {
	b := open(t)
	b.tell(sim.Call{Name: sim.CallSocket, FD: sim.NoFD})
	events := b.tell(sim.Call{Name: sim.CallFork, FD: sim.NoFD})
	fork := events[1].(program.Returned)
	if fork.Child == nil || fork.Child.PID() != fork.Result.Ret {
		t.Fatalf("fork returned %+v", fork)
	}
	child := &behind{fork.Child, t}
	if got := words(child.tell(sim.Call{Name: sim.CallClose, FD: 3})[1]); got != "returned close(3) = 0 , peer invalid AddrPort" {
		t.Errorf("%s", got)
	}
	if err := child.Close(); err != nil {
		t.Error(err)
	}
}
