package conform

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"finwait/sim"
)

// faults returns options for walks on the model, alone or beside each other, with a judge that
// finds fault with the laboratories whose numbers, 1 and up, are accepted.
func faults(labs int, finds func(lab int64) bool) Options {
	var opened atomic.Int64
	o := onModel(func() Judge {
		if finds(opened.Add(1)) {
			return &picky{first: "client", second: "server"}
		}
		return content{}
	})
	o.Walks, o.Labs = 4, labs
	return o
}

// A walk that disagrees, and never again when it is played alone, is no disagreement: it is
// listed, with what differed.
func TestSeenOnce(t *testing.T) {
	r := conform(t, faults(1, func(lab int64) bool { return lab == 2 }))
	if len(r.Disagreements) > 0 || r.Shortest != nil || len(r.SeenOnce) != 1 || r.SeenOnce[0].Walk != 2 {
		t.Fatalf("%d disagreements, seen once: %v\n%s", len(r.Disagreements), r.SeenOnce, r)
	}
	text := r.String()
	for _, want := range []string{"no disagreement, 1 seen once.\n", "\n\nSeen once, ", "\n- walk 2, step ", ": kernel: `CLOSE`, model: `LISTEN`\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// A walk that disagrees again is a disagreement, even if it does so only in the last of its
// replays; the others stay what they are.
func TestDisagreesAgain(t *testing.T) {
	const walks = 4
	r := conform(t, faults(1, func(lab int64) bool {
		return lab == 1 || lab == 2 || lab == walks+replays
	}))
	if len(r.Disagreements) != 1 || r.Disagreements[0].Walk != 1 || r.Shortest == nil || len(r.SeenOnce) != 1 || r.SeenOnce[0].Walk != 2 {
		t.Fatalf("%d disagreements, %d seen once\n%s", len(r.Disagreements), len(r.SeenOnce), r)
	}
	if text := r.String(); !strings.Contains(text, ", 1 disagreement, 1 seen once.\n") || !strings.Contains(text, "\n- walk 2, step ") {
		t.Errorf("it says\n%s", text)
	}
	parsed(t, r) // the list is no part of the lesson's steps
}

// Nothing else is at work while a walk is played again.
func TestReplayedAlone(t *testing.T) {
	o := faults(3, func(lab int64) bool { return lab <= 4 })
	o.Walks = 30
	var open, opened, most atomic.Int64
	counting(&o, &open, func(nth int64) error {
		if opened.Store(nth); nth > int64(o.Walks) {
			most.Store(max(most.Load(), open.Load()+1))
		}
		return nil
	})
	r := conform(t, o)
	if replayed := opened.Load() - int64(o.Walks); len(r.SeenOnce) != 4 || replayed != 4*replays || most.Load() != 1 {
		t.Errorf("%d seen once, %d replays, up to %d at the same time", len(r.SeenOnce), replayed, most.Load())
	}
}

// Where many walks disagree, not all are played again, and the report says how many were not.
func TestEnoughReplays(t *testing.T) {
	o := faults(4, func(int64) bool { return true })
	o.Walks = mostConfirmed + 20
	r := conform(t, o)
	if len(r.Disagreements) != mostConfirmed || r.NotReplayed == 0 || !strings.Contains(r.String(), " not played again") {
		t.Errorf("%d disagreements, %d not played again\n%s", len(r.Disagreements), r.NotReplayed, r)
	}
}

// A laboratory that lies once in a while is seen through; one that always lies is not excused.
func TestLiesOnce(t *testing.T) {
	for _, always := range []bool{false, true} {
		var lies atomic.Int64
		o := posed(func(e sim.Event) sim.Event {
			if e.Kind() == sim.KindState && sim.Of[sim.StateChanged](e).To == sim.CloseWait && (lies.Add(1) == 1 || always) {
				sim.Edit(&e, func(b *sim.StateChanged) { b.To = sim.Established })
			}
			return e
		})
		o.Walks = 30
		r, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if once := len(r.SeenOnce) == 1 && len(r.Disagreements) == 0; once == always {
			t.Errorf("it always lies: %v; %d disagreements, %d seen once", always, len(r.Disagreements), len(r.SeenOnce))
		}
	}
}
