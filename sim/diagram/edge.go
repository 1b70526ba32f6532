package diagram

import (
	_ "embed"
	"fmt"
	"strings"

	"finwait/sim"
)

// Edge is a change of the state of one end of a connection.
type Edge struct {
	From, To sim.State
	Event    string // what happens, in the words of the figure: "close", "rcv FIN", "2MSL timeout"
	Sends    string // what the end sends then: "FIN", "ACK", "data, FIN"; "" for nothing
}

// Label returns the edge as the figure labels it: "rcv FIN / ACK".
func (e Edge) Label() string {
	if e.Sends == "" {
		return e.Event
	}
	return e.Event + " / " + e.Sends
}

// String returns the edge as edges.txt spells it: "FIN_WAIT2 --> TIME_WAIT: rcv FIN / ACK".
func (e Edge) String() string { return fmt.Sprintf("%s --> %s: %s", e.From, e.To, e.Label()) }

// ParseEdge returns the edge that String spells as text.
func ParseEdge(text string) (e Edge, ok bool) {
	from, rest, hasTo := strings.Cut(text, " --> ")
	to, label, hasLabel := strings.Cut(rest, ": ")
	e.Event, e.Sends, _ = strings.Cut(label, " / ")
	var okFrom, okTo bool
	e.From, okFrom = sim.ParseState(from)
	e.To, okTo = sim.ParseState(to)
	return e, hasTo && hasLabel && okFrom && okTo && e.Event != ""
}

// Found is an edge with the shortest walk through it.
type Found struct {
	Edge
	// Walk has the moves of both ends and of the wire, from two hosts without a
	// connection, separated by "; ". A move is spelled as a step of a lesson where
	// there is such a step.
	Walk string
}

// edges is what the exploration of the model has written.
//
//go:embed edges.txt
var edges string

// Edges returns every change of state that was found, sorted by its spelling.
func Edges() []Found {
	var all []Found
	for line := range strings.Lines(edges) {
		text, walk, isEdge := strings.Cut(strings.TrimSuffix(line, "\n"), " <- ")
		if e, ok := ParseEdge(text); isEdge && ok {
			all = append(all, Found{e, walk})
		}
	}
	return all
}
