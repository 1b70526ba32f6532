package cli

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"finwait/internal/testkit/livetest"
)

// TestConform: a few walks on loopback, and two lines that say how it went.
func TestConform(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		r := finwait(t, "conform", "--net", "loopback", "--walks", "6", "--steps", "10", "--seed", "2")
		unavailable(t, r)
		figures := regexp.MustCompile(`^Linux \S+ on .*: 6 walks \(seed 2\), \d+ steps, \d+ things compared, no disagreement(, \d+ seen once)?\.\n\d+ steps a second, \d+\.\d s\.\n`)
		if r.status != exitOK || r.stderr != "" || !figures.MatchString(r.stdout) {
			t.Errorf("exit status %d, %q\n%s", r.status, r.stderr, r.stdout)
		}
	})
}

// TestConformInterrupted: on a terminal it says how far it is; when it is told to end it does,
// and leaves nothing.
func TestConformInterrupted(t *testing.T) {
	t.Parallel()
	for sig, status := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				ptmx, tty, err := pty.Open()
				if err != nil {
					t.Skip("no pseudo terminals here: ", err)
				}
				defer ptmx.Close()
				cmd := command(t, "conform", "--net", "loopback", "--walks", "100000")
				var stdout bytes.Buffer
				cmd.Stdout, cmd.Stderr = &stdout, tty
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				tty.Close()
				said := readUntil(t, ptmx, " walks, ")
				children := &family{t: t} // one of them may be about to begin, and have no role yet
				for _, pid := range processes(t) {
					if fd, err := unix.PidfdOpen(pid, 0); err == nil && parentOf(pid) == cmd.Process.Pid {
						t.Cleanup(func() { unix.Close(fd) })
						children.pids, children.pidfds = append(children.pids, pid), append(children.pidfds, fd)
					} else if err == nil {
						unix.Close(fd)
					}
				}
				if len(children.pids) < 4 {
					t.Errorf("%d processes", len(children.pids))
				}
				if err := cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				rest, _ := io.ReadAll(ptmx) // EIO: nobody has the terminal open any more
				_ = cmd.Wait()
				if got := cmd.ProcessState.ExitCode(); got != status || stdout.Len() > 0 {
					t.Errorf("exit status %d, want %d: %s", got, status, &stdout)
				}
				children.gone(patience)
				last := said + string(rest)
				last = last[strings.LastIndexByte(strings.TrimSuffix(last, "\r"), '\r')+1:]
				if strings.TrimSpace(last) != "" {
					t.Errorf("on the terminal is left %q", last)
				}
			})
		})
	}
}

// readUntil reads until a text is there, and returns everything up to it.
func readUntil(t testing.TB, r io.Reader, text string) string {
	t.Helper()
	var said strings.Builder
	buffer := make([]byte, 1024)
	for !strings.Contains(said.String(), text) {
		n, err := r.Read(buffer)
		said.Write(buffer[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, said.String())
		}
	}
	return said.String()
}
