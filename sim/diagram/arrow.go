package diagram

import (
	"cmp"
	"slices"
	"strings"

	"finwait/sim"
)

// Arrow is a change of state as the diagram draws it.
type Arrow struct {
	From, To sim.State
	Label    string // "rcv FIN / ACK"
}

// String returns the arrow as Mermaid spells it.
func (a Arrow) String() string { return a.From.String() + " --> " + a.To.String() + ": " + a.Label }

// InFigure5 reports whether figure 5 of RFC 9293 has the arrow.
func (a Arrow) InFigure5() bool { return slices.Contains(figure5, a) }

// Note says why the arrow is in the diagram and not in figure 5, or in figure 5 and not
// in the diagram; "" if it is in both, or is an Ending.
func (a Arrow) Note() string { return notes[a.String()] }

// Ending is an event that ends a connection in many states. The diagram has one sentence
// for it in place of many arrows.
type Ending struct {
	Label string // "rcv RST"
	Words string // what happens, in plain words
}

// Ending returns the ending that the arrow stands for; ok is false for an arrow that the
// diagram draws.
func (a Arrow) Ending() (e Ending, ok bool) {
	i := slices.IndexFunc(endings, func(e Ending) bool { return e.Label == a.Label })
	if i < 0 || a.InFigure5() {
		return Ending{}, false
	}
	return endings[i], true
}

// States returns the eleven states of figure 5, from the first to the last of a
// connection. The caller owns the slice.
func States() []sim.State { return slices.Clone(states) }

var states = []sim.State{
	sim.Closed, sim.Listen, sim.SynSent, sim.SynRecv, sim.Established, sim.FinWait1,
	sim.FinWait2, sim.CloseWait, sim.Closing, sim.LastAck, sim.TimeWait,
}

// Arrows returns every change of state that was found, as the diagram draws it, in the
// order of the states. Endings are among them.
func Arrows() []Arrow {
	var all []Arrow
	for _, e := range Edges() {
		if a := e.Arrow(); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b Arrow) int {
		return cmp.Or(
			slices.Index(states, a.From)-slices.Index(states, b.From),
			slices.Index(states, a.To)-slices.Index(states, b.To),
			strings.Compare(a.Label, b.Label),
		)
	})
	return all
}

// Arrow returns the edge as the diagram draws it. Left out are data that a segment
// carries besides, that a FIN had to wait for missing data, for the repair of a loss or
// for room in the peer's window, and that Linux delays an acknowledgement.
func (e Edge) Arrow() Arrow {
	event := strings.Replace(e.Event, "data before FIN", "FIN", 1)
	sends := e.Sends
	sendsFIN := e.To == sim.FinWait1 || e.To == sim.LastAck
	switch {
	case event == "rcv ACK of FIN", event == "rcv ACK of SYN" && sends != "RST":
		sends = ""
	case sends == "data, FIN", event == "close" && sendsFIN && (sends == "" || sends == "ACK later"):
		sends = "FIN"
	case strings.Contains(event, "FIN") && (sends == "ACK later" || sends == "data"):
		sends = "ACK"
	}
	if e.From == sim.SynRecv && sends == "RST" && (event != "rcv SYN" || e.To == sim.Closed) {
		event = "rcv anything"
	}
	return Arrow{e.From, e.To, Edge{Event: event, Sends: sends}.Label()}
}
