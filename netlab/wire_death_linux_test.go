package netlab

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// child is a process that this one has started: a program or a host's helper.
type child struct {
	pid, fd int // a pidfd
	name    string
	network string // network namespace of the process
}

// offspring returns the children of a process. The test closes their pidfds at its
// end.
func offspring(t testing.TB, parent int) []child {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var all []child
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // gone
		}
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) < 2 || string(fields[1]) != strconv.Itoa(parent) {
			continue
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			continue // gone
		}
		t.Cleanup(func() { unix.Close(fd) })
		name, _ := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		network, _ := os.Readlink("/proc/" + e.Name() + "/ns/net")
		name, _, _ = bytes.Cut(name, []byte{0})
		all = append(all, child{pid, fd, string(name), network})
	}
	return all
}

// of returns the processes that belong to a talk: its programs, and the helpers of
// their hosts.
func (k *talk) of(t testing.TB) map[string]child {
	t.Helper()
	mine := map[string]child{}
	all := offspring(t, os.Getpid())
	for _, at := range []sim.End{sim.Client, sim.Server} {
		program := child{}
		for _, c := range all {
			if c.pid == k.process(at).PID {
				program = c
				mine[string(at)] = c
			}
		}
		for _, c := range all {
			if c.name == "finwait-host" && c.network == program.network && program.pid != 0 {
				mine[string(at)+"'s host"] = c
			}
		}
	}
	if len(mine) != 4 {
		t.Fatalf("the processes of the lab: %v of %v", mine, all)
	}
	return mine
}

// dead fails the test unless a process ends and is waited for.
func (c child) dead(t testing.TB) {
	t.Helper()
	fds := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}}
	for end := time.Now().Add(patience); ; {
		n, err := unix.Poll(fds, int(max(0, time.Until(end)).Milliseconds()))
		if n > 0 {
			return
		}
		if err != nil && !errors.Is(err, unix.EINTR) || !time.Now().Before(end) {
			t.Fatalf("%s (%d) lives: %v", c.name, c.pid, err)
		}
	}
}

// gone reports whether nothing is left of a process, not even to wait for.
func (c child) gone() bool { return errors.Is(unix.PidfdSendSignal(c.fd, 0, nil, 0), unix.ESRCH) }

// wholeStory is a connection from beginning to end; something is killed after each
// of its steps.
var wholeStory = append(threeWay[:len(threeWay):len(threeWay)], "client close", "deliver", "deliver", "server close", "deliver", "deliver")

// Whichever process of the lab is killed, at whatever step: the lab says which, and
// leaves nothing.
func TestWireProcessKilled(t *testing.T) {
	t.Parallel()
	stride := 1
	if testing.Short() {
		stride = 5
	}
	for _, who := range []string{"client", "server", "client's host", "server's host"} {
		for n := 0; n <= len(wholeStory); n += stride {
			t.Run(fmt.Sprintf("%s after %d", who, n), func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					killOne(t, who, n)
				})
			})
		}
	}
}

func killOne(t testing.TB, who string, steps int) {
	k := openTalk(t, Options{})
	k.bothStart(t)
	k.do(t, wholeStory[:steps]...)
	mine := k.of(t)
	if err := unix.Kill(mine[who].pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if at, found := strings.CutSuffix(who, "'s host"); found {
		for range k.Events() { // until it is closed
		}
		want := at + ": the process finwait-host was killed, and its host is gone with it"
		if err := k.Err(); err == nil || err.Error() != want {
			t.Errorf("the lab says %v, want %s", err, want)
		}
	} else {
		k.await(t, "its death", func(e sim.Event) bool {
			return e.Kind() == sim.KindExit && e.PID() == mine[who].pid && sim.Of[sim.ProcessExited](e).Status == 137 && e.Signal() == "SIGKILL"
		})
		k.do(t, who+" start", "wait 1ms")
		again := k.process(sim.End(who))
		if !again.Alive() || again.PID == mine[who].pid {
			t.Errorf("after %q: %+v", who+" start", again)
		}
		mine["again"] = k.of(t)[who]
	}
	if err := k.Close(); err != nil {
		t.Error(err)
	}
	for who, c := range mine {
		if !c.gone() {
			t.Errorf("the %s is left", who)
		}
	}
}

// victimEnv makes the test binary, started again, play so many steps and then stand
// still, to be killed.
const victimEnv = "FINWAIT_TEST_VICTIM"

// TestWireVictim is the process that TestWireKilledAsAWhole kills.
func TestWireVictim(t *testing.T) {
	steps, err := strconv.Atoi(os.Getenv(victimEnv))
	if err != nil {
		t.Skip("it is started by TestWireKilledAsAWhole")
	}
	k := openTalk(t, Options{}, wholeStory[:steps]...)
	fmt.Println("standing still")
	for range k.Events() { // retransmissions, until it is killed
	}
}

// When finwait itself is killed, everything is gone with it.
func TestWireKilledAsAWhole(t *testing.T) {
	t.Parallel()
	openTalk(t, Options{}) // skips the test where there is none
	for _, steps := range []int{0, 2, 3, 6, 7, 9, len(wholeStory)} {
		t.Run(strconv.Itoa(steps), func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				cmd := exec.Command("/proc/self/exe", "-test.run=^TestWireVictim$", "-test.v")
				cmd.Env = append(os.Environ(), victimEnv+"="+strconv.Itoa(steps))
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				said := bufio.NewScanner(out)
				for said.Scan() && said.Text() != "standing still" {
				}
				all := offspring(t, cmd.Process.Pid)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				if err := cmd.Wait(); cmd.ProcessState.Exited() {
					t.Fatalf("it ended by itself: %v", err)
				}
				if len(all) != 4 {
					t.Errorf("it had the children %v", all)
				}
				for _, c := range all {
					c.dead(t)
				}
			})
		})
	}
}
