package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// A segment that is sent again after it was delivered is not carried on: one row counts
// how often.
func TestRepeatsHaveOneRow(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.step("deliver client")
	s.deliver(fin)
	s.became(server, sim.Established, sim.CloseWait)
	ack := s.held(server, "ACK", 1, 2, 0)
	s.settled()
	final := s.ladder().Len()
	for n, want := range []string{"#4 again", "#4 again x2", "#4 again x3"} {
		s.sleep(0.4)
		s.laterFate(fin, sim.Retransmitted)
		if got, want := tail(t, s, 1), "╎━┿ FIN ACK ━┤ "+want+" ┃"; got != want {
			t.Errorf("copy %d: got %q, want %q", n+1, got, want)
		}
	}
	if got := s.ladder().Len(); got != final+1 {
		t.Errorf("%d rows, want %d", got, final+1)
	}
	for width, want := range map[int]string{
		40: "╎━┿ FIN ACK ━┤ ┃", 100: "╎━━┿ FIN ACK ━┤ #4 again x3 ┃", 160: "╎━━┿ FIN ACK ━┤ #4 sent again x3: it has arrived ┃",
	} {
		l := s.ladder()
		got := strings.Join(strings.Fields(l.Draw(l.Len()-1, l.Len(), width, Options{Grow: 1})[0].String()), " ")
		if got != want {
			t.Errorf("%d: got %q, want %q", width, got, want)
		}
	}
	s.conn, s.auto = 2, true
	s.connect(40113)
	s.conn, s.auto = 1, false
	s.laterFate(fin, sim.Retransmitted)
	s.laterFate(ack, sim.Delivered)
	if got := s.ladder().Draw(final, final+1, 78, Options{Grow: 1})[0].String(); !strings.Contains(got, "again x4") {
		t.Errorf("of the connection before: got %q", got)
	}
}

// For an older connection a note counts the repeats.
func TestRepeatsOfAnOlderConnection(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.conn, s.auto = 2, true
	s.connect(40113)
	s.conn, s.auto = 1, false
	s.deliver(fin)
	for range 3 {
		s.laterFate(fin, sim.Retransmitted)
	}
	l := s.ladder()
	got := l.Draw(l.Len()-1, l.Len(), 200, Options{Grow: 1})[0].String()
	if want := "FIN ACK seq 1 ack 1 sent again x3: it has arrived"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}

// The transcript writes the row of the repeats again when time has passed.
func TestTranscriptCountsRepeats(t *testing.T) {
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
		if strings.ContainsAny(line, "┤⋯") {
			rows = append(rows, strings.Join(strings.Fields(line), " "))
		}
	}
	want := "╎ │ ⋯ 1.0 s ┃, ╎━┿ FIN ACK ━┤ #4 again ┃, ╎ │ ⋯ 1.0 s ┃, ╎━┿ FIN ACK ━┤ #4 again x2 ┃, ╎ │ ⋯ 2.0 s ┃"
	if got := strings.Join(rows, ", "); got != want {
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
