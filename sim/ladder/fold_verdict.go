package ladder

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// verdict appends a row for what the model says otherwise than the kernel. Agreement has
// no row.
func (l *Ladder) verdict(t sim.Seconds, b sim.Verdict, i int) {
	if b.Agree {
		return
	}
	s := difference{at: i, kernel: text.Clean(b.What.Value(b.Kernel)), model: text.Clean(b.What.Value(b.Model))}
	if b.Conn != l.conn {
		s.conn = b.Conn
	}
	s.kernelOnly, s.modelOnly = s.kernel, s.model
	if b.What == sim.WhatSegment && b.Kernel != "" && b.Model != "" {
		s.kernelOnly, s.modelOnly = withoutCommon(s.kernel, s.model)
	}
	r := l.add(t, rowDiffers)
	l.rows[r].difference = s
}

// withoutCommon returns two lists of segments without those at the beginning and at the
// end that both have.
func withoutCommon(a, b string) (string, string) {
	one, two := strings.Split(a, sim.Between), strings.Split(b, sim.Between)
	all := len(one)
	for range 2 { // from the beginning, then from the end
		for len(one) > 0 && len(two) > 0 && one[0] == two[0] {
			one, two = one[1:], two[1:]
		}
		slices.Reverse(one)
		slices.Reverse(two)
	}
	if len(one) == all {
		return a, b
	}
	rest := func(list []string) string {
		if len(list) == 0 {
			return "nothing else"
		}
		return "also " + strings.Join(list, sim.Between)
	}
	return rest(one), rest(two)
}

// silent appends the row that says that the model says nothing from here on, and why.
func (l *Ladder) silent(t sim.Seconds, b sim.ModelSilent) {
	why := text.Clean(b.Why)
	r := l.add(t, rowSilent)
	l.rows[r].forms = []string{silence + ": " + why, "model silent: " + why, "model silent"}
}

// silence begins that row.
const silence = "model: no verdicts from here on"
