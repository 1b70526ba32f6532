package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// Between two rows are the lifelines and the threads of what hangs there: from the row in which the
// segment left to that in which it arrives.
func TestBetween(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.heldClose(server, sim.Established, sim.FinWait1, 1, 1)
	s.deliver(fin)
	s.settled()
	l := s.ladder()
	var got []string
	for r := l.Len() - 5; r < l.Len()-1; r++ {
		got = append(got, strings.Join(strings.Fields(l.Between(r, 78, Options{Grow: 1}).String()), " "))
	}
	if got, want := strings.Join(got, ", "), "┃ ┃, ╎ │ ┃, ╎ │ ┃, ╎ │ │ ╎"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if line := l.Between(l.Len()-1, 78, Options{}); line != nil {
		t.Errorf("below the last row: %q", line.String())
	}
}

// With Numbers an arrow has both numbers, as far as there is room.
func TestNumbers(t *testing.T) {
	s := onWire()
	s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	l := s.ladder()
	for _, test := range []struct {
		width   int
		numbers bool
		want    string
	}{
		{100, false, "FIN ACK  seq 1  #4 ━"},
		{100, true, "FIN ACK  seq 1 ack 1  #4 ━"},
		{78, true, "FIN ACK  seq 1  #4 ━"},
		{40, true, "FIN ACK ━"},
	} {
		got := l.Draw(l.Len()-1, l.Len(), test.width, Options{Grow: 1, Numbers: test.numbers})[0].String()
		if !strings.Contains(got, test.want) {
			t.Errorf("%d: got %q, want %q in it", test.width, got, test.want)
		}
	}
}
