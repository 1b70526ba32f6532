package explore

import (
	"crypto/sha256"

	"finwait/sim"
	"finwait/sim/tcp"
)

// Limits say how far to go.
type Limits struct {
	Moves int   // the length of a walk
	Odd   uint8 // how many of its moves are odd: see odd
}

// Pair is both ends' states, the client's first.
type Pair [2]sim.State

// Passage is one move: what was before it, what it has brought, what is after it.
type Passage struct {
	Move          Move
	Before, After Pair
	Effects       []tcp.Effect
	Facts         Facts // before it
	FactsAfter    Facts
	New           bool // the world after it was not seen before

	before, after *moment
	length        int
	walk          func() []Move
}

// Walk returns the moves that lead from the start through this one.
func (p *Passage) Walk() Walk { return Walk{p.walk(), p.after.odd} }

// Found is what Run has found.
type Found struct {
	Worlds int // that differ in what can matter; see tcp.World.AppendKey
	Inputs int
	Pairs  map[Pair]Walk // the shortest walk to each
	Edges  map[Edge]Walk // the shortest walk through each
}

// Walk is moves from the start. Of two that are equally long the less odd one is better.
type Walk struct {
	Moves []Move
	Odd   uint8
}

// best notes a walk if it is the best one to something.
func best[T comparable](found map[T]Walk, to T, p *Passage) {
	if old, ok := found[to]; !ok || len(old.Moves) == p.length && old.Odd > p.after.odd {
		found[to] = p.Walk()
	}
}

// moment is a world on a walk, and what the walk has used up and seen.
type moment struct {
	world    tcp.World
	facts    Facts
	begun    [2]uint8 // how many connections each side has begun
	connects uint8    // 1 after the first connect of any
	odd      uint8    // how many moves were odd
}

func (n *moment) states() Pair {
	return Pair{state(&n.world, tcp.Client), state(&n.world, tcp.Server)}
}

// isn returns what the next connection that a side accepts can begin with.
func (n *moment) isn(side tcp.Side) uint32 { return isnStep * (1 + uint32(n.begun[side])) }

// node is a moment as it is remembered: how it was reached.
type node struct {
	from int32
	move Move
}

// key is what tells moments apart.
type key [16]byte

type explorer struct {
	Limits
	Found
	key     func(*moment) key
	nodes   []node
	seen    map[key]struct{}
	effects []tcp.Effect
	flight  []tcp.Segment
	dues    []tcp.Deadline
	bytes   []byte
	path    []moment // the moments on the way to the newest one that was asked for
	steps   []int32  // their nodes
}

// Run explores. It goes through every world that so many moves lead to once, the nearest
// first, makes every move from there, and shows it to see, which may be nil.
func Run(l Limits, see func(*Passage)) Found {
	x := &explorer{Limits: l}
	x.key = x.merging
	return x.run(see)
}

func (x *explorer) run(see func(*Passage)) Found {
	l := x.Limits
	x.seen, x.nodes = map[key]struct{}{}, []node{{from: -1}}
	x.Pairs, x.Edges = map[Pair]Walk{}, map[Edge]Walk{}
	x.path, x.steps = make([]moment, 1, l.Moves+1), make([]int32, 1, l.Moves+1)
	x.path[0] = moment{world: start()}
	x.Pairs[x.path[0].states()] = Walk{}
	x.isNew(&x.path[0])
	var moves []Move
	var next moment
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

// pass takes in what a move has led to.
func (x *explorer) pass(from, length int, before, after *moment, m Move, see func(*Passage)) {
	after.learn(x.effects)
	p := Passage{
		Move: m, Before: before.states(), After: after.states(), Effects: x.effects,
		Facts: before.facts, FactsAfter: after.facts, New: x.isNew(after), before: before, after: after, length: length,
		walk: func() []Move { return append(x.walk(int32(from)), m) },
	}
	if p.New {
		x.nodes = append(x.nodes, node{int32(from), m})
	}
	best(x.Pairs, p.After, &p)
	for _, e := range p.edges() {
		best(x.Edges, e, &p)
	}
	if see != nil {
		see(&p)
	}
}

// isNew reports whether a moment differs from all that were seen, and notes it.
func (x *explorer) isNew(n *moment) bool {
	k := x.key(n)
	if _, ok := x.seen[k]; ok {
		return false
	}
	x.seen[k] = struct{}{}
	return true
}

// merging returns a key that moments share which can go on alike.
func (x *explorer) merging(n *moment) key {
	x.bytes = n.world.AppendKey(x.bytes[:0])
	x.bytes = append(x.bytes, n.begun[0], n.begun[1], n.connects, n.odd)
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

// reach returns the moment of a node. Only how it was reached is kept: it walks there
// again, from where the way parts from that to the one before.
func (x *explorer) reach(i int32) *moment {
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
