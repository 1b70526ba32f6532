package puppet

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"finwait/netlab/host"
	"finwait/sim"
	meaning "finwait/sim/program"

	"golang.org/x/sys/unix"
)

// Whatever call a step means, the program can make it: a call that it does not know fails with
// EINVAL. These are made on a descriptor that is closed.
func TestCallsOfEveryVerb(t *testing.T) {
	var now sim.Table
	for _, body := range []sim.Body{
		sim.ProcessStarted{PID: 1},
		sim.CallReturned{PID: 1, Call: sim.Call{Name: sim.CallSocket}, Result: sim.Result{Ret: 3}},
		sim.CallReturned{PID: 1, Call: sim.Call{Name: sim.CallListen, FD: 3}},
		sim.CallReturned{PID: 1, Call: sim.Call{Name: sim.CallAccept, FD: 3}, Result: sim.Result{Ret: 4}, Refers: 1},
	} {
		now.Apply(sim.Event{At: sim.Server, Body: body})
	}
	for _, u := range sim.Usages() {
		for _, s := range []sim.Step{{}, {How: sim.ReadPeek}, {NoSignal: true}, {How: sim.OfListener}} {
			s.At, s.Verb = sim.Server, u.Verb
			action, _ := meaning.Plan(&now, s, meaning.Network{})
			calls, _ := action.(meaning.Calls)
			for _, c := range calls.Calls {
				if c.Name == sim.CallFork || c.Name == sim.CallSigaction || c.Name == sim.CallSocket {
					continue // made by the program itself; without a descriptor
				}
				c.FD, c.Addr = -1, netip.MustParseAddrPort("127.0.0.1:1")
				if r := makeCall(c); r.Errno == int(unix.EINVAL) {
					t.Errorf("%s: %s is not known", u.Verb, c)
				}
			}
		}
	}
}

