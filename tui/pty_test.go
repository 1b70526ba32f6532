//go:build linux

package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"finwait/sim"
	"finwait/sim/lesson"
)

// asProgram is the variable of the environment that makes the test binary be the program: the
// screen, with the lab of the tests, on the terminal on which it was started.
const asProgram = "FINWAIT_TUI_TEST"

func TestMain(m *testing.M) {
	how := os.Getenv(asProgram)
	if how == "" {
		os.Exit(m.Run())
	}
	c := Config{
		First: testLesson(), Animate: true,
		Open: func(context.Context, *lesson.Lesson) (sim.Lab, error) {
			if how == "panic" {
				panic("a bug")
			}
			return newFakeLab(), nil
		},
	}
	_, err := Run(context.Background(), c)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	status := 0
	for i, known := range []error{ErrInterrupted, ErrTerminated, ErrHangup} {
		if errors.Is(err, known) {
			status = i + 2
		}
	}
	if err != nil && status == 0 {
		status = 1
	}
	os.Exit(status)
}

// person is somebody at a terminal on which a program runs.
type person struct {
	t        *testing.T
	ptmx     *os.File
	tty      *os.File
	cmd      *exec.Cmd
	screen   *vt.SafeEmulator
	changed  chan struct{} // something was drawn
	before   *term.State
	mu       sync.Mutex
	stream   bytes.Buffer // what the program has written
	alt, cur bool
	stderr   bytes.Buffer // read after the program's end
}

// sit starts the program on a terminal of 80×24.
func sit(t *testing.T, how string, env ...string) *person {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo terminals here:", err)
	}
	p := &person{t: t, ptmx: ptmx, tty: tty, screen: vt.NewSafeEmulator(80, 24), changed: make(chan struct{}, 1), cur: true}
	t.Cleanup(func() { _ = ptmx.Close(); _ = tty.Close() })
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	if p.before, err = term.GetState(tty.Fd()); err != nil {
		t.Fatal(err)
	}
	p.screen.SetCallbacks(vt.Callbacks{
		AltScreen:        func(on bool) { p.alt = on },
		CursorVisibility: func(on bool) { p.cur = on },
	})
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append([]string{asProgram + "=" + how, "TERM=xterm-256color", "COLORTERM=truecolor", "PATH=/nonexistent", "GORACE=atexit_sleep_ms=0"}, env...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = tty, tty, &p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.watch()
	go func() { _, _ = io.Copy(ptmx, p.screen) }() // the terminal's answers
	return p
}

