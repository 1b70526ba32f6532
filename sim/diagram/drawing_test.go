package diagram

import (
	"slices"
	"testing"

	"finwait/sim"
)

// The drawing has every arrow of figure 5 that sockets can walk, and no arrow that was not
// found.
func TestDrawingIsComplete(t *testing.T) {
	for i := range paths {
		p := &paths[i]
		if a := p.arrow(); a.Label == "" || a.From != p.from || a.To != p.to {
			t.Errorf("%s --> %s is drawn, and was not found", p.from, p.to)
		}
		if slices.ContainsFunc(paths[:i], func(q path) bool { return q.from == p.from && q.to == p.to }) {
			t.Errorf("%s --> %s is drawn twice", p.from, p.to)
		}
	}
	for _, a := range figure5 {
		drawn := slices.ContainsFunc(paths[:], func(p path) bool { return p.arrow() == a })
		if reached := slices.Contains(Arrows(), a); drawn != reached {
			t.Errorf("%s: drawn %v, reached %v", a, drawn, reached)
		}
	}
}

// Every state has a place, and each path goes straight from the place of one state to that of
// another.
func TestDrawingIsConnected(t *testing.T) {
	for _, s := range States() {
		if !slices.ContainsFunc(spots[:], func(p spot) bool { return p.state == s }) {
			t.Errorf("%s has no place", s)
		}
	}
	for _, rfc := range []bool{false, true} {
		for _, s := range []scale{small, large} {
			d := &drawer{Options: Options{RFC: rfc}}
			for i := range paths {
				p := &paths[i]
				first, last := p.points[0], p.points[len(p.points)-1]
				from, to := spotAt(p.from, first), spotAt(p.to, last)
				if from.y == 0 || to.y == 0 {
					t.Errorf("%s --> %s does not begin and end in rows of its states", p.from, p.to)
					continue
				}
				for _, end := range []struct {
					place spot
					at    point
				}{{from, first}, {to, last}} {
					if !d.inBox(s, end.place, point{s.x(end.at.x), s.y(end.at.y)}) {
						t.Errorf("%s --> %s does not reach %s", p.from, p.to, end.place.state)
					}
				}
				for k, b := range p.points[1:] {
					if a := p.points[k]; a.x != b.x && a.y != b.y {
						t.Errorf("%s --> %s has a slope", p.from, p.to)
					}
				}
			}
		}
	}
}

// No two paths share a cell, none runs through the name of another state, and no label covers
// another label, a name or the line of another path.
func TestDrawingIsLegible(t *testing.T) {
	for _, rfc := range []bool{false, true} {
		for _, s := range []scale{small, large} {
			d := &drawer{Options: Options{RFC: rfc}}
			owner := map[point]string{}
			claim := func(c point, who string) {
				if other := owner[c]; other != "" && other != who {
					t.Errorf("boxes %v, RFC %v: %s and %s share %v", s.boxes, rfc, other, who, c)
				}
				owner[c] = who
				if c.x < 0 || c.x >= s.width || c.y < 0 || c.y >= s.height {
					t.Errorf("%s is over the edge: %v", who, c)
				}
			}
			for _, p := range spots {
				x, end := d.bounds(s, p)
				for ; x <= end; x++ {
					claim(point{x, s.y(p.y)}, p.state.String())
				}
			}
			for i := range paths {
				p := &paths[i]
				who := p.arrow().String()
				for _, c := range d.cells(s, p) {
					claim(c, who)
				}
				words := shorterTo(labels[i], p.label.room)
				x, y := s.x(p.label.x), s.y(p.label.y)
				switch p.label.where {
				case toLeft:
					x -= len(words) - 1
				case around:
					x -= len(words) / 2
				}
				if len(words) > p.label.room {
					t.Errorf("%s has no room for %q", who, words)
				}
				for k := range len(words) {
					claim(point{x + k, y}, who)
				}
			}
		}
	}
}

// An arrow of the figure is walked by what its label says.
func TestChangeArrow(t *testing.T) {
	segment := func(flags sim.Flags, sends sim.Flags) Cause {
		return Cause{Kind: CauseSegment, Segment: sim.Segment{Flags: flags}, Sent: sim.Segment{Flags: sends}}
	}
	call := func(name sim.CallName, sends sim.Flags) Cause {
		return Cause{Kind: CauseCall, Call: sim.Call{Name: name, FD: 3}, Sent: sim.Segment{Flags: sends}}
	}
	waiting := call(sim.CallClose, sim.RST)
	waiting.Waiting = true
	for _, c := range []struct {
		from, to sim.State
		cause    Cause
		label    string
		drawn    bool
	}{
		{sim.Closed, sim.SynSent, call(sim.CallConnect, sim.SYN), "connect / SYN", true},
		{sim.SynSent, sim.Closed, call(sim.CallClose, 0), "close", true},
		{sim.SynSent, sim.Closed, segment(sim.RST|sim.ACK, 0), "rcv RST", false},
		{sim.SynSent, sim.Closed, Cause{Kind: CauseTimer}, "gives up", false},
		{sim.SynRecv, sim.Established, segment(sim.ACK, 0), "rcv ACK of SYN", true},
		{sim.SynRecv, sim.Established, segment(sim.SYN|sim.ACK, 0), "rcv SYN,ACK / ACK", true},
		{sim.SynRecv, sim.CloseWait, segment(sim.FIN|sim.ACK, 0), "rcv FIN, ACK of SYN / ACK", false},
		{sim.SynRecv, sim.Listen, segment(sim.RST, 0), "rcv RST", true},
		{sim.SynRecv, sim.Listen, Cause{Kind: CauseTimer}, "gives up", false},
		{sim.Established, sim.FinWait1, Cause{Kind: CauseDeath, Signal: "SIGINT", Sent: sim.Segment{Flags: sim.FIN}}, "close / FIN", true},
		{sim.Established, sim.Closed, call(sim.CallClose, sim.RST), "close, unread data / RST", false},
		{sim.Established, sim.Closed, waiting, "close of the listener / RST", false},
		{sim.FinWait1, sim.Closed, segment(sim.PSH|sim.ACK, sim.RST), "rcv data / RST", false},
		{sim.FinWait1, sim.Closed, segment(sim.FIN|sim.ACK, sim.RST), "rcv FIN, data missing / RST", false},
		{sim.FinWait2, sim.Closed, Cause{Kind: CauseTimer}, "FIN_WAIT2 timeout", false},
		{sim.TimeWait, sim.Closed, Cause{Kind: CauseTimer}, "2MSL timeout", true},
		{sim.TimeWait, sim.Closed, segment(sim.RST, 0), "rcv RST", false},
		{sim.LastAck, sim.Closed, segment(sim.ACK, 0), "rcv ACK of FIN", true},
	} {
		change := Change{At: sim.Client, Conn: 1, From: c.from, To: c.to, Cause: c.cause}
		if a, _ := change.Arrow(); a.Label != c.label {
			t.Errorf("%s --> %s by %+v is %q, want %q", c.from, c.to, c.cause, a.Label, c.label)
		}
		if _, drawn := change.path(); drawn != c.drawn {
			t.Errorf("%s --> %s: %s is drawn: %v", c.from, c.to, c.label, drawn)
		}
	}
	if a, ok := (Change{From: sim.TimeWait, To: sim.Established}).Arrow(); ok {
		t.Errorf("%s is no arrow", a)
	}
}