// Every call a program can make, on one connection.
func TestCalls(t *testing.T) {
	server, client := connected(t)
	tests := []struct {
		at    *subject
		call  sim.Call
		ret   int
		errno unix.Errno
		data  string
		note  string
	}{
		{at: client, call: sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("hello")}, ret: 5},
		{at: server, call: sim.Call{Name: sim.CallPoll, FD: 4}, ret: 1, note: "IN OUT"},
		{at: server, call: sim.Call{Name: sim.CallRecv, FD: 4, Size: 4, Flags: sim.MsgPeek}, ret: 4, data: "hell"},
		{at: server, call: sim.Call{Name: sim.CallRead, FD: 4, Size: 3}, ret: 3, data: "hel"},
		{at: server, call: sim.Call{Name: sim.CallRead, FD: 4, Size: 100}, ret: 2, data: "lo"},
		{at: server, call: sim.Call{Name: sim.CallWrite, FD: 4}, ret: 0},
		{at: server, call: sim.Call{Name: sim.CallSend, FD: 4, Flags: sim.MsgNoSignal}, ret: 0},
		{at: server, call: sim.Call{Name: sim.CallSend, FD: 4, Data: []byte("all\x00\xff"), Flags: sim.MsgNoSignal}, ret: 5},
		{at: client, call: sim.Call{Name: sim.CallRead, FD: 3, Size: 100}, ret: 5, data: "all\x00\xff"},
		{at: server, call: sim.Call{Name: sim.CallSetsockopt, FD: 4, Option: sim.Option{Name: sim.OptReuseAddr, Value: 1}}, ret: 0},
		{at: server, call: sim.Call{Name: sim.CallWrite, FD: 4, Fill: 3}, ret: 3},
		{at: server, call: sim.Call{Name: sim.CallSend, FD: 4, Fill: 2, Flags: sim.MsgNoSignal}, ret: 2},
		{at: client, call: sim.Call{Name: sim.CallRead, FD: 3, Size: 100}, ret: 5, data: "xxxxx"},
		{at: server, call: sim.Call{Name: sim.CallDup, FD: 4}, ret: 5},
		{at: server, call: sim.Call{Name: sim.CallClose, FD: 5}, ret: 0},
		{at: server, call: sim.Call{Name: sim.CallClose, FD: 5}, ret: -1, errno: unix.EBADF},
		{at: client, call: sim.Call{Name: sim.CallShutdown, FD: 3, How: sim.ShutWR}, ret: 0},
		{at: server, call: sim.Call{Name: sim.CallRead, FD: 4, Size: 100}, ret: 0},
		{at: server, call: sim.Call{Name: sim.CallPoll, FD: 4}, ret: 1, note: "IN OUT RDHUP"},
		{at: client, call: sim.Call{Name: sim.CallSend, FD: 3, Data: []byte("x"), Flags: sim.MsgNoSignal}, ret: -1, errno: unix.EPIPE},
		{at: client, call: sim.Call{Name: sim.CallSetsockopt, FD: 3, Option: sim.Option{Name: sim.OptLinger, On: true}}, ret: 0},
		{at: client, call: sim.Call{Name: sim.CallClose, FD: 3}, ret: 0}, // with RST
		{at: server, call: sim.Call{Name: sim.CallPoll, FD: 4}, ret: 1, note: "IN OUT RDHUP HUP ERR"},
		{at: server, call: sim.Call{Name: sim.CallGetsockopt, FD: 4, Option: sim.Option{Name: sim.OptError}}, ret: 0, note: "[EPIPE]"},
		{at: server, call: sim.Call{Name: sim.CallGetsockopt, FD: 4, Option: sim.Option{Name: sim.OptError}}, ret: 0, note: "[0]"},
		{at: server, call: sim.Call{Name: sim.CallGetsockopt, FD: 17, Option: sim.Option{Name: sim.OptError}}, ret: -1, errno: unix.EBADF},
		{at: server, call: sim.Call{Name: sim.CallSend, FD: 4, Data: []byte("x"), Flags: sim.MsgNoSignal}, ret: -1, errno: unix.EPIPE},
		{at: server, call: sim.Call{Name: sim.CallShutdown, FD: 4, How: sim.ShutWR}, ret: -1, errno: unix.ENOTCONN},
		{at: server, call: sim.Call{Name: sim.CallPoll, FD: 17}, ret: 1, note: "NVAL"},
		{at: server, call: sim.Call{Name: sim.CallBind, FD: 4}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: sim.CallConnect, FD: 4, Addr: netip.MustParseAddrPort("[::1]:1")}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: sim.CallGetsockopt, FD: 4, Option: sim.Option{Name: "SO_RCVBUF"}}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: sim.CallSetsockopt, FD: 4, Option: sim.Option{Name: "SO_RCVBUF"}}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: sim.CallShutdown, FD: 4, How: "SHUT_UP"}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: "reboot", FD: 4}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: sim.CallSigaction, FD: sim.NoFD, Disposition: "SIG_WHAT"}, ret: -1, errno: unix.EINVAL},
		{at: server, call: sim.Call{Name: sim.CallFork, FD: sim.NoFD}, ret: -1, errno: unix.EINVAL}, // no channel for the child
		{at: server, call: sim.Call{Name: sim.CallAccept, FD: 4}, ret: -1, errno: unix.EINVAL},
	}
	for _, test := range tests {
		r := test.at.one(test.call)
		if r.Ret != test.ret || r.Errno != int(test.errno) || string(r.Data) != test.data || r.Note != test.note {
			t.Errorf("%+v returned %d, errno %d, data %q, note %q; want %d, %d, %q, %q",
				test.call, r.Ret, r.Errno, r.Data, r.Note, test.ret, test.errno, test.data, test.note)
		}
	}
}

// It says which call it makes before it makes it, on which descriptor, and the
// clock never runs backwards.
func TestReplies(t *testing.T) {
	s := start(t)
	s.ask(call(sim.CallSocket, sim.NoFD), call(sim.CallDup, sim.LastFD), call(sim.CallClose, sim.LastFD), call(sim.CallClose, 3))
	want := []string{
		"call 0 fd -1", "return 0 fd -1 = 3",
		"call 1 fd 3", "return 1 fd 3 = 4",
		"call 2 fd 4", "return 2 fd 4 = 0",
		"call 3 fd 3", "return 3 fd 3 = 0",
	}
	var got []string
	var clock int64
	for range want {
		r, err := s.next()
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%s %d fd %d", r.Kind, r.Index, r.FD)
		if r.Kind == ReplyReturn {
			text += fmt.Sprintf(" = %d", r.Ret)
		}
		got = append(got, text)
		if r.Last != (len(got) == len(want)) {
			t.Errorf("%s: last %v", text, r.Last)
		}
		if r.At < clock {
			t.Errorf("%s: at %d, before %d", text, r.At, clock)
		}
		clock = r.At
	}
	if !slices.Equal(got, want) {
		t.Errorf("it said %q, want %q", got, want)
	}
}

