package cli

import (
	"strings"
	"testing"

	"github.com/creack/pty"
)

// record plays a lesson by itself on the model, on a terminal of 120×40, and returns the screen at
// its end and what is left in the terminal afterwards.
func record(t *testing.T, name string) (end, left string) {
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
	p.types("q")
	_ = p.cmd.Wait()
	p.until("the screen to be left and the cursor to be shown", func() bool { return !p.alt && p.cursor })
	p.sees("-- end of lesson --")
	return end, p.text()
}

// TestRecordingIsTheSameTwice: a lesson that plays by itself on the model ends with the same screen
// each time, of the size that was asked for, and the terminal keeps that screen.
func TestRecordingIsTheSameTwice(t *testing.T) {
	t.Parallel()
	name := write(t, "short.md", "# Short\n\nClose.\n\n```finwait\nclient close\nserver close\n```\n\n**Take home:** done.\n")
	end, left := record(t, name)
	again, leftAgain := record(t, name)
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
}
