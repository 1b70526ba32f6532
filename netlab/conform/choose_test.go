package conform

import (
	"context"
	"slices"
	"testing"

	"finwait/sim"
)

// walked makes one walk on the model.
func walked(t testing.TB, o Options, n int) trace {
	t.Helper()
	random, timers := o.route(n)
	tr, err := o.walk(context.Background(), timers, random)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// A walk is decided by its seed and its number.
func TestSameWalkAgain(t *testing.T) {
	o := onModel(func() Judge { return content{} })
	for n := 1; n <= 10; n++ {
		first, second := walked(t, o, n), walked(t, o, n)
		if !slices.Equal(texts(first.steps), texts(second.steps)) || first.timers != second.timers {
			t.Errorf("walk %d is %q, then %q", n, texts(first.steps), texts(second.steps))
		}
	}
	other := o
	other.Seed++
	if slices.Equal(texts(walked(t, o, 1).steps), texts(walked(t, other, 1).steps)) {
		t.Error("another seed makes the same walk")
	}
}

// Every verb is walked: it is made, and it is not always refused. Every step is one that a
// lesson can say.
func TestEveryVerbIsWalked(t *testing.T) {
	o := onModel(func() Judge { return content{} })
	done := map[sim.Verb]int{}
	parent, chained, refused, all := 0, 0, 0, 0
	for n := 1; n <= 300; n++ {
		tr := walked(t, o, n)
		for i, step := range tr.steps {
			again, err := sim.ParseStep(step.String())
			if err != nil || again.String() != step.String() {
				t.Fatalf("%s: %v, %v", step, again, err)
			}
			all++
			if tr.refused[i] {
				refused++
				continue
			}
			done[step.Verb]++
			if step.Parent {
				parent++
			}
			if step.Then != nil {
				done[step.Then.Verb]++
				chained++
			}
		}
	}
	for _, u := range sim.Usages() {
		if u.Traced {
			continue // a walk has no program that makes calls of its own
		}
		if n := done[u.Verb]; n < 10 {
			t.Errorf("%s was made %d times in %d steps", u.Verb, n, all)
		}
		if n := len(slices.DeleteFunc(slices.Clone(moves), func(m move) bool { return m.verb != u.Verb })); n != 1 {
			t.Errorf("%s is among the moves %d times", u.Verb, n)
		}
	}
	if parent < 10 || chained < 100 {
		t.Errorf("%d steps of a parent, %d of two calls", parent, chained)
	}
	if refused < all/50 || refused > all/4 {
		t.Errorf("%d of %d steps were refused", refused, all)
	}
	t.Logf("%d steps, %d refused: %v", all, refused, done)
}

// Without a wire there are no steps for it.
func TestNoWireOnLoopback(t *testing.T) {
	o := onModel(func() Judge { return content{} })
	o.Net = sim.Loopback
	for n := 1; n <= 20; n++ {
		tr := walked(t, o, n)
		if tr.timers {
			t.Errorf("walk %d wants hosts of its own", n)
		}
		for _, step := range tr.steps {
			if usage(step.Verb).Wire {
				t.Errorf("walk %d: %s", n, step)
			}
		}
	}
}

// inexactReset reports whether a reset reaches an end of a walk's log beyond the next byte that
// the end expects: in its window, not exact (RFC 9293 section 3.10.7.4).
func inexactReset(log []sim.Event) bool {
	type direction struct {
		from sim.End
		conn int
	}
	arrived, established := map[direction]sim.Spans{}, map[direction]sim.Seq{}
	for _, e := range log {
		g, d := e.Segment(), direction{e.At, e.Conn()}
		if g.Fate != sim.Delivered && g.Fate != sim.Duplicated || e.Kind() != sim.KindSegment {
			continue
		}
		next, ok := established[d]
		switch {
		case g.Flags&sim.RST != 0:
			const window = 10_000 // what every window has room for
			if ok && g.Seq.After(next) && next.Add(window).After(g.Seq) {
				return true
			}
		case g.Flags&sim.SYN != 0:
			established[d] = 1
		case ok:
			arrived[d] = arrived[d].Add(sim.Span{From: g.Seq, To: g.Next()})
			established[d], _ = arrived[d].Advance(next)
		}
	}
	return false
}

// Walks meet what a random choice of steps rarely brings about.
func TestRareWaysAreWalked(t *testing.T) {
	o := onModel(func() Judge { return content{} })
	met := 0
	for n := 1; n <= 200; n++ {
		if inexactReset(walked(t, o, n).log) {
			met++
		}
	}
	if t.Logf("%d of 200 walks", met); met < 10 {
		t.Errorf("a reset in the window that is not exact was met by %d of 200 walks", met)
	}
}
