package tcp_test

import (
	"crypto/sha256"

	"finwait/sim"
	"finwait/sim/diagram"
	"finwait/sim/tcp"
)

// The exploration tries everything that can happen to the two ends of a connection, and finds
// what the model can reach. Other tests compare the model with the kernel.
//
//	start ──▶ every Move ──▶ every new world ──▶ every Move ──▶ …
//
// It is a breadth-first search. A Move is a call of one of the two processes (listen, connect,
// accept, write, read, shutdown, close) or the death of one; the fate of a segment (delivered in
// any order, dropped, copied); a timer; or a cable that is cut until an end gives up. There is one
// pair of ports, and either side may connect and listen. Each connection begins with sequence
// numbers of its own. Found has the shortest walk to every pair of states, and the shortest walk
// through every change of a state (diagram.Edge).
//
// Limits keep the search finite: they bound the moves of a walk, and how many of the moves may be
// rare. Rare moves are those without which most connections live and die.
//
// Two worlds with the same key (AppendKey) are explored once if their pasts are the same as far
// as the rules ask for them (Facts). The key leaves out for how long a timer has run, so any timer
// may fire before any other. That is the same as a run in which the earlier timers fired too and
// everything that they sent was dropped, so nothing unreachable is reached. It holds as long as no
// end gives up meanwhile, which takes longer than TIME_WAIT (Linux: 107 s). The key also leaves out
// the number of retransmissions. Only giving up depends on it, and giving up is a move.
//
// The search keeps a world as the way in which it was reached, in 32 bytes, and makes the moves
// again when it needs the world.
//
// `go test ./sim/tcp -far -update` explores as far as the written results, and writes them again:
// the edges into sim/diagram/edges.txt, the pairs into testdata/pairs.txt.

// Limits bound an exploration.
type Limits struct {
	Moves int   // longest walk
	Rare  uint8 // largest number of rare moves in a walk, see rare
}

// Pair is the states of both ends, the client's first.
type Pair [2]sim.State

// Transition is one move, with the states of both ends before and after it.
type Transition struct {
	Move          Move
	Before, After Pair
	Effects       []tcp.Effect // effects of the move
	Facts         Facts        // facts before the move
	FactsAfter    Facts        // facts after the move
	New           bool         // no earlier move led to the same world

	before, after *position
	length        int
	walk          func() []Move
}

// Walk returns the moves that lead from the start through this one.
func (p *Transition) Walk() Walk { return Walk{p.walk(), p.after.rare} }

// Found is what Run has found.
type Found struct {
	Worlds int                   // number of worlds with different keys
	Inputs int                   // number of inputs that the exploration made
	Pairs  map[Pair]Walk         // shortest walk to each pair
	Edges  map[diagram.Edge]Walk // shortest walk through each edge
}

// Walk is a sequence of moves from the start. Of two walks of the same length, the one with fewer rare
// moves is better.
type Walk struct {
	Moves []Move
	Rare  uint8
}

// keepBest keeps the walk through p if it is the best one that leads to to.
func keepBest[T comparable](found map[T]Walk, to T, p *Transition) {
	if old, ok := found[to]; !ok || len(old.Moves) == p.length && old.Rare > p.after.rare {
		found[to] = p.Walk()
	}
}

// position is a world on a walk, with the walk's counts and facts.
type position struct {
	world    tcp.World
	facts    Facts
	begun    [2]uint8 // number of connections that each side has begun
	connects uint8    // 1 after the first connect of either side
	rare     uint8    // number of rare moves so far
}

func (n *position) states() Pair {
	return Pair{state(&n.world, tcp.Client), state(&n.world, tcp.Server)}
}

// isn returns the initial sequence number of the next connection that a side accepts.
func (n *position) isn(side tcp.Side) sim.Seq { return isnStep * (1 + sim.Seq(n.begun[side])) }

// node is how a position was reached: from which node, and by which move.
type node struct {
	from int32
	move Move
}

// key identifies a position: two positions with the same key are explored once.
type key [16]byte

