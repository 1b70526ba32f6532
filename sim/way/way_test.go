package way

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"finwait/sim"
)

// move returns a move whose step waits that many seconds, so that each number is another step.
func move(n int) Move {
	return Move{Step: sim.Step{Verb: sim.VerbWait, For: sim.Seconds(n)}, Own: n%2 == 0}
}

// numbers returns the moves of a way as their numbers.
func numbers(moves []Move) string {
	var all []string
	for _, m := range moves {
		all = append(all, fmt.Sprint(int(m.Step.For)))
	}
	return strings.Join(all, " ")
}

// shown returns all ways, the one on which one is marked.
func shown(t Tree) string {
	var all []string
	for _, w := range t.Ways() {
		text := numbers(w.Moves)
		if w.Here {
			text = "*" + text
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestTree(t *testing.T) {
	var tree Tree
	if tree.Len() != 0 || tree.Ways() != nil || tree.Back(3).Len() != 0 {
		t.Error("the empty tree has something")
	}
	for _, n := range []int{1, 3, 5} {
		tree = tree.Made(move(n))
	}
	before := tree
	for _, c := range []struct {
		do   func(Tree) Tree
		want string
		at   string
	}{
		{func(t Tree) Tree { return t }, "*1 3 5", "1 3 5"},
		{func(t Tree) Tree { return t.Back(2) }, "*1 3 5", "1 3"},
		{func(t Tree) Tree { return t.Made(move(2)) }, "1 3 5, *1 3 2", "1 3 2"},
		{func(t Tree) Tree { return t.Back(2).Made(move(5)) }, "*1 3 5, 1 3 2", "1 3 5"},
		{func(t Tree) Tree { return t.Made(move(7)) }, "1 3 2, *1 3 5 7", "1 3 5 7"},
		{func(t Tree) Tree { return t.Back(0).Made(move(4)) }, "1 3 2, 1 3 5 7, *4", "4"},
		{func(t Tree) Tree { return t.Go(0) }, "*1 3 2, 1 3 5 7, 4", "1 3 2"},
		{func(t Tree) Tree { return t.Back(1) }, "*1 3 2, 1 3 5 7, 4", "1"},
		{func(t Tree) Tree { return t.Go(1).Back(-5) }, "1 3 2, *1 3 5 7, 4", ""},
	} {
		tree = c.do(tree)
		if got := shown(tree); got != c.want || numbers(tree.Path()) != c.at {
			t.Errorf("got %q at %q, want %q at %q", got, numbers(tree.Path()), c.want, c.at)
		}
	}
	if got := shown(before); got != "*1 3 5" {
		t.Errorf("an older tree has changed: %s", got)
	}
	if w := before.Ways()[0]; !w.Lesson() || tree.Ways()[0].Lesson() {
		t.Error("whose steps a way has")
	}
}

// TestTreeIsATree: whatever is done, the path is what was made, at most MaxWays are kept, and
// nothing that was held before changes.
func TestTreeIsATree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tree Tree
		var path []int
		for range rapid.IntRange(1, 120).Draw(t, "acts") {
			held, was := tree, shown(tree)
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				n := rapid.IntRange(0, len(path)+1).Draw(t, "back")
				path = path[:min(n, len(path)):min(n, len(path))]
				tree = tree.Back(n)
			case 1:
				if ways := tree.Ways(); len(ways) > 0 {
					i := rapid.IntRange(0, len(ways)-1).Draw(t, "way")
					path = nil
					for _, m := range ways[i].Moves {
						path = append(path, int(m.Step.For))
					}
					tree = tree.Go(i)
				}
			default:
				n := rapid.IntRange(1, 9).Draw(t, "move")
				path = append(slices.Clip(path), n)
				tree = tree.Made(move(n))
			}
			var want []string
			for _, n := range path {
				want = append(want, fmt.Sprint(n))
			}
			if got := numbers(tree.Path()); got != strings.Join(want, " ") {
				t.Fatalf("one is at %q, want %q", got, want)
			}
			ways := tree.Ways()
			here := 0
			for i, w := range ways {
				if w.Here {
					here++
					if !strings.HasPrefix(numbers(w.Moves)+" ", numbers(tree.Path())) {
						t.Fatalf("one is at %q and said to be on %q", numbers(tree.Path()), numbers(w.Moves))
					}
				}
				for _, v := range ways[:i] {
					if numbers(v.Moves) == numbers(w.Moves) {
						t.Fatalf("two ways are %q", numbers(v.Moves))
					}
				}
			}
			if len(ways) > MaxWays || len(ways) > 0 && here != 1 {
				t.Fatalf("%d ways, on %d of them", len(ways), here)
			}
			if got := shown(held); got != was {
				t.Fatalf("an older tree has changed: %s, was %s", got, was)
			}
		}
	})
}

// happened returns the events of a step.
func happened(step string, bodies ...sim.Event) []sim.Event {
	events := []sim.Event{{Body: sim.StepBegun{Step: sim.MustParseStep(step)}}}
	return append(append(events, bodies...), sim.Event{Body: sim.StepSettled{}})
}

