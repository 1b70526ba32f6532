package tcp_test

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"finwait/sim"
	"finwait/sim/diagram"
	"finwait/sim/tcp"
)

var far = flag.Bool("far", false, "explore as far as the written results: some minutes and gigabytes; -update writes them")

// The limits of the tests. farthest is what the written results were made with, near is for every
// day. nearer is for the race detector, which has nothing to find in one goroutine and makes the
// exploration ten times as slow.
var (
	farthest = Limits{Moves: 14, Rare: 3}
	near     = Limits{Moves: 12, Rare: 2}
	nearer   = Limits{Moves: 12, Rare: 1}
)

func limits() Limits {
	switch {
	case *far:
		return farthest
	case raceDetector:
		return nearer
	}
	return near
}

// explored is one exploration for all tests, and a walk to each broken rule.
var explored = sync.OnceValues(func() (found Found, wrong map[string]Walk) {
	wrong = map[string]Walk{}
	found = Run(limits(), func(p *Transition) {
		if rule := broken(p); rule != "" && wrong[rule].Moves == nil {
			wrong[rule] = p.Walk()
		}
	})
	return found, wrong
})

// broken returns the rule that a transition breaks, or "".
func broken(p *Transition) string {
	for _, side := range sides {
		facts, peer := p.FactsAfter, 1-side
		switch state := p.After[side]; {
		case state == sim.Closing && !facts.Crossed():
			return "CLOSING: only after FINs that have crossed"
		case state == sim.TimeWait && !facts.Blind[side]:
			return "TIME_WAIT: only for an end that has sent a FIN without knowing the other's"
		case state == sim.TimeWait && p.After[peer] == sim.TimeWait && !facts.Crossed():
			return "TIME_WAIT on both sides: only after FINs that have crossed"
		case state == sim.LastAck && facts.Blind[side]:
			return "LAST_ACK: only for an end that knew the other's FIN"
		case state == sim.FinWait2 && p.After[peer] == sim.FinWait2:
			return "FIN_WAIT2 on both sides: neither end has received the FIN that the other has sent"
		}
	}
	if got, sent := p.reset(); got && sent {
		return "RST: never an answer to a RST"
	}
	return ""
}

// reset reports whether a reset has arrived, and whether one was sent.
func (p *Transition) reset() (arrived, sent bool) {
	if p.Move.Act != Deliver && p.Move.Act != Copy {
		return false, false
	}
	for _, e := range p.Effects {
		if e.Kind == tcp.SegmentMoved && e.Segment.Flags&sim.RST != 0 {
			arrived = arrived || e.Segment.Fate == tcp.Delivered || e.Segment.Fate == tcp.Duplicated
			sent = sent || e.Segment.Fate == tcp.Held
		}
	}
	return arrived, sent
}

func TestRules(t *testing.T) {
	begin := time.Now()
	found, wrong := explored()
	took := time.Since(begin).Seconds()
	t.Logf("%d moves, %d rare: %d worlds, %d inputs, %.0f inputs/s", limits().Moves, limits().Rare, found.Worlds, found.Inputs, float64(found.Inputs)/took)
	for rule, walk := range wrong {
		t.Errorf("%s\n%s", rule, walk)
	}
}

// String returns the moves as one line.
func (w Walk) String() string {
	words := make([]string, len(w.Moves))
	for i, m := range w.Moves {
		words[i] = m.String()
	}
	return strings.Join(words, "; ")
}

// replay makes the moves of a written walk. It returns the last transition and the walk.
func replay(t *testing.T, walk string) (p Transition, w Walk) {
	t.Helper()
	x := &explorer{Limits: Limits{Rare: 255}}
	here := position{world: start()}
	p = Transition{After: here.states(), after: &here}
	for _, text := range strings.Split(walk, "; ") {
		if text == "" {
			continue
		}
		move, ok := Move{}, false
		for _, m := range x.moves(&here, nil) {
			if m.String() == text {
				move, ok = m, true
			}
		}
		if !ok {
			t.Fatalf("%q is impossible in: %s", text, walk)
		}
		before, after := here, here
		x.do(&after, move)
		after.learn(x.effects)
		w = Walk{append(w.Moves, move), after.rare}
		p = Transition{
			Move: move, Before: before.states(), After: after.states(), Effects: x.effects,
			Facts: before.facts, FactsAfter: after.facts, before: &before, after: &after,
		}
		here = after
	}
	return p, w
}

// reached maps what an exploration found, or what a file lists, to the walk that leads there.
type reached map[string]string

// read returns the results in a file, and its text.
func read(t *testing.T, file string) (reached, string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	list := reached{}
	for line := range strings.Lines(string(src)) {
		if what, walk, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " <- "); ok {
			list[what] = walk
		}
	}
	return list, string(src)
}

func (r reached) String() string {
	var lines []string
	for what, walk := range r {
		lines = append(lines, what+" <- "+walk+"\n")
	}
	sort.Strings(lines)
	return strings.Join(lines, "")
}

// agree compares what an exploration found with the written results. Every written walk must lead
// where the file says. The exploration must find everything within its limits, and nothing else.
func agree(t *testing.T, file string, want, got reached, leads func(Transition, string) bool) {
	t.Helper()
	l := limits()
	for what, walk := range want {
		p, w := replay(t, walk)
		if !leads(p, what) {
			t.Errorf("%s: %s is not where this walk leads: %s", file, what, walk)
		}
		near := len(w.Moves) <= l.Moves && w.Rare <= l.Rare
		if _, ok := got[what]; near && !ok {
			t.Errorf("%s: %s is not reached", file, what)
		}
	}
	for what, walk := range got {
		known, ok := want[what]
		if !ok {
			t.Errorf("%s does not have %s, which is reached: %s", file, what, walk)
			continue
		}
		if n, most := strings.Count(walk, "; "), strings.Count(known, "; "); n < most {
			t.Errorf("%s: a shorter walk leads to %s: %s", file, what, walk)
		}
	}
}

// write writes the results to a file if the flags ask for it, and reports whether it did.
func write(t *testing.T, file, text string) bool {
	t.Helper()
	if !*tcp.Update || !*far { // only the farthest exploration reaches everything
		return false
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}

// The changes of states that are found are exactly those of diagram.Edges.
func TestEdges(t *testing.T) {
	const file = "../diagram/edges.txt"
	found, _ := explored()
	got := reached{}
	for e, walk := range found.Edges {
		got[e.String()] = walk.String()
	}
	text := fmt.Sprintf("# Every change of an end's state, and the shortest walk through it, up to %d moves of which %d are rare.\n%s", limits().Moves, limits().Rare, got)
	if write(t, file, text) {
		return
	}
	want := reached{}
	for _, f := range diagram.Edges() {
		want[f.String()] = f.Walk
	}
	agree(t, file, want, got, func(p Transition, what string) bool {
		for _, e := range p.edges() {
			if what == e.String() {
				return true
			}
		}
		return false
	})
}