type explorer struct {
	Limits
	Found
	key       func(*position) key
	nodes     []node
	seen      map[key]struct{}
	effects   []tcp.Effect
	flight    []tcp.Segment
	deadlines []tcp.Deadline
	bytes     []byte
	path      []position // the positions from the start to the one that reach returned last
	steps     []int32    // indexes of the nodes of path
}

// Run explores. It visits every world within the limits once, the nearest first, and makes every
// move from there. It passes each transition to see, unless see is nil.
func Run(l Limits, see func(*Transition)) Found {
	x := &explorer{Limits: l}
	x.key = x.merging
	return x.run(see)
}

func (x *explorer) run(see func(*Transition)) Found {
	l := x.Limits
	x.seen, x.nodes = map[key]struct{}{}, []node{{from: -1}}
	x.Pairs, x.Edges = map[Pair]Walk{}, map[diagram.Edge]Walk{}
	x.path, x.steps = make([]position, 1, l.Moves+1), make([]int32, 1, l.Moves+1)
	x.path[0] = position{world: start()}
	x.Pairs[x.path[0].states()] = Walk{}
	x.isNew(&x.path[0])
	var moves []Move
	var next position
	done := 0
	for length := range l.Moves {
		level := len(x.nodes)
		for ; done < level; done++ {
			here := x.reach(int32(done))
			moves = x.moves(here, moves[:0])
			for _, m := range moves {
				next = *here
				x.do(&next, m)
				x.pass(done, length+1, here, &next, m, see)
			}
		}
	}
	x.Worlds = len(x.nodes)
	return x.Found
}

// pass records the transition that a move made.
func (x *explorer) pass(from, length int, before, after *position, m Move, see func(*Transition)) {
	after.learn(x.effects)
	p := Transition{
		Move: m, Before: before.states(), After: after.states(), Effects: x.effects,
		Facts: before.facts, FactsAfter: after.facts, New: x.isNew(after), before: before, after: after, length: length,
		walk: func() []Move { return append(x.walk(int32(from)), m) },
	}
	if p.New {
		x.nodes = append(x.nodes, node{int32(from), m})
	}
	keepBest(x.Pairs, p.After, &p)
	for _, e := range p.edges() {
		keepBest(x.Edges, e, &p)
	}
	if see != nil {
		see(&p)
	}
}

// isNew reports whether no position before had the key of n, and marks the key as seen.
func (x *explorer) isNew(n *position) bool {
	k := x.key(n)
	if _, ok := x.seen[k]; ok {
		return false
	}
	x.seen[k] = struct{}{}
	return true
}

// merging returns the key of a position. Two positions with the same key have the same future.
func (x *explorer) merging(n *position) key {
	x.bytes = n.world.AppendKey(x.bytes[:0])
	x.bytes = append(x.bytes, n.begun[0], n.begun[1], n.connects, n.rare)
	x.bytes = n.facts.append(x.bytes)
	sum := sha256.Sum256(x.bytes)
	return key(sum[:16])
}

// walk returns the moves that lead to a node.
func (x *explorer) walk(i int32) []Move {
	var back []Move
	for ; i > 0; i = x.nodes[i].from {
		back = append(back, x.nodes[i].move)
	}
	for a, b := 0, len(back)-1; a < b; a, b = a+1, b-1 {
		back[a], back[b] = back[b], back[a]
	}
	return back
}

// reach returns the position of a node. It makes the moves again that lead there, from the last
// position that is also on the way to the node that it reached before.
func (x *explorer) reach(i int32) *position {
	var way []int32
	for ; i > 0; i = x.nodes[i].from {
		way = append(way, i)
	}
	same := 1
	for same < len(x.steps) && same <= len(way) && x.steps[same] == way[len(way)-same] {
		same++
	}
	x.path, x.steps = x.path[:same], x.steps[:same]
	for k := len(way) - same; k >= 0; k-- {
		n := x.path[len(x.path)-1]
		x.do(&n, x.nodes[way[k]].move)
		n.learn(x.effects)
		x.path, x.steps = append(x.path, n), append(x.steps, way[k])
	}
	return &x.path[len(x.path)-1]
}
