package diagram_test

import (
	"testing"

	. "finwait/sim/diagram"
	"finwait/sim/lang"
)

// BenchmarkDraw draws the diagram after the whole lesson on all states.
func BenchmarkDraw(b *testing.B) {
	w, conn := walk(played(b, "states"), 1000)
	o := Options{Lang: lang.English(), Conn: conn}
	for _, size := range []struct {
		name string
		w, h int
	}{{"small", 100, 17}, {"large", 86, 57}} {
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				w.Draw(size.w, size.h, o)
			}
		})
	}
}
