package puppet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// What SIGPIPE does is the program's choice, and write(2) is told nothing of it.
func TestSIGPIPE(t *testing.T) {
	write := sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("x")}
	send := sim.Call{Name: sim.CallSend, FD: 3, Data: []byte("x"), Flags: sim.MsgNoSignal}
	tests := []struct {
		name   string
		how    []sim.Disposition // dispositions, in turn
		call   sim.Call
		want   []string
		status unix.WaitStatus
	}{
		{"default kills", nil, write, []string{"call"}, 13},
		{"default, asked for", []sim.Disposition{sim.SigDfl}, write, []string{"call"}, 13},
		{"default after a handler", []sim.Disposition{sim.SigHandler, sim.SigDfl}, write, []string{"call"}, 13},
		{"default after ignoring", []sim.Disposition{sim.SigIgn, sim.SigDfl}, write, []string{"call"}, 13},
		{"MSG_NOSIGNAL", nil, send, []string{"call", "return"}, 0},
		{"ignored", []sim.Disposition{sim.SigIgn}, write, []string{"call", "return"}, 0},
		{"handler", []sim.Disposition{sim.SigHandler}, write, []string{"call", "signal", "return"}, 0},
		{"handler after ignoring", []sim.Disposition{sim.SigIgn, sim.SigHandler}, write, []string{"call", "signal", "return"}, 0},
		{"handler and MSG_NOSIGNAL", []sim.Disposition{sim.SigHandler}, send, []string{"call", "return"}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, client := connected(t)
			client.must(sim.Call{Name: sim.CallShutdown, FD: 3, How: sim.ShutWR}, 0)
			for _, how := range test.how {
				client.must(sim.Call{Name: sim.CallSigaction, FD: sim.NoFD, Disposition: how}, 0)
			}
			for range 2 { // a handler runs again
				client.ask(test.call)
				var got []string
				for {
					r, err := client.next()
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, r.Kind)
					if r.Kind == ReplySignal && r.Note != "SIGPIPE" {
						t.Errorf("signal %q", r.Note)
					}
					if r.Last {
						if r.Errno != int(unix.EPIPE) {
							t.Errorf("errno %d, want EPIPE", r.Errno)
						}
						break
					}
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("it said %q, want %q", got, test.want)
				}
				if test.status != 0 {
					if status := client.status(); status != test.status {
						t.Errorf("wait status %#x, want %#x", status, test.status)
					}
					return
				}
			}
		})
	}
}

// Signals end it as they would end a C program, idle or asleep in a call.
func TestSignalsKill(t *testing.T) {
	for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGKILL, unix.SIGHUP} {
		for _, blocked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s blocked %v", unix.SignalName(sig), blocked), func(t *testing.T) {
				s := start(t)
				if blocked {
					s.listen()
					s.ask(call(sim.CallAccept, 3))
					s.asleep(call(sim.CallAccept, 3))
				}
				if err := s.Kill(sig); err != nil {
					t.Fatal(err)
				}
				if status := s.status(); !status.Signaled() || status.Signal() != sig {
					t.Errorf("wait status %#x, want %d", status, sig)
				}
				if err := s.Kill(sig); !errors.Is(err, unix.ESRCH) {
					t.Errorf("a signal for the dead: %v, want ESRCH", err)
				}
			})
		}
	}
}

// The child of a fork shares every descriptor, and is a child of finwait as well.
func TestFork(t *testing.T) {
	server, client := connected(t)
	child := server.fork()
	want := []string{"0 socket", "1 /dev/null", "2 /dev/null", "3 socket", "4 socket"}
	for _, p := range []*subject{server, child} {
		if got := p.descriptors(); !slices.Equal(got, want) {
			t.Errorf("process %d holds %q, want %q", p.PID, got, want)
		}
	}
	server.must(call(sim.CallClose, 4), 0)
	client.must(sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("who?")}, 4)
	if r := child.one(sim.Call{Name: sim.CallRead, FD: 4, Size: 9}); string(r.Data) != "who?" {
		t.Errorf("the child read %q", r.Data)
	}
	if err := child.Kill(unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := child.status(); !status.Signaled() {
		t.Errorf("wait status %#x", status)
	}
	if r := client.one(sim.Call{Name: sim.CallRead, FD: 3, Size: 9}); r.Ret != 0 {
		t.Errorf("the client read %d, want the end: the child held the last descriptor", r.Ret)
	}
	server.must(call(sim.CallSocket, sim.NoFD), 4) // the parent goes on
}

// What SIGPIPE does is inherited.
func TestForkInheritsDispositions(t *testing.T) {
	for how, want := range map[sim.Disposition]string{sim.SigDfl: "", sim.SigIgn: "return", sim.SigHandler: "signal"} {
		t.Run(string(how), func(t *testing.T) {
			_, client := connected(t)
			client.must(sim.Call{Name: sim.CallShutdown, FD: 3, How: sim.ShutWR}, 0)
			client.must(sim.Call{Name: sim.CallSigaction, FD: sim.NoFD, Disposition: how}, 0)
			child := client.fork().fork() // and by its child
			child.ask(sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("x")})
			if r, err := child.next(); err != nil || r.Kind != ReplyCall {
				t.Fatalf("%+v, %v", r, err)
			}
			r, err := child.next()
			if want == "" && err != io.EOF || r.Kind != want {
				t.Errorf("it said %q, %v; want %q", r.Kind, err, want)
			}
		})
	}
}