// With Stop the first failure is the last call.
func TestRequestStops(t *testing.T) {
	s := start(t)
	for _, stop := range []bool{false, true} {
		if err := s.Send(Request{Stop: stop, Calls: []sim.Call{call(sim.CallClose, 40), call(sim.CallClose, 41)}}); err != nil {
			t.Fatal(err)
		}
		returns := 0
		for last := false; !last; {
			r, err := s.next()
			if err != nil {
				t.Fatal(err)
			}
			if r.Kind == ReplyReturn {
				returns++
			}
			last = r.Last
		}
		if want := map[bool]int{false: 2, true: 1}[stop]; returns != want {
			t.Errorf("stop %v: %d calls returned, want %d", stop, returns, want)
		}
	}
}

// It is as bare as a C program: 0, 1 and 2, sockets from 3 on, one CPU.
func TestItHoldsNothingElse(t *testing.T) {
	s := start(t)
	s.must(call(sim.CallSocket, sim.NoFD), 3)
	s.must(call(sim.CallDup, 3), 4)
	s.must(call(sim.CallClose, 3), 0)
	s.must(call(sim.CallSocket, sim.NoFD), 3)
	if got, want := s.descriptors(), []string{"0 socket", "1 /dev/null", "2 /dev/null", "3 socket", "4 socket"}; !slices.Equal(got, want) {
		t.Errorf("it holds %q, want %q", got, want)
	}
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(s.PID, &set); err != nil || set.Count() != 1 || !set.IsSet(testCPU(t)) {
		t.Errorf("it may run on %v: %v", set, err)
	}
	if session, err := unix.Getsid(s.PID); err != nil || session != s.PID {
		t.Errorf("it is in session %d, %v", session, err)
	}
}

// A call that blocks is known to block, and returns when it is time.
func TestBlockedCalls(t *testing.T) {
	server, client := start(t), start(t)
	addr := server.listen()
	server.ask(call(sim.CallAccept, 3), sim.Call{Name: sim.CallRead, FD: sim.LastFD, Size: 10})
	server.asleep(call(sim.CallAccept, 3))
	if server.Asleep(call(sim.CallRead, 4)) {
		t.Error("it sleeps in accept and is said to sleep in read")
	}
	client.must(call(sim.CallSocket, sim.NoFD), 3)
	client.must(sim.Call{Name: sim.CallConnect, FD: 3, Addr: addr}, 0)
	server.asleep(call(sim.CallRead, 4))
	client.must(sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("now")}, 3)
	var got []string
	for {
		r, err := server.next()
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind == ReplyReturn {
			got = append(got, fmt.Sprint(r.Ret, string(r.Data)))
		}
		if r.Last {
			break
		}
	}
	if want := []string{"4", "3now"}; !slices.Equal(got, want) {
		t.Errorf("returned %q, want %q", got, want)
	}
}

// However long it lives and however much it moves, no garbage collector opens a
// descriptor for itself, which would take the number of the next socket.
func TestItHoldsNothingElseLater(t *testing.T) {
	if raceDetector() {
		t.Skip("moving so much takes the race detector half a minute")
	}
	server, client := connected(t)
	const size = 1 << 16
	write := sim.Call{Name: sim.CallWrite, FD: 3, Data: make([]byte, size)}
	for range 600 {
		for left := client.must(write, size).Ret; left > 0; {
			left -= server.one(sim.Call{Name: sim.CallRead, FD: 4, Size: size}).Ret
		}
	}
	if got, want := server.descriptors(), []string{"0 socket", "1 /dev/null", "2 /dev/null", "3 socket", "4 socket"}; !slices.Equal(got, want) {
		t.Errorf("the server holds %q, want %q", got, want)
	}
	client.must(call(sim.CallSocket, sim.NoFD), 4)
}

// Closing the handle ends the program, whatever it is doing.
func TestClose(t *testing.T) {
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	p, err := Start(h, "finwait-test", testCPU(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := unix.Kill(p.PID, 0); !errors.Is(err, unix.ESRCH) {
		t.Errorf("process %d: %v, want ESRCH", p.PID, err)
	}
}

// A CPU that does not exist is said to be the reason.
func TestStartOnNoCPU(t *testing.T) {
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := Start(h, "finwait-test", 1023); err == nil || !strings.Contains(err.Error(), "did not start") {
		t.Errorf("%v", err)
	}
}
