package explore

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
	"finwait/sim/tcp"
)

var (
	far    = flag.Bool("far", false, "explore as far as testdata does: some minutes and gigabytes")
	update = flag.Bool("update", false, "with -far: write what is reached into testdata")
)

// How far to go. What testdata has was reached by farthest; near is for every day. Under
// the race detector, which has nothing to find in one goroutine, everything is ten times
// as slow.
var (
	farthest = Limits{Moves: 14, Odd: 3}
	near     = Limits{Moves: 12, Odd: 2}
	nearer   = Limits{Moves: 12, Odd: 1}
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

// explored is one exploration for all tests, and what was wrong on the way.
var explored = sync.OnceValues(func() (found Found, wrong map[string]Walk) {
	wrong = map[string]Walk{}
	found = Run(limits(), func(p *Passage) {
		if rule := broken(p); rule != "" && wrong[rule].Moves == nil {
			wrong[rule] = p.Walk()
		}
	})
	return found, wrong
})

// broken returns the rule that a passage breaks, "" for none.
func broken(p *Passage) string {
	for _, side := range sides {
		facts, peer := p.FactsAfter, 1-side
		switch state := p.After[side]; {
		case state == sim.Closing && !facts.Crossed():
			return "CLOSING: only after FINs that have crossed"
		case state == sim.TimeWait && !facts.Blind[side]:
			return "TIME_WAIT: only for who has sent a FIN without knowing the other's"
		case state == sim.TimeWait && p.After[peer] == sim.TimeWait && !facts.Crossed():
			return "TIME_WAIT on both sides: only after FINs that have crossed"
		case state == sim.LastAck && facts.Blind[side]:
			return "LAST_ACK: only for who knew the other's FIN"
		case state == sim.FinWait2 && p.After[peer] == sim.FinWait2:
			return "FIN_WAIT2 on both sides: each has got a FIN, and neither has"
		}
	}
	if got, sent := p.reset(); got && sent {
		return "RST: never an answer to a RST"
	}
	return ""
}

// reset reports whether a reset has arrived, and whether one was sent.
func (p *Passage) reset() (arrived, sent bool) {
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
	t.Logf("%d moves, %d odd: %d worlds, %d inputs, %.0f inputs/s", limits().Moves, limits().Odd, found.Worlds, found.Inputs, float64(found.Inputs)/took)
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

// replay goes a walk that was written down, and returns its newest passage.
func replay(t *testing.T, walk string) (p Passage, w Walk) {
	t.Helper()
	x := &explorer{Limits: Limits{Odd: 255}}
	here := moment{world: start()}
	p = Passage{After: here.states(), after: &here}
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
		w = Walk{append(w.Moves, move), after.odd}
		p = Passage{
			Move: move, Before: before.states(), After: after.states(), Effects: x.effects,
			Facts: before.facts, FactsAfter: after.facts, before: &before, after: &after,
		}
		here = after
	}
	return p, w
}

// reached is what a file of testdata lists, and what an exploration has found: what, and
// the walk to it.
type reached map[string]string

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

// agree compares what was found with what is written down. Every walk of that must lead
// where it says; what an exploration that goes less far does not reach, it must not.
func agree(t *testing.T, file string, want, got reached, leads func(Passage, string) bool) {
	t.Helper()
	l := limits()
	for what, walk := range want {
		p, w := replay(t, walk)
		if !leads(p, what) {
			t.Errorf("%s: %s is not where this leads: %s", file, what, walk)
		}
		near := len(w.Moves) <= l.Moves && w.Odd <= l.Odd
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
			t.Errorf("%s: there is a shorter way to %s: %s", file, what, walk)
		}
	}
}

// write renews a file of testdata, if that was asked for.
func write(t *testing.T, file, text string) bool {
	t.Helper()
	if !*update {
		return false
	}
	if !*far {
		t.Fatal("-update needs -far: testdata has what the farthest exploration reaches")
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}

// The changes of states that were found are those of testdata/edges.txt, no more.
func TestEdges(t *testing.T) {
	const file = "testdata/edges.txt"
	found, _ := explored()
	got := reached{}
	for e, walk := range found.Edges {
		got[fmt.Sprintf("%s --> %s: %s", e.From, e.To, e)] = walk.String()
	}
	text := fmt.Sprintf("# Every change of an end's state, and the shortest walk through it, up to %d moves of which %d are odd.\n%s", limits().Moves, limits().Odd, got)
	if write(t, file, text) {
		return
	}
	want, _ := read(t, file)
	agree(t, file, want, got, func(p Passage, what string) bool {
		for _, e := range p.edges() {
			if what == fmt.Sprintf("%s --> %s: %s", e.From, e.To, e) {
				return true
			}
		}
		return false
	})
}
