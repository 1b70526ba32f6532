package tcp_test

import (
	"encoding/binary"
	"hash/maphash"
	"testing"
)

// Merging makes no difference. Without it, when only equal worlds are explored once, nothing else
// is reached, and nothing by a shorter walk.
func TestMergingLosesNothing(t *testing.T) {
	l := Limits{Moves: 8, Rare: 2}
	switch {
	case *far:
		l.Moves = 11
	case raceDetector:
		l.Moves = 6
	}
	merged := Run(l, nil)
	x := &explorer{Limits: l}
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	x.key = func(n *position) (k key) {
		for i, seed := range seeds {
			binary.LittleEndian.PutUint64(k[8*i:], maphash.Comparable(seed, *n))
		}
		return k
	}
	all := x.run(nil)
	t.Logf("%d worlds, %d after merging; %d pairs, %d edges", all.Worlds, merged.Worlds, len(all.Pairs), len(all.Edges))
	if merged.Worlds >= all.Worlds {
		t.Error("nothing was merged")
	}
	same(t, merged.Pairs, all.Pairs)
	same(t, merged.Edges, all.Edges)
}

func same[T comparable](t *testing.T, merged, all map[T]Walk) {
	t.Helper()
	for what, walk := range all {
		if short, ok := merged[what]; !ok || len(short.Moves) != len(walk.Moves) || short.Rare != walk.Rare {
			t.Errorf("%v: %s; merged: %s", what, walk, short)
		}
	}
	if len(merged) > len(all) {
		t.Errorf("%d are reached with merging, %d without", len(merged), len(all))
	}
}
