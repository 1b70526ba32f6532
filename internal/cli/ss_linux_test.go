package cli

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
)

// ss(8), asked at each settled step of a lesson, lists the states, queues and
// timers that the log claims.

// TestSs plays every lesson on this machine's lo and asks.
func TestSs(t *testing.T) {
	t.Parallel()
	ss, err := exec.LookPath("ss")
	if err != nil {
		t.Skip("ss is not installed")
	}
	for _, name := range append(lessonNames(sim.Loopback), "testdata/every-call.md") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				l, err := load(name)
				if err != nil {
					t.Fatal(err)
				}
				l.Steps = withoutPauses(l.Steps)
				lab, err := netlab.Open(netlab.Options{Lesson: l.Name, Title: l.Title, Host: netlab.HostMachine})
				if err != nil {
					t.Fatal(err)
				}
				defer lab.Close()
				p := lesson.NewPlayer(l)
				for playStep(t, lab, p) {
					scene := sim.Fold(p.Log().All())
					compareSockets(t, &scene, listed(t, ss))
				}
			})
		})
	}
}

// withoutPauses leaves out the steps that only let time pass.
func withoutPauses(steps []lesson.Step) []lesson.Step {
	var rest []lesson.Step
	for _, s := range steps {
		if s.Verb != sim.VerbWait {
			rest = append(rest, s)
		}
	}
	return rest
}

// playStep plays the next step until it has settled. It returns false when there
// is none.
func playStep(t testing.TB, lab sim.Lab, p *lesson.Player) bool {
	t.Helper()
	n, step, more := p.Next()
	if !more {
		return false
	}
	if err := lab.Start(n, step.Step); err != nil {
		t.Fatal(err)
	}
	p.Started()
	late := time.After(patience)
	for p.Busy() {
		select {
		case e, open := <-lab.Events():
			if !open {
				t.Fatalf("the lab has ended: %v", lab.Err())
			}
			for _, v := range p.Observe(e) {
				b := sim.Of[sim.ExpectationChecked](v)
				if !b.OK && sim.Fold(p.Log().All()).Setting.Capture == sim.Captured {
					t.Errorf("%s: expected %s, got %s", step, b.Text, b.Got)
				}
			}
		case <-late:
			t.Fatalf("%s does not settle", step)
		}
	}
	return true
}

// socket is one line of ss.
type socket struct{ state, recvq, sendq, timer string }

// listed asks ss for every TCP socket, by its two addresses.
func listed(t testing.TB, ss string) map[string]socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, ss, "-Htano").Output()
	if err != nil {
		t.Fatalf("ss: %v", err)
	}
	all := map[string]socket{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 5 {
			t.Fatalf("ss says %q", line)
		}
		s := socket{state: f[0], recvq: f[1], sendq: f[2]}
		if len(f) > 5 {
			s.timer, _, _ = strings.Cut(strings.TrimPrefix(f[5], "timer:("), ",")
		}
		all[f[3]+" "+f[4]] = s
	}
	return all
}

// asSs is how ss spells the states. A socket that is closed is not listed.
var asSs = map[sim.State]string{
	sim.Established: "ESTAB", sim.SynSent: "SYN-SENT", sim.SynRecv: "SYN-RECV", sim.FinWait1: "FIN-WAIT-1", sim.FinWait2: "FIN-WAIT-2",
	sim.TimeWait: "TIME-WAIT", sim.CloseWait: "CLOSE-WAIT", sim.LastAck: "LAST-ACK", sim.Listen: "LISTEN", sim.Closing: "CLOSING",
}

// asSsTimer is how ss spells the timers.
var asSsTimer = map[string]string{sim.TimerRetransmit: "on", sim.TimerKeepalive: "keepalive", sim.TimerTimewait: "timewait", sim.TimerPersist: "persist"}

// compareSockets compares both ends of the newest connection, and the listener.
func compareSockets(t testing.TB, scene *sim.Scene, sockets map[string]socket) {
	t.Helper()
	server, client := scene.Setting.Server, scene.End(sim.Client).Address
	listener := ""
	if _, listening := scene.Listener(sim.Server); listening {
		listener = asSs[sim.Listen]
	}
	if got := sockets[server+" 0.0.0.0:*"].state; got != listener {
		t.Errorf("after %q the log has the listener in %q, ss %q", scene.Newest, listener, got)
	}
	if scene.Subject == 0 {
		return
	}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		end, addresses := scene.End(at), client+" "+server
		if at == sim.Server {
			addresses = server + " " + client
		}
		got, there := sockets[addresses]
		if !end.State.Connected() {
			if there {
				t.Errorf("after %q the log has the %s in %s, ss in %s", scene.Newest, at, end.State, got.state)
			}
			continue
		}
		want := socket{asSs[end.State], fmt.Sprint(end.RecvQ), fmt.Sprint(end.SendQ), asSsTimer[end.Timer]}
		if got != want {
			t.Errorf("after %q the log has the %s in %+v, ss in %+v", scene.Newest, at, want, got)
		}
	}
}
