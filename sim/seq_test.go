package sim

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSeqWraps(t *testing.T) {
	const top = Seq(1<<32 - 1)
	for _, test := range []struct {
		a, b Seq
		sub  int
	}{
		{5, 5, 0},
		{6, 5, 1},
		{5, 6, -1},
		{0, top, 1},
		{top, 0, -1},
		{top, 2, -3},
		{1<<31 - 1, 0, 1<<31 - 1},
		{1<<31 + 1, 0, -1<<31 + 1},
	} {
		if got := test.a.Sub(test.b); got != test.sub || test.b.Add(got) != test.a {
			t.Errorf("%d - %d = %d, want %d", test.a, test.b, got, test.sub)
		}
		later, earlier := test.a, test.b
		if test.sub < 0 {
			later, earlier = earlier, later
		}
		if test.a.After(test.b) != (test.sub > 0) || test.a.Before(test.b) != (test.sub < 0) ||
			test.a.Later(test.b) != later || test.a.Earlier(test.b) != earlier {
			t.Errorf("%d and %d are in the wrong order", test.a, test.b)
		}
	}
}

func TestSpan(t *testing.T) {
	const top = Seq(1<<32 - 2)
	for _, test := range []struct {
		a, b               Span
		contains, overlaps bool
	}{
		{Span{1, 5}, Span{1, 5}, true, true},
		{Span{1, 5}, Span{2, 4}, true, true},
		{Span{2, 4}, Span{1, 5}, false, true},
		{Span{1, 5}, Span{4, 6}, false, true},
		{Span{1, 5}, Span{5, 6}, false, false},
		{Span{top, 3}, Span{0, 3}, true, true},
		{Span{top, 3}, Span{3, 4}, false, false},
	} {
		if test.a.Contains(test.b) != test.contains || test.a.Overlaps(test.b) != test.overlaps || test.b.Overlaps(test.a) != test.overlaps {
			t.Errorf("%v and %v: contains %t, overlaps %t", test.a, test.b, test.a.Contains(test.b), test.a.Overlaps(test.b))
		}
	}
	if !(Span{7, 7}).Empty() || (Span{7, 8}).Empty() {
		t.Error("which span is empty")
	}
}

// Spans hold the numbers of every span that was added, in whichever order, and Advance finds
// the first that is missing: compared with a set of numbers.
func TestSpansProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := Seq(rapid.Uint32().Draw(t, "base"))
		var array [3]Span // Add allocates beyond it
		spans, set := Spans(array[:0]), map[Seq]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			from := base.Add(rapid.IntRange(0, 30).Draw(t, "from"))
			added := Span{from, from.Add(rapid.IntRange(0, 6).Draw(t, "length"))}
			spans = spans.Add(added)
			for n := added.From; n != added.To; n++ {
				set[n] = true
			}
		}
		count := 0
		for i, s := range spans {
			if s.Empty() || i > 0 && !s.From.After(spans[i-1].To) {
				t.Fatalf("not in order with gaps between: %v", spans)
			}
			for n := s.From; n != s.To; n++ {
				if count++; !set[n] {
					t.Fatalf("%v contains %d, which was not added", spans, n)
				}
			}
		}
		if count != len(set) {
			t.Fatalf("%v contain %d numbers, want %d", spans, count, len(set))
		}
		next := base.Add(rapid.IntRange(0, 40).Draw(t, "next"))
		want := next
		for _, s := range spans {
			if !s.From.After(want) {
				want = want.Later(s.To)
			}
		}
		missing, passed := spans.Advance(next)
		if missing != want || set[missing] || slices.ContainsFunc(spans[:passed], func(s Span) bool { return s.To.After(missing) }) ||
			slices.ContainsFunc(spans[passed:], func(s Span) bool { return !s.From.After(missing) }) {
			t.Fatalf("%v advance %d to %d past %d", spans, next, missing, passed)
		}
	})
}
