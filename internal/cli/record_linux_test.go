package cli

import (
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// record plays a lesson by itself on the model, on a terminal of 120×40, until it is stopped at its
// end. It returns the screen at the end and what is left in the terminal afterwards.
func record(t *testing.T, name string, stop func(p *person), status int) (end, left string) {
	t.Helper()
	p := sit(t, "play", name, "--net", "sim", "--auto", "1ms", "--keys", "--size", "100x30")
	p.mu.Lock()
	p.screen.Resize(120, 40)
	p.mu.Unlock()
	if err := pty.Setsize(p.ptmx, &pty.Winsize{Cols: 120, Rows: 40}); err != nil {
		t.Fatal(err)
	}
	p.sees("-- end of lesson --")
	end = p.text()
	stop(p)
	_ = p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != status {
		t.Errorf("exit status %d, want %d: %s", got, status, p.stderr.String())
	}
	p.until("the screen to be left and the cursor to be shown", func() bool { return !p.alt && p.cursor })
	p.sees("-- end of lesson --")
	return end, p.text()
}

// TestRecordingIsTheSameTwice: a lesson that plays by itself on the model ends with the same screen
// each time, of the size that was asked for, and the terminal keeps that screen.
func TestRecordingIsTheSameTwice(t *testing.T) {
	t.Parallel()
	name := write(t, "short.md", "# Short\n\nClose.\n\n```finwait\nclient close\nserver close\n```\n\n**Take home:** done.\n")
	quit := func(p *person) { p.types("q") }
	end, left := record(t, name, quit, exitOK)
	again, leftAgain := record(t, name, quit, exitOK)
	if end != again || left != leftAgain {
		t.Errorf("the end is\n%s\nand\n%s\nleft are\n%s\nand\n%s", end, again, left, leftAgain)
	}
	for y, row := range strings.Split(strings.TrimRight(end, "\n "), "\n") {
		if row = strings.TrimRight(row, " "); y >= 30 || len([]rune(row)) > 100 {
			t.Errorf("row %d is beyond 100×30: %q", y, row)
		}
	}
	for _, want := range []string{"TIME_WAIT", "Take home", "done."} {
		if !strings.Contains(end, want) || !strings.Contains(left, want) {
			t.Errorf("%q is not on the screen\n%s\nor not in what is left\n%s", want, end, left)
		}
	}
	terminate := func(p *person) { _ = p.cmd.Process.Signal(syscall.SIGTERM) }
	if _, left := record(t, name, terminate, exitSignal+int(syscall.SIGTERM)); !strings.Contains(left, "Take home") {
		t.Errorf("after SIGTERM is left\n%s", left)
	}
}
