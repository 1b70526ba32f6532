package tui

import (
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	"finwait/sim/lesson"
)

// threeConnections is a lesson in which the client opens three connections, one after the other.
func threeConnections(net sim.Net) *lesson.Lesson {
	l, err := lesson.Parse("three.md", []byte("---\ntitle: Three\nnet: "+string(net)+"\n---\n\nThree connections.\n\n```finwait\n"+
		"server listen\nclient connect\ndeliver all\nclient connect\ndeliver all\nclient close 3\ndeliver all\nclient connect\ndeliver all\n```\n"))
	if err != nil {
		panic(err)
	}
	return l
}

// TestFocus: which connection is drawn follows the steps until a key moves it; then the screen says
// so. Nothing but the picture changes.
func TestFocus(t *testing.T) {
	drive(t, 100, 30, simulated(threeConnections(sim.Wire)), func(d *driver) {
		d.press("space", "space", "space", "tab", "]", "[") // there is one connection
		d.hides("tab", "is drawn")
		for range 4 {
			d.press("space")
		}
		d.shows("tab conn", "ESTABLISHED  ", "conn 1 client: FIN ACK")
		d.hides("is drawn")

		d.press("[")
		d.shows("connection 1 is drawn, the steps are about connection 2", "conn 1: FIN_WAIT2", "conn 1: CLOSE_WAIT", "FIN ACK  seq 1 ··")
		d.press("space", "space") // the focus stays where it was moved to
		d.shows("connection 1 is drawn, the steps are about connection 3", "conn 1: FIN_WAIT2")
		d.press("tab")
		d.shows("connection 2 is drawn, the steps are about connection 3", "conn 2: ESTABLISHED")
		d.press("tab")
		d.hides("is drawn", "conn 2: ESTABLISHED")
		d.press("]")
		d.shows("connection 1 is drawn")
		d.press("r") // another lab, and nothing is left of the choice
		d.hides("is drawn", "tab conn")
	})
}

// TestFocusBeforeItsConnection: at a moment before the chosen connection was made, the newest of
// that moment is drawn.
func TestFocusBeforeItsConnection(t *testing.T) {
	drive(t, 100, 30, simulated(threeConnections(sim.Wire)), func(d *driver) {
		for range 9 {
			d.press("space")
		}
		d.press("[")
		d.shows("connection 2 is drawn, the steps are about connection 3")
		d.press("home")
		d.hides("is drawn", "conn 2")
		d.press("end")
		d.shows("connection 2 is drawn, the steps are about connection 3")
	})
}

// TestFocusGolden: an older connection that has the focus, at all sizes.
func TestFocusGolden(t *testing.T) {
	for _, size := range sizes {
		t.Run(sizeName(size.w, size.h), func(t *testing.T) {
			drive(t, size.w, size.h, simulated(threeConnections(sim.Wire)), func(d *driver) {
				for range 9 {
					d.press("space")
				}
				d.press("tab")
				golden.RequireEqual(t, d.text())
			})
		})
	}
}
