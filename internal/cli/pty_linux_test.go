package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// person is a person at a terminal on which finwait runs.
type person struct {
	t       testing.TB
	ptmx    *os.File // the terminal's side
	tty     *os.File // the program's side
	before  unix.Termios
	cmd     *exec.Cmd
	started time.Time
	stderr  bytes.Buffer
	changed chan struct{} // something was drawn
	ended   chan struct{} // everything was drawn

	mu          sync.Mutex
	screen      *vt.Emulator
	alt, cursor bool
	wasAlt      bool // the alternate screen has been in use
}

// sit starts finwait on a terminal of 80×24.
func sit(t testing.TB, args ...string) *person {
	t.Helper()
	return sitWith(t, command(t, args...))
}

// sitWith starts a command on a terminal of 80×24. The command keeps the streams that it
// has already.
func sitWith(t testing.TB, cmd *exec.Cmd) *person {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	p := &person{
		t: t, ptmx: ptmx, tty: tty, cmd: cmd, screen: vt.NewEmulator(80, 24), cursor: true,
		changed: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	if err := pty.Setsize(ptmx, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	p.before = p.modes()
	p.screen.SetCallbacks(vt.Callbacks{
		AltScreen:        func(on bool) { p.alt, p.wasAlt = on, p.wasAlt || on },
		CursorVisibility: func(on bool) { p.cursor = on },
	})
	if cmd.Stdin == nil {
		cmd.Stdin = tty
	}
	if cmd.Stdout == nil {
		cmd.Stdout = tty
	}
	cmd.Stderr = &p.stderr
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty, cmd.SysProcAttr.Ctty = true, true, 1
	p.started = time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.watch()
	go func() { _, _ = io.Copy(ptmx, p.screen) }() // the terminal's answers
	t.Cleanup(p.leave)
	return p
}

// leave leaves the terminal.
func (p *person) leave() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = p.tty.Close()
	_ = p.ptmx.Close()
	if answers, ok := p.screen.InputPipe().(io.Closer); ok {
		_ = answers.Close()
	}
	<-p.ended
}

// modes returns the modes of the terminal.
func (p *person) modes() unix.Termios {
	p.t.Helper()
	modes, err := unix.IoctlGetTermios(int(p.tty.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Fatal(err)
	}
	return *modes
}

// watch draws what the program writes.
func (p *person) watch() {
	defer close(p.ended)
	buf := make([]byte, 1<<16)
	for {
		n, err := p.ptmx.Read(buf)
		p.mu.Lock()
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

// until waits until something is true of the terminal.
func (p *person) until(what string, ok func() bool) {
	p.t.Helper()
	late := time.After(patience)
	for {
		p.mu.Lock()
		done := ok()
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.changed:
		case <-late:
			p.t.Fatalf("waited in vain for %s:\n%s", what, p.text())
		}
	}
}

// text returns what the screen shows.
func (p *person) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()
}

// sees waits until the screen shows every one of the texts.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the screen to show %q", texts), func() bool { return p.shows(texts...) })
}

// shows reports whether the screen shows every one of the texts; until asks it.
func (p *person) shows(texts ...string) bool {
	screen := p.screen.String()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			return false
		}
	}
	return true
}

// types presses keys.
func (p *person) types(keys string) {
	p.t.Helper()
	if _, err := p.ptmx.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// title returns how the title names step n of a lesson.
func title(l *lesson.Lesson, n int) string { return fmt.Sprintf("step %d/%d", n, len(l.Steps)) }

// next returns what the screen shows once step n of a lesson has settled.
func next(l *lesson.Lesson, n int) string {
	if n == len(l.Steps) {
		return "-- end of lesson --"
	}
	return "▸ " + lang.English().Step(l.Steps[n].Step)
}

// opens waits for a lesson to begin.
func (p *person) opens(l *lesson.Lesson) {
	p.t.Helper()
	p.sees(title(l, 0), next(l, 0))
}

// steps makes the steps after step from, up to step to.
func (p *person) steps(l *lesson.Lesson, from, to int) {
	p.t.Helper()
	for n := from + 1; n <= to; n++ {
		p.types(" ")
		p.sees(title(l, n), next(l, n))
	}
}

// left waits for the program's end and checks its status, and that the terminal is
// as it was.
func (p *person) left(status int) {
	p.t.Helper()
	if said := p.leftSaying(status); said != "" {
		p.t.Errorf("on standard error: %q", said)
	}
}

// leftSaying is left for a program that says something on standard error in the end, which it
// returns.
func (p *person) leftSaying(status int) string {
	p.t.Helper()
	_ = p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != status {
		p.t.Errorf("exit status %d, want %d: %s", got, status, p.stderr.String())
	}
	p.until("the screen to be left and the cursor to be shown", func() bool { return !p.alt && p.cursor })
	if after := p.modes(); after != p.before {
		p.t.Errorf("the terminal's modes are %+v, were %+v", after, p.before)
	}
	if text := p.text(); strings.TrimSpace(text) != "" {
		p.t.Errorf("the screen is not clean:\n%s", text)
	}
	return p.stderr.String()
}
