package conform

import (
	"context"
	"errors"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"finwait/internal/lab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// What is left is what the disagreement needs, in the simplest words.
func TestShrink(t *testing.T) {
	needed := steps("client dup", `server write "hello" then close`, "client fork", "wait 3s")
	var needs []*regexp.Regexp
	for _, text := range []string{"client dup", "server .*close", "client fork", "wait"} {
		needs = append(needs, regexp.MustCompile(text))
	}
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		var list []sim.Step
		for _, step := range needed {
			for range r.IntN(12) {
				list = append(list, steps("deliver", "client read 5", "server accept")[r.IntN(3)])
			}
			list = append(list, step)
		}
		again := func(candidate []sim.Step) ([]sim.Step, bool) {
			left := 0
			for i, step := range candidate {
				if needs[left].MatchString(step.String()) {
					if left++; left == len(needs) {
						return candidate[:i+1], true
					}
				}
			}
			return nil, false
		}
		got := shrink(list, again)
		if want := []string{"client dup", "server close", "client fork", "wait 300ms"}; !slices.Equal(texts(got), want) {
			t.Fatalf("%q was made %q", texts(list), texts(got))
		}
	}
}

// A run finds the disagreement, makes its walk as short as it can be, and prints a lesson of
// it.
func TestShortest(t *testing.T) {
	o := onModel(func() Judge { return &picky{first: "client shutdown", second: "server write"} })
	o.Walks = 100
	r := conform(t, o)
	if len(r.Disagreements) < 3 || r.Walks != o.Walks || r.Shortest == nil {
		t.Fatalf("%d disagreements in %d walks:\n%s", len(r.Disagreements), r.Walks, r)
	}
	got := r.Shortest.Steps
	if len(got) > 8 || len(got) >= r.Shortest.Of {
		t.Errorf("of %d steps are left %q", r.Shortest.Of, texts(got))
	}
	for i := range got {
		without := slices.Delete(slices.Clone(got), i, i+1)
		tr, err := o.walk(context.Background(), r.Shortest.Timers == lesson.TimersKernel, along(without))
		if err != nil {
			t.Fatal(err)
		}
		if len(tr.differ) > 0 {
			t.Errorf("%q does without step %d", texts(got), i+1)
		}
	}
	var lines []sim.Step
	for _, step := range parsed(t, r).Steps {
		lines = append(lines, step.Step)
	}
	if !slices.Equal(texts(lines), texts(got)) {
		t.Errorf("the walk is %q, the lesson %q", texts(got), texts(lines))
	}
	if x := parsed(t, r).Steps[len(got)-1].Expect; len(x) != 1 || x[0].Text != "client listening" {
		t.Errorf("the lesson expects %v", x)
	}
}

// What was refused in the walk of a lesson is no failure of the lesson.
func TestRefusedInLesson(t *testing.T) {
	steps := steps("server accept", "server listen", "client poll")
	d := Disagreement{
		Walk: 1, Timers: lesson.TimersPatient, Steps: steps, refused: []bool{true, false, true},
		Verdicts: []sim.Event{{At: sim.Client, Body: sim.Verdict{What: sim.WhatState, Model: "LISTEN", Kernel: "CLOSE"}}},
	}
	r := &Report{Net: sim.Wire, Disagreements: []Disagreement{d}, Shortest: &Shortest{Disagreement: d, Of: len(steps)}}
	if text := r.String(); !strings.Contains(text, "\n# server accept (refused)\nserver listen\nclient poll\n") {
		t.Errorf("the refused step is no comment:\n%s", text)
	}
	if lines := parsed(t, r).Steps; len(lines) != 2 {
		t.Errorf("the lesson has the steps %v", lines)
	}
}

// closes counts how many laboratories are open.
type closes struct {
	sim.Lab
	open *atomic.Int64
}

func (c closes) Close() error {
	c.open.Add(-1)
	return c.Lab.Close()
}

// counting has the laboratories of o counted. After is called with each, which is the nth.
func counting(o *Options, open *atomic.Int64, after func(nth int64) error) {
	var opened atomic.Int64
	o.Open = func(bool) (sim.Lab, error) {
		if err := after(opened.Add(1)); err != nil {
			return nil, err
		}
		open.Add(1)
		return closes{lab.Simulated(model.Options{Wire: true}), open}, nil
	}
}

// Whatever ends a run, every laboratory is closed, and the reason is told.
func TestEnds(t *testing.T) {
	why := errors.New("why")
	o := onModel(func() Judge { return content{} })
	t.Run("by its caller", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		var open atomic.Int64
		counting(&o, &open, func(nth int64) error {
			if nth == 5 {
				cancel(why)
			}
			return nil
		})
		if r, err := Run(ctx, o); !errors.Is(err, why) || r != nil || open.Load() != 0 {
			t.Errorf("%v, %v, %d open", r, err, open.Load())
		}
	})
	t.Run("for want of a laboratory", func(t *testing.T) {
		var open atomic.Int64
		counting(&o, &open, func(nth int64) error {
			if nth == 5 {
				return why
			}
			return nil
		})
		if r, err := Run(context.Background(), o); !errors.Is(err, why) || err.Error() != "why" || r != nil || open.Load() != 0 {
			t.Errorf("%v, %v, %d open", r, err, open.Load())
		}
	})
	t.Run("while walks are played again", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		var open atomic.Int64
		o.Judge = func() Judge { return &picky{first: "client", second: "server"} }
		counting(&o, &open, func(nth int64) error {
			if nth == int64(o.Walks)+10 {
				cancel(why)
			}
			return nil
		})
		if r, err := Run(ctx, o); !errors.Is(err, why) || r != nil || open.Load() != 0 {
			t.Errorf("%v, %v, %d open", r, err, open.Load())
		}
	})
	t.Run("while a walk is made shorter", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		var open atomic.Int64
		o.Judge = func() Judge { return &picky{first: "client", second: "server"} }
		counting(&o, &open, func(nth int64) error {
			if nth == int64(2*o.Walks)+10 {
				cancel(why)
			}
			return nil
		})
		if r, err := Run(ctx, o); !errors.Is(err, why) || r != nil || open.Load() != 0 {
			t.Errorf("%v, %v, %d open", r, err, open.Load())
		}
	})
}

// No more laboratories are open at the same time than was said.
func TestLabsAreBounded(t *testing.T) {
	o := onModel(func() Judge { return content{} })
	o.Labs = 3
	var open, most atomic.Int64
	counting(&o, &open, func(int64) error {
		if n := open.Load() + 1; n > most.Load() {
			most.Store(n)
		}
		return nil
	})
	if r := conform(t, o); r.Walks != o.Walks || most.Load() > 3 {
		t.Errorf("%d walks, up to %d laboratories", r.Walks, most.Load())
	}
}
