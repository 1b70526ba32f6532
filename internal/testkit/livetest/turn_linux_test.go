package livetest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// keeperEnv makes the test binary a process that takes its turn, says so, and keeps the turn
// until its standard input ends.
const keeperEnv = "FINWAIT_TEST_KEEPER"

func TestMain(m *testing.M) {
	if os.Getenv(keeperEnv) != "" {
		TakeTurn()
		fmt.Println("my turn")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	}
	os.Exit(m.Run())
}

// keeper is such a process.
type keeper struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout *bufio.Reader
}

// keep starts a process that takes its turn, as a user, with temporary files in a folder.
func keep(t *testing.T, uid int, dir string, env ...string) *keeper {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	inherited := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, turnEnv+"=") })
	cmd.Env = append(append(inherited, keeperEnv+"=1", "TMPDIR="+dir, "GOCOVERDIR=", "GORACE=atexit_sleep_ms=0"), env...)
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	k := &keeper{cmd, stdin, bufio.NewReader(stdout)}
	t.Cleanup(func() { k.end() })
	return k
}

// takes waits until the process says that it has the turn.
func (k *keeper) takes(t *testing.T) {
	t.Helper()
	if line, err := k.stdout.ReadString('\n'); line != "my turn\n" {
		t.Fatalf("it says %q: %v", line, err)
	}
}

// waits waits until the process sleeps in flock, and has said nothing.
func (k *keeper) waits(t *testing.T) {
	t.Helper()
	waiter := fmt.Sprintf("-> FLOCK  ADVISORY  WRITE %d ", k.cmd.Process.Pid)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		locks, err := os.ReadFile("/proc/locks")
		if err != nil {
			t.Skip("this kernel does not list locks: ", err)
		}
		if strings.Contains(string(locks), waiter) {
			return
		}
	}
	t.Fatal("it does not wait")
}

func (k *keeper) end() {
	k.stdin.Close()
	_ = k.cmd.Wait()
}

// Two processes, of different users where that can be tried, take turns; a child of the one that
// has it goes on at once; the turn of one that is killed is over.
func TestTurns(t *testing.T) {
	dir, err := os.MkdirTemp("", "turns")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	me, other := os.Getuid(), os.Getuid()
	if me == 0 {
		other = 65534
	}
	first := keep(t, other, dir)
	first.takes(t)
	second := keep(t, me, dir)
	second.waits(t)
	keep(t, me, dir, turnEnv+"=held").takes(t)
	first.end()
	second.takes(t)
	third := keep(t, other, dir)
	third.waits(t)
	if err := unix.Kill(second.cmd.Process.Pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	third.takes(t)
}
