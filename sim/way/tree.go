package way

import (
	"slices"

	"finwait/sim"
)

// Move is a step that was made. Set-up steps are none.
type Move struct {
	Step sim.Step
	Own  bool // the step is a person's own
	// Happened are the events of the step, from StepBegun to StepSettled. They are never written
	// to.
	Happened []sim.Event
}

// same reports whether two moves are the same step.
func (m Move) same(as Move) bool { return m.Own == as.Own && m.Step.String() == as.Step.String() }

// Moves returns how many moves begin in a log, whose set-up steps have the number 0.
func Moves(log []sim.Event) int {
	n := 0
	for _, e := range log {
		if b, ok := e.Body.(sim.StepBegun); ok && (e.Step > 0 || b.Own) {
			n++
		}
	}
	return n
}

// Tree is the moves that were made on all ways, and where one is now. The zero value is at the
// beginning of a lesson of which nothing was made. It is a value: a method that changes it
// returns the changed tree.
type Tree struct {
	nodes []node // never written to, only replaced; a node stands after its parent
	at    int    // index of the newest move of the way one is on, plus one; 0 at the beginning
	clock int    // counts what was done with the tree
}

// node is a move, and what came before it.
type node struct {
	Move
	before int // index of the move before, plus one; 0 for the beginning
	used   int // when one was last there
}

// MaxWays is how many ways a tree keeps.
const MaxWays = 20

// Made returns the tree after one more move. Of more ways than a tree keeps, the one is
// forgotten that nobody was on for the longest time.
func (t Tree) Made(m Move) Tree {
	t.nodes = slices.Clone(t.nodes)
	t.clock++
	for i, n := range t.nodes {
		if n.before == t.at && n.same(m) {
			t.nodes[i].Move, t.at = m, i+1
			return t.use()
		}
	}
	t.nodes = append(t.nodes, node{Move: m, before: t.at})
	t.at = len(t.nodes)
	t = t.use()
	for len(t.ends()) > MaxWays {
		t = t.forget()
	}
	return t
}

// use notes that one is where one is. The nodes belong to the tree alone.
func (t Tree) use() Tree {
	for i := t.at; i > 0; i = t.nodes[i-1].before {
		t.nodes[i-1].used = t.clock
	}
	return t
}

// Len returns how many moves the way has on which one is, up to where one is.
func (t Tree) Len() int {
	n := 0
	for i := t.at; i > 0; i = t.nodes[i-1].before {
		n++
	}
	return n
}

// Path returns the moves that lead to where one is.
func (t Tree) Path() []Move { return t.path(t.at) }

// path returns the moves up to the one with that index plus one.
func (t Tree) path(end int) []Move {
	var path []Move
	for i := end; i > 0; i = t.nodes[i-1].before {
		path = append(path, t.nodes[i-1].Move)
	}
	slices.Reverse(path)
	return path
}

// Back returns the tree after the first n moves of the way on which one is, at most all.
func (t Tree) Back(n int) Tree {
	for back := t.Len() - max(0, n); back > 0; back-- {
		t.at = t.nodes[t.at-1].before
	}
	return t
}

// Way is one way through a lesson, from its beginning to where nothing more was made on it.
type Way struct {
	Moves []Move
	Here  bool // one is on this way
}

// Lesson reports whether all moves of a way are the lesson's.
func (w Way) Lesson() bool { return !slices.ContainsFunc(w.Moves, func(m Move) bool { return m.Own }) }

// Ways returns all ways, in the order in which they were first taken. There is none before the
// first move.
func (t Tree) Ways() []Way {
	var ways []Way
	here := t.here()
	for _, end := range t.ends() {
		ways = append(ways, Way{Moves: t.path(end), Here: end == here})
	}
	return ways
}

// Go returns the tree at the end of a way, by its index in Ways.
func (t Tree) Go(way int) Tree {
	t.at = t.ends()[way]
	t.clock++
	t.nodes = slices.Clone(t.nodes)
	return t.use()
}

// ends returns the last moves of all ways, as index plus one.
func (t Tree) ends() []int {
	inner := make([]bool, len(t.nodes)+1)
	for _, n := range t.nodes {
		inner[n.before] = true
	}
	var ends []int
	for i := range t.nodes {
		if !inner[i+1] {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// here returns the last move of the way on which one is: of several that go on from there, the
// one that was last used.
func (t Tree) here() int {
	best := 0
	for _, end := range t.ends() {
		on := t.at == 0
		for i := end; i > 0 && !on; i = t.nodes[i-1].before {
			on = i == t.at
		}
		if on && (best == 0 || t.nodes[end-1].used > t.nodes[best-1].used) {
			best = end
		}
	}
	return best
}

// forget removes the way on which nobody was for the longest time, as far as no other has its
// moves. The nodes belong to the tree alone.
func (t Tree) forget() Tree {
	here, oldest := t.here(), 0
	for _, end := range t.ends() {
		if end != here && (oldest == 0 || t.nodes[end-1].used < t.nodes[oldest-1].used) {
			oldest = end
		}
	}
	for i := oldest; i > 0; {
		before := t.nodes[i-1].before
		t = t.remove(i)
		if slices.ContainsFunc(t.nodes, func(n node) bool { return n.before == before }) || before == t.at {
			break
		}
		i = before
	}
	return t
}

// remove removes a node without successors, by its index plus one.
func (t Tree) remove(i int) Tree {
	t.nodes = slices.Delete(t.nodes, i-1, i)
	for k := range t.nodes {
		if t.nodes[k].before > i {
			t.nodes[k].before--
		}
	}
	if t.at > i {
		t.at--
	}
	return t
}
