package tcp_test

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
	"finwait/sim/diagram"
)

// String returns the names of both states.
func (p Pair) String() string { return p[0].String() + " " + p[1].String() }

// matrix returns a table of the lengths of the shortest walks.
func matrix(pairs map[Pair]Walk) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %11s", "")
	for _, s := range diagram.States() {
		fmt.Fprintf(&b, "%12s", s)
	}
	b.WriteString("\n")
	for _, client := range diagram.States() {
		fmt.Fprintf(&b, "# %-11s", client)
		for _, server := range diagram.States() {
			cell := "-"
			if w, ok := pairs[Pair{client, server}]; ok {
				cell = fmt.Sprint(len(w.Moves))
			}
			fmt.Fprintf(&b, "%12s", cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// The pairs of states in which both ends can be at the same time are exactly those of
// testdata/pairs.txt.
func TestPairs(t *testing.T) {
	const file = "testdata/pairs.txt"
	found, _ := explored()
	got := reached{}
	for p, walk := range found.Pairs {
		if other, ok := found.Pairs[Pair{p[1], p[0]}]; !ok || len(other.Moves) != len(walk.Moves) {
			t.Errorf("%s is %d moves away, but %d with the ends exchanged", p, len(walk.Moves), len(other.Moves))
		}
		if p[0] >= p[1] {
			got[p.String()] = walk.String()
		}
	}
	l := limits()
	text := fmt.Sprintf(`# Which states the ends of a connection can be in at the same time: the client's down, the server's across, and how many
# moves it takes at least. No walk of %d moves of which %d are rare leads to one with a dash.
#
%s#
# The walks, one for each pair: with the ends exchanged it leads to the same pair exchanged.
#
%s`, l.Moves, l.Rare, matrix(found.Pairs), got)
	if write(t, file, text) {
		return
	}
	want, _ := read(t, file)
	agree(t, file, want, got, func(p Transition, what string) bool { return p.After.String() == what })
}

// The table in the file has the lengths of the walks below it.
func TestMatrix(t *testing.T) {
	list, text := read(t, "testdata/pairs.txt")
	pairs := map[Pair]Walk{}
	for _, walk := range list {
		p, w := replay(t, walk)
		pairs[p.After], pairs[Pair{p.After[1], p.After[0]}] = w, w
	}
	if want := matrix(pairs); !strings.Contains(text, want) {
		t.Errorf("testdata/pairs.txt does not have this table:\n%s", want)
	}
}

// Every pair that is not reached is impossible, for a reason.
func TestImpossiblePairs(t *testing.T) {
	list, _ := read(t, "testdata/pairs.txt")
	found, _ := explored()
	reasons := map[Pair]string{}
	for _, c := range []struct {
		one, other sim.State
		why        string
	}{
		{sim.Established, sim.FinWait2, "an end that acknowledges a FIN has received it, and leaves ESTABLISHED"},
		{sim.Established, sim.CloseWait, "CLOSE_WAIT has received a FIN that ESTABLISHED has not sent"},
		{sim.Established, sim.Closing, "CLOSING has received a FIN that ESTABLISHED has not sent"},
		{sim.Established, sim.LastAck, "LAST_ACK has received a FIN that ESTABLISHED has not sent"},
		{sim.Established, sim.TimeWait, "TIME_WAIT has received a FIN that ESTABLISHED has not sent"},
		{sim.FinWait1, sim.FinWait2, "an end that acknowledges a FIN in FIN_WAIT1 enters CLOSING or TIME_WAIT"},
		{sim.FinWait1, sim.TimeWait, "the FIN of TIME_WAIT was acknowledged by an end that has received it"},
		{sim.FinWait2, sim.FinWait2, "an end that acknowledges a FIN has received it, and is not in FIN_WAIT2"},
		{sim.FinWait2, sim.TimeWait, "the FIN of TIME_WAIT was acknowledged by an end that has received it"},
		{sim.CloseWait, sim.CloseWait, "each has received a FIN, and neither has sent one"},
		{sim.CloseWait, sim.Closing, "CLOSING has received a FIN that CLOSE_WAIT has not sent"},
		{sim.CloseWait, sim.LastAck, "LAST_ACK has received a FIN that CLOSE_WAIT has not sent"},
		{sim.CloseWait, sim.TimeWait, "TIME_WAIT has received a FIN that CLOSE_WAIT has not sent"},
		{sim.Closing, sim.LastAck, "the FIN of LAST_ACK acknowledges the other, whose end enters TIME_WAIT"},
		{sim.LastAck, sim.LastAck, "each would have received the other's FIN before it sent its own"},
	} {
		reasons[Pair{c.one, c.other}], reasons[Pair{c.other, c.one}] = c.why, c.why
	}
	for _, one := range diagram.States() {
		for _, other := range diagram.States() {
			p := Pair{one, other}
			if walk, ok := found.Pairs[p]; ok && reasons[p] != "" {
				t.Errorf("%s: %s; yet: %s", p, reasons[p], walk)
			}
			_, ok := list[p.String()]
			_, exchanged := list[Pair{other, one}.String()]
			if reached := ok || exchanged; reached == (reasons[p] != "") {
				t.Errorf("%s: reached: %v, why it cannot be: %q", p, reached, reasons[p])
			}
		}
	}
}
