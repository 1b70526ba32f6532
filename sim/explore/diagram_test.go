package explore

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"finwait/sim"
)

// arrow is an edge as a diagram draws it.
type arrow struct {
	from, to sim.State
	label    string
}

// String returns the arrow as Mermaid spells it.
func (a arrow) String() string { return fmt.Sprintf("%s --> %s: %s", a.from, a.to, a.label) }

// figure5 is figure 5 of RFC 9293 (section 3.3.2), without creating and deleting a TCB;
// OPEN is listen and connect, and x, which is nothing, is left out.
var figure5 = []arrow{
	{sim.Closed, sim.Listen, "listen"},
	{sim.Closed, sim.SynSent, "connect / SYN"},
	{sim.Listen, sim.Closed, "close"},
	{sim.Listen, sim.SynRecv, "rcv SYN / SYN,ACK"},
	{sim.Listen, sim.SynSent, "send / SYN"},
	{sim.SynSent, sim.Closed, "close"},
	{sim.SynSent, sim.SynRecv, "rcv SYN / SYN,ACK"},
	{sim.SynSent, sim.Established, "rcv SYN,ACK / ACK"},
	{sim.SynRecv, sim.Listen, "rcv RST"},
	{sim.SynRecv, sim.Established, "rcv ACK of SYN"},
	{sim.SynRecv, sim.FinWait1, "close / FIN"},
	{sim.Established, sim.FinWait1, "close / FIN"},
	{sim.Established, sim.CloseWait, "rcv FIN / ACK"},
	{sim.FinWait1, sim.FinWait2, "rcv ACK of FIN"},
	{sim.FinWait1, sim.Closing, "rcv FIN / ACK"},
	{sim.FinWait2, sim.TimeWait, "rcv FIN / ACK"},
	{sim.CloseWait, sim.LastAck, "close / FIN"},
	{sim.Closing, sim.TimeWait, "rcv ACK of FIN"},
	{sim.LastAck, sim.Closed, "rcv ACK of FIN"},
	{sim.TimeWait, sim.Closed, "2MSL timeout"},
}

// differs says why an arrow is here and not in the figure, or the other way round.
var differs = map[string]string{
	"LISTEN --> SYN_SENT: send / SYN":                    "not here: sockets have no call for it",
	"SYN_RECV --> ESTABLISHED: rcv SYN,ACK / ACK":        "after a simultaneous open the other's SYN,ACK is what acknowledges the SYN (figure 7)",
	"SYN_RECV --> CLOSE_WAIT: rcv FIN, ACK of SYN / ACK": "the last ACK of the handshake was lost: the FIN brings it, and ESTABLISHED is over at once",
	"FIN_WAIT1 --> TIME_WAIT: rcv FIN, ACK of FIN / ACK": "note 2 of the figure: the peer has closed before it has acknowledged",
	"FIN_WAIT2 --> CLOSED: FIN_WAIT2 timeout":            "nobody holds the socket any more, and no FIN has come for `tcp_fin_timeout`",
	"FIN_WAIT2 --> SYN_SENT: connect / SYN":              "from the same port, when nobody holds the old socket (`__inet_check_established`)",
	"TIME_WAIT --> SYN_SENT: connect / SYN":              "from the same port (`tcp_twsk_unique`)",
	"TIME_WAIT --> SYN_RECV: rcv SYN / SYN,ACK":          "a SYN that is newer, when somebody listens (RFC 9293 section 3.6.1, MAY-2; RFC 6191)",
}

// folded are the labels that are not drawn: they end connections in many states. The
// words say what they are.
var folded = []struct{ label, words string }{
	{"rcv RST", "a reset comes"},
	{"gives up", "what it sent was repeated, and never acknowledged; a listener forgets a handshake"},
	{"close, unread data / RST", "the program closes, or dies, and has not read everything"},
	{"close of the listener / RST", "the listener closes, or its process dies, before it has accepted the connection"},
	{"rcv data / RST", "data come that nobody will read"},
	{"rcv FIN, data missing / RST", "a FIN comes without the data before it, which nobody will read"},
	{"rcv anything / RST", "the listener was closed during the handshake"},
}

