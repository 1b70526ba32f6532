package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// A segment that is sent again after it was delivered is not carried on, and takes no row: that of
// its arrival counts how often it was sent, and nothing else changes.
func TestRepeatsHaveNoRow(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.step("deliver client")
	s.deliver(fin)
	s.became(server, sim.Established, sim.CloseWait)
	ack := s.held(server, "ACK", 1, 2, 0)
	s.settled()
	n := s.ladder().Len()
	row := func(r, width int) string {
		return strings.Join(strings.Fields(s.ladder().Draw(r, r+1, width, Options{Grow: 1})[0].String()), " ")
	}
	before := row(n-2, 78)
	for _, want := range []string{"FIN ACK seq 1 sent x2", "FIN ACK seq 1 sent x3", "FIN ACK seq 1 sent x4"} {
		s.sleep(0.3)
		s.laterFate(fin, sim.Retransmitted)
		if got := row(n-2, 78); !strings.Contains(got, want) || !strings.Contains(got, "▶┃ CLOSE_WAIT") {
			t.Errorf("got %q, want %q in it; before %q", got, want, before)
		}
	}
	if got := s.ladder().Len(); got != n {
		t.Errorf("%d rows, want %d", got, n)
	}
	for width, want := range map[int]string{40: "FIN ACK ━", 160: "FIN ACK seq 1 sent x4"} {
		if got := row(n-2, width); !strings.Contains(got, want) {
			t.Errorf("%d: got %q, want %q in it", width, got, want)
		}
	}
	s.conn, s.auto = 2, true
	s.connect(40113)
	s.conn, s.auto = 1, false
	n = s.ladder().Len()
	s.laterFate(fin, sim.Retransmitted)
	if got := s.ladder().Len(); got != n {
		t.Errorf("of the connection before: %d rows, want %d", got, n)
	}
	s.laterFate(ack, sim.Delivered)
	if got := tail(t, s, s.ladder().Len()); !strings.Contains(got, "sent x5") {
		t.Errorf("of the connection before: got\n%s", got)
	}
}

// What has arrived further down than it was held is counted where it arrived.
func TestRepeatsAfterALateArrival(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.heldClose(server, sim.Established, sim.FinWait1, 1, 1)
	s.step("deliver client")
	s.deliver(fin)
	s.settled()
	s.laterFate(fin, sim.Retransmitted)
	if got := tail(t, s, 1); !strings.Contains(got, "FIN ACK #4 sent x2 ▷") {
		t.Errorf("got %q", got)
	}
}

// An older connection has no count: nothing is added for what is sent again.
func TestRepeatsOfAnOlderConnection(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.conn, s.auto = 2, true
	s.connect(40113)
	s.conn, s.auto = 1, false
	s.deliver(fin)
	before := tail(t, s, s.ladder().Len())
	for range 3 {
		s.laterFate(fin, sim.Retransmitted)
	}
	if got := tail(t, s, s.ladder().Len()); got != before {
		t.Errorf("got\n%s\nwant\n%s", got, before)
	}
}

// The transcript, which cannot change what it has written, says below a wait what was sent again.
func TestTranscriptTellsRepeats(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.step("deliver client")
	s.deliver(fin)
	s.held(server, "ACK", 1, 2, 0)
	for range 2 {
		s.step("wait 2s")
		s.sleep(1)
		s.laterFate(fin, sim.Retransmitted)
		s.sleep(1)
	}
	s.settled()
	var rows []string
	for _, line := range strings.Split(transcript(Transcript{}, s.log), "\n") {
		if strings.ContainsAny(line, "·⋯") {
			rows = append(rows, strings.Join(strings.Fields(line), " "))
		}
	}
	want := `╎ │ ⋯ 2.0 s ┃
· #4 FIN ACK was sent 2 times: it has arrived, its acknowledgement has not.
╎ │ ⋯ 2.0 s ┃
· #4 FIN ACK was sent 3 times: it has arrived, its acknowledgement has not.`
	if got := strings.Join(rows, "\n"); !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Automatic delivery has a row before the row of its first event, as the cable has. A
// set-up step has none, and a refused step has none.
func TestAutomaticDeliveryHasARow(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.step("auto deliver on")
	s.deliver(fin)
	s.step("auto deliver off")
	s.settled()
	rows := strings.Split(tail(t, s, 3), "\n")
	for i, want := range []string{"delivers by itself", "FIN ACK #4 ▷▶┃", "holds what is sent"} {
		if !strings.Contains(rows[i], want) {
			t.Errorf("row %d: got %q, want %q in it", i, rows[i], want)
		}
	}
	n := s.ladder().Len()
	s.step("auto deliver on")
	s.add(sim.Event{Body: sim.StepRefused{Why: "no"}})
	s.settled()
	s.add(sim.Event{Body: sim.StepBegun{Step: sim.MustParseStep("auto deliver on")}})
	if got := s.ladder().Len() - n; got != 2 { // the pause, the refusal
		t.Errorf("%d rows of a refusal and of setting the scene:\n%s", got, tail(t, s, 3))
	}
}
