package tui

import (
	"os"
	"syscall"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
)

func deviceAttributes() uv.PrimaryDeviceAttributesEvent {
	return uv.PrimaryDeviceAttributesEvent{62, 22}
}

// TestQuitWaitsForTheTerminal: the program ends when the terminal has answered, or has had its
// time.
func TestQuitWaitsForTheTerminal(t *testing.T) {
	for _, c := range []struct {
		name string
		run  func(d *driver)
		quit bool
	}{
		{"answered", func(d *driver) { d.answer(); d.press("q") }, true},
		{"at once", func(d *driver) { d.press("q") }, false},
		{"at once, then the answer", func(d *driver) { d.press("q"); d.answer() }, true},
		{"asked, not answered", func(d *driver) { d.wait(2 * firstFrame); d.press("q") }, false},
		{"never answered", func(d *driver) { d.press("q"); d.wait(2 * answerTimeout) }, true},
		{"asked, never answered", func(d *driver) { d.wait(2 * firstFrame); d.press("q"); d.wait(2 * answerTimeout) }, true},
		{"told to end", func(d *driver) { d.answer(); d.send(signalMsg{syscall.SIGTERM}) }, true},
		{"ctrl-c", func(d *driver) { d.answer(); d.press("ctrl+c") }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			drive(t, 80, 24, lessonConfig(), func(d *driver) {
				c.run(d)
				if d.quit != c.quit {
					t.Errorf("quit: %v", d.quit)
				}
				if c.quit && len(d.raw) != 1 {
					t.Errorf("the terminal was asked %q", d.raw)
				}
			})
		})
	}
}

// TestReason: the error of Run says why it ended.
func TestReason(t *testing.T) {
	other := os.ErrClosed
	for _, c := range []struct {
		sent, pressed os.Signal
		err, want     error
	}{
		{nil, nil, nil, nil},
		{nil, os.Interrupt, nil, ErrInterrupted},
		{syscall.SIGTERM, nil, nil, ErrTerminated},
		{syscall.SIGHUP, nil, other, ErrHangup},
		{syscall.SIGTERM, os.Interrupt, nil, ErrTerminated},
	} {
		if got := reason(c.sent, c.pressed, c.err); got != c.want {
			t.Errorf("reason(%v, %v, %v) = %v, want %v", c.sent, c.pressed, c.err, got, c.want)
		}
	}
}