func returns(at sim.End, pid int, call string, r sim.Result) sim.Event {
	return sim.Event{At: at, Body: sim.CallReturned{PID: pid, Call: sim.ReadCall(sim.CallName(call), 4, nil), Result: r}}
}

func sent(at sim.End, flags sim.Flags, seq sim.Seq, length int) sim.Event {
	return sim.Event{At: at, Body: sim.SegmentMoved{Conn: 1, By: sim.ByKernel, Segment: sim.Segment{Flags: flags, Seq: seq, Len: length, Fate: sim.Delivered}}}
}

func state(at sim.End, to sim.State) sim.Event {
	return sim.Event{At: at, Body: sim.StateChanged{Conn: 1, To: to}}
}

// A step that is made once more is compared by what it means.
func TestDifference(t *testing.T) {
	const fin = sim.FIN | sim.ACK
	was := happened("server write 5",
		returns(sim.Server, 7, "write", sim.Result{Ret: 5}), sent(sim.Server, sim.PSH|sim.ACK, 1, 5), sent(sim.Client, sim.RST, 2, 0),
		state(sim.Client, sim.FinWait1), state(sim.Client, sim.Closed), state(sim.Server, sim.Close))
	for name, c := range map[string]struct {
		now  []sim.Event
		want string
	}{
		"the same": {was, ""},
		"other times, processes and passing states, an ACK on its own": {happened("server write 5",
			sent(sim.Server, sim.PSH|sim.ACK, 1, 5), sent(sim.Client, sim.ACK, 2, 0), state(sim.Server, sim.Close), sent(sim.Client, sim.RST, 2, 0),
			returns(sim.Server, 9, "write", sim.Result{Ret: 5}), state(sim.Client, sim.Closed)), ""},
		"another return": {happened("server write 5",
			returns(sim.Server, 7, "write", sim.Result{Ret: -1, Errno: "EPIPE"}), sent(sim.Server, sim.PSH|sim.ACK, 1, 5), sent(sim.Client, sim.RST, 2, 0),
			state(sim.Client, sim.Closed), state(sim.Server, sim.Close)), "server return: write = -1 EPIPE, was write = 5"},
		"another state": {happened("server write 5",
			returns(sim.Server, 7, "write", sim.Result{Ret: 5}), sent(sim.Server, sim.PSH|sim.ACK, 1, 5), sent(sim.Client, sim.RST, 2, 0),
			state(sim.Client, sim.Closed)), "server state: , was CLOSE"},
		"another segment": {happened("server write 5",
			returns(sim.Server, 7, "write", sim.Result{Ret: 5}), sent(sim.Server, sim.PSH|sim.ACK, 1, 5), sent(sim.Client, fin, 2, 0),
			state(sim.Client, sim.Closed), state(sim.Server, sim.Close)), "client segments: FIN ACK seq 2, was RST seq 2"},
		"refused": {happened("server write 5", sim.Event{Body: sim.StepRefused{Refusal: sim.Refusal{Kind: sim.RefusedDead}}}), " refused: dead, was "},
	} {
		r := NewReplay([]Move{{Step: was[0].Body.(sim.StepBegun).Step, Happened: was}}, sim.Abilities{})
		r, d := r.Made(c.now)
		got := ""
		if d != nil {
			got = fmt.Sprintf("%s %s: %s, was %s", d.At, d.What, d.Now, d.Was)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if made, of := r.Progress(); made != 1 || of != 1 {
			t.Errorf("%d of %d", made, of)
		}
	}
}

// A wait in which nothing happened is skipped, where time costs something.
func TestSkip(t *testing.T) {
	quiet := Move{Step: sim.MustParseStep("wait 5s"), Happened: happened("wait 5s", sim.Event{At: sim.Client, Body: sim.TimerChanged{}})}
	busy := Move{Step: sim.MustParseStep("wait 5s"), Happened: happened("wait 5s", state(sim.Client, sim.Closed))}
	other := Move{Step: sim.MustParseStep("server poll"), Happened: happened("server poll")}
	for i, c := range []struct {
		m    Move
		lab  sim.Abilities
		want bool
	}{{quiet, sim.Abilities{}, true}, {quiet, sim.Abilities{Virtual: true}, false}, {busy, sim.Abilities{}, false}, {other, sim.Abilities{}, false}} {
		if _, skip, ok := NewReplay([]Move{c.m}, c.lab).Next(); skip != c.want || !ok {
			t.Errorf("%d: skip %v, ok %v", i, skip, ok)
		}
	}
	if _, _, ok := NewReplay(nil, sim.Abilities{}).Next(); ok {
		t.Error("a replay of nothing has a move")
	}
}

func TestMoves(t *testing.T) {
	log := append([]sim.Event{{Body: sim.StepBegun{}}}, happened("server poll")...)
	log[1].Step = 1
	log = append(log, sim.Event{Body: sim.StepBegun{Own: true}})
	if n := Moves(log); n != 2 {
		t.Errorf("%d moves", n)
	}
}