// drawn returns an edge as it is drawn: data that a segment carries besides make no
// difference, nor does a FIN that had to wait for data that were missing, nor that Linux
// acknowledges a FIN a little later, nor that a FIN may have to wait: until a loss is made
// good, or for room in the peer's window.
func drawn(e Edge) arrow {
	cause := strings.Replace(e.Cause, "data before FIN", "FIN", 1)
	sends := e.Sends
	switch {
	case cause == "rcv ACK of FIN", cause == "rcv ACK of SYN" && sends != "RST":
		sends = ""
	case e.Sends == "data, FIN", cause == "close" && e.closes() && (sends == "" || sends == "ACK later"):
		sends = "FIN"
	case strings.Contains(cause, "FIN") && (sends == "ACK later" || sends == "data"):
		sends = "ACK"
	}
	if e.From == sim.SynRecv && sends == "RST" && (cause != "rcv SYN" || e.To == sim.Closed) {
		cause = "rcv anything"
	}
	return arrow{e.From, e.To, Edge{Cause: cause, Sends: sends}.String()}
}

// arrows returns what testdata/edges.txt has, as it is drawn, in the order of the states.
func arrows(t *testing.T) []arrow {
	list, _ := read(t, "testdata/edges.txt")
	var all []arrow
	for _, walk := range list {
		p, _ := replay(t, walk)
		for _, e := range p.edges() {
			if a := drawn(e); !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	slices.SortFunc(all, func(a, b arrow) int {
		if c := slices.Index(states, a.from) - slices.Index(states, b.from); c != 0 {
			return c
		}
		if c := slices.Index(states, a.to) - slices.Index(states, b.to); c != 0 {
			return c
		}
		return strings.Compare(a.label, b.label)
	})
	return all
}

// isFolded returns the words for what is not drawn, "" for what is.
func isFolded(a arrow) string {
	for _, f := range folded {
		if a.label == f.label && !slices.Contains(figure5, a) {
			return f.words
		}
	}
	return ""
}

// closes reports whether an end goes where it has a FIN to send.
func (e Edge) closes() bool { return e.To == sim.FinWait1 || e.To == sim.LastAck }

// diagram returns the part of the README about the states.
func diagram(t *testing.T) string {
	all := arrows(t)
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, a := range all {
		switch {
		case isFolded(a) != "":
		case slices.Contains(figure5, a):
			fmt.Fprintf(&b, "    %s\n", a)
		default:
			fmt.Fprintf(&b, "    %s *\n", a)
		}
	}
	b.WriteString("```\n\n| * not as in figure 5 | |\n|---|---|\n")
	for _, a := range append(slices.Clone(all), figure5...) {
		if why := differs[a.String()]; why != "" && slices.Contains(all, a) != slices.Contains(figure5, a) {
			fmt.Fprintf(&b, "| `%s` | %s |\n", a, why)
		}
	}
	b.WriteString("\n| not drawn | in | |\n|---|---|---|\n")
	for _, f := range folded {
		var in []string
		for _, a := range all {
			if name := a.from.String(); a.label == f.label && !slices.Contains(in, name) {
				in = append(in, name)
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.label, strings.Join(in, ", "), f.words)
	}
	return b.String()
}

// The diagram in the README is what was reached. To renew it, copy what a failure prints.
func TestREADME(t *testing.T) {
	src, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := diagram(t); !strings.Contains(string(src), want) {
		t.Errorf("README.md does not have:\n%s", want)
	}
}

// Everything that is not as in figure 5 is folded into a sentence or explained, and
// nothing else is.
func TestFigure5(t *testing.T) {
	all := arrows(t)
	explained := map[string]bool{}
	for _, a := range all {
		if slices.Contains(figure5, a) || isFolded(a) != "" {
			continue
		}
		explained[a.String()] = true
		if differs[a.String()] == "" {
			t.Errorf("%s is not in figure 5, and it is not said why", a)
		}
	}
	for _, a := range figure5 {
		if !slices.Contains(all, a) {
			explained[a.String()] = true
			if differs[a.String()] == "" {
				t.Errorf("%s is not reached, and it is not said why", a)
			}
		}
	}
	for what := range differs {
		if !explained[what] {
			t.Errorf("%s is explained, but is as in figure 5, or is not reached", what)
		}
	}
	for _, f := range folded {
		if !slices.ContainsFunc(all, func(a arrow) bool { return a.label == f.label }) {
			t.Errorf("%s is not reached", f.label)
		}
	}
}
