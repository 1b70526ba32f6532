package ladder

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
)

// verdict appends a row for what the model says otherwise than the kernel. Agreement has
// no row.
func (l *Ladder) verdict(t sim.Seconds, b sim.Verdict, i int) {
	if b.Agree {
		return
	}
	s := difference{at: i, what: b.What, kernel: b.Kernel, model: b.Model}
	if b.Conn != l.onLifelines() {
		s.conn = b.Conn
	}
	if b.What == sim.WhatSegment && b.Kernel != "" && b.Model != "" {
		s.kernelOnly, s.modelOnly, s.common = withoutCommon(b.Kernel, b.Model)
	}
	r := l.add(t, rowDiffers)
	l.rows[r].difference = s
}

// withoutCommon returns two lists of segments without those at the beginning and at the
// end that both have, if there are such segments.
func withoutCommon(a, b string) (restA, restB string, common bool) {
	one, two := strings.Split(a, sim.Between), strings.Split(b, sim.Between)
	all := len(one)
	for range 2 { // from the beginning, then from the end
		for len(one) > 0 && len(two) > 0 && one[0] == two[0] {
			one, two = one[1:], two[1:]
		}
		slices.Reverse(one)
		slices.Reverse(two)
	}
	return strings.Join(one, sim.Between), strings.Join(two, sim.Between), len(one) < all
}

// silent appends the row that says that the model says nothing from here on, and why.
func (l *Ladder) silent(t sim.Seconds, b sim.ModelSilent) {
	r := l.add(t, rowSilent)
	l.rows[r].text = func(w *lang.Catalogue) []string { return w.Ladder.Silent(w.Silence(b)) }
}
