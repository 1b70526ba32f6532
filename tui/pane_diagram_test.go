package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

// diagramSizes are the sizes at which the tests look at the diagram: in place of the ladder,
// beside it, as its lines alone.
var diagramSizes = []struct{ w, h int }{{80, 24}, {100, 30}, {140, 24}, {160, 50}, {200, 60}, {60, 16}}

// TestGoldenDiagram: the state diagram as a person sees it, on loopback and on the wire.
func TestGoldenDiagram(t *testing.T) {
	for _, s := range []struct {
		name string
		c    Config
		keys []string
	}{
		{"reset", lessonConfig(), []string{"space", "space", "space", "f"}},
		{"back", lessonConfig(), []string{"f", "space", "space", "space", "left", "left", "left"}},
		{"held", wireConfig(), []string{"space", "space", "f"}},
		{"rfc", wireConfig(), []string{"space", "space", "space", "space", "space", "f", "F"}},
	} {
		for _, size := range diagramSizes {
			t.Run(s.name+"_"+sizeName(size.w, size.h), func(t *testing.T) {
				drive(t, size.w, size.h, s.c, func(d *driver) {
					d.press(s.keys...)
					golden.RequireEqual(d.t, d.text())
				})
			})
		}
	}
}

// TestDiagramASCII: the diagram in ASCII has no other characters.
func TestDiagramASCII(t *testing.T) {
	c := lessonConfig()
	c.ASCII = true
	for _, size := range diagramSizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("f", "space", "space", "space")
			if screen := d.text(); strings.ContainsFunc(screen, func(r rune) bool { return r > '~' }) {
				t.Errorf("%d×%d:\n%s", size.w, size.h, screen)
			}
		})
	}
}

// TestDiagramKey: f shows the diagram and the ladder again, at each moment of a lesson; the
// diagram stays while one steps and looks back, and only there F changes the names.
func TestDiagramKey(t *testing.T) {
	drive(t, 80, 24, lessonConfig(), func(d *driver) {
		d.press("F")
		d.hides("FIN-WAIT-1")
		d.press("space")
		ladder := d.text()
		d.press("f")
		d.shows("● client", "SYN_SENT", "f ladder", "SIGINT / FIN")
		d.press("left")
		d.shows("looking back", "● client FIN_WAIT1", "CLOSE_WAIT ● server")
		d.press("left")
		d.shows("looking back", "● client ESTABLISHED ● server")
		d.press("end", "space", "space")
		d.shows("CLOSE_WAIT → CLOSED  rcv RST", "FIN_WAIT2 → CLOSED  rcv data / RST")
		d.press("F")
		d.shows("FIN-WAIT-1", "SYN-RECEIVED")
		d.press("F")
		d.hides("FIN-WAIT-1")
		d.press("f", "r", "space")
		if got := d.text(); got != ladder {
			t.Errorf("the ladder is\n%s\nand was\n%s", got, ladder)
		}
	})
}

// TestDiagramOnTheWire: the keys of the wire go on working while the diagram is shown.
func TestDiagramOnTheWire(t *testing.T) {
	drive(t, 80, 24, simulated(passing()), func(d *driver) {
		d.press("f", "space")
		d.shows("● client FIN_WAIT1", "#4  client → server  FIN ACK")
		d.press("d")
		d.shows("CLOSE_WAIT ● server", "rcv FIN / ACK #4")
	})
}