// watch draws what the program writes.
func (p *person) watch() {
	buf := make([]byte, 1<<16)
	for {
		n, err := p.ptmx.Read(buf)
		p.mu.Lock()
		p.stream.Write(buf[:n])
		_, _ = p.screen.Write(buf[:n])
		p.mu.Unlock()
		select {
		case p.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// sees waits until the screen shows a text.
func (p *person) sees(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the screen to show %q", text), func() bool { return strings.Contains(p.screen.String(), text) })
}

// until waits until something is true of the terminal.
func (p *person) until(what string, ok func() bool) {
	p.t.Helper()
	deadline := time.After(20 * time.Second)
	poll := time.NewTicker(20 * time.Millisecond) // not every change is drawn
	defer poll.Stop()
	for {
		p.mu.Lock()
		done := ok()
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.changed:
		case <-poll.C:
		case <-deadline:
			p.t.Fatalf("waited in vain for %s:\n%s", what, p.screen.String())
		}
	}
}

func (p *person) types(keys string) {
	p.t.Helper()
	if _, err := p.ptmx.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// leaves waits for the program's end and checks that the terminal is as it was before.
func (p *person) leaves(status int) {
	p.t.Helper()
	timer := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	_ = p.cmd.Wait()
	timer.Stop()
	if got := p.cmd.ProcessState.ExitCode(); got != status {
		p.t.Errorf("exit status %d, want %d: %s", got, status, p.stderr.String())
	}
	p.until("the screen to be left and the cursor to be shown", func() bool { return !p.alt && p.cur })
	after, err := term.GetState(p.tty.Fd())
	if err != nil {
		p.t.Fatal(err)
	}
	if fmt.Sprint(*after) != fmt.Sprint(*p.before) {
		p.t.Errorf("the terminal's modes are %v, were %v", *after, *p.before)
	}
}

// TestTerminal: a lesson on a real terminal, from the first key to the last.
func TestTerminal(t *testing.T) {
	p := sit(t, "yes")
	p.sees("▸ SIGINT to the client")
	p.types(" ")
	p.sees("orphan · gone in 60 s")
	p.sees("gone in 59 s")
	p.types("\x1b[D")
	p.sees("looking back")
	p.types("?")
	p.sees("and forward again")
	p.types("?")
	p.sees("another way")
	p.types("q")
	p.leaves(0)
}

// TestTerminalResize: the screen follows the terminal.
func TestTerminalResize(t *testing.T) {
	p := sit(t, "yes")
	p.sees("▸ SIGINT to the client")
	for _, size := range []struct{ w, h uint16 }{{50, 10}, {80, 24}} {
		p.mu.Lock()
		p.screen.Resize(int(size.w), int(size.h))
		p.mu.Unlock()
		if err := pty.Setsize(p.ptmx, &pty.Winsize{Cols: size.w, Rows: size.h}); err != nil {
			t.Fatal(err)
		}
		if size.w < MinWidth {
			p.sees("too small: needs 60×16, is 50×10")
		}
	}
	p.sees("▸ SIGINT to the client")
	p.types("q")
	p.leaves(0)
}

// TestTerminalEnds: however the program ends, the terminal is as it was.
func TestTerminalEnds(t *testing.T) {
	for _, c := range []struct {
		name   string
		end    func(p *person)
		status int
	}{
		{"ctrl-c", func(p *person) { p.types("\x03") }, 2},
		{"SIGINT", func(p *person) { _ = p.cmd.Process.Signal(os.Interrupt) }, 2},
		{"SIGTERM", func(p *person) { _ = p.cmd.Process.Signal(syscall.SIGTERM) }, 3},
		{"SIGHUP", func(p *person) { _ = p.cmd.Process.Signal(syscall.SIGHUP) }, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := sit(t, "yes")
			p.sees("▸ SIGINT to the client")
			c.end(p)
			p.leaves(c.status)
		})
	}
	t.Run("panic", func(t *testing.T) { sit(t, "panic").leaves(1) })
}

// TestTerminalQuickQuit: a key pressed before the terminal has answered ends the
// program, and no answer is left for the shell.
func TestTerminalQuickQuit(t *testing.T) {
	p := sit(t, "yes")
	p.types("q")
	p.leaves(0)
	if _, err := term.MakeRaw(p.tty.Fd()); err != nil {
		t.Fatal(err)
	}
	if n := waiting(p.tty); n != 0 {
		t.Errorf("%d bytes wait for the shell", n)
	}
}

// colours matches a sequence that sets a colour.
var colours = regexp.MustCompile(`\x1b\[[0-9;:]*\b(3[0-8]|4[0-8]|9[0-7]|10[0-7])\b[0-9;:]*m`)

// TestTerminalNoColor: any value of NO_COLOR means no colours.
func TestTerminalNoColor(t *testing.T) {
	for _, env := range []string{"NO_COLOR=yes", "NO_COLOR=0", "NO_COLOR="} {
		p := sit(t, "yes", env)
		p.sees("▸ SIGINT to the client")
		p.types(" ")
		p.sees("FIN_WAIT2")
		p.types("q")
		p.leaves(0)
		p.mu.Lock()
		coloured := colours.Match(p.stream.Bytes())
		p.mu.Unlock()
		if want := env == "NO_COLOR="; coloured != want {
			t.Errorf("%s: colours: %v", env, coloured)
		}
	}
}

// TestTerminalSuspend: ctrl-z gives the terminal back, and SIGCONT takes it again.
// The kernel does not stop a process that no shell waits for, so nothing stops
// here; the program waits for SIGCONT all the same.
func TestTerminalSuspend(t *testing.T) {
	p := sit(t, "yes")
	p.sees("▸ SIGINT to the client")
	p.types(" ")
	p.sees("FIN_WAIT2")
	p.types("\x1a")
	p.until("the screen to be left", func() bool { return !p.alt && p.cur })
	p.until("the screen to be taken again", func() bool {
		_ = p.cmd.Process.Signal(syscall.SIGCONT)
		return p.alt
	})
	p.sees("FIN_WAIT2")
	p.types("q")
	p.leaves(0)
}
