package conform

import (
	"context"
	"strings"
	"testing"

	"finwait/internal/lab"
	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	netlab.RunRole() // the programs under test are this test binary, re-executed
	livetest.TakeTurn()
	goleak.VerifyTestMain(m)
}

// onModel returns options whose laboratories are the model's: fast, the same every time,
// on any system.
func onModel(judge func() Judge) Options {
	return Options{
		Net: sim.Wire, Walks: 20, Steps: 30, Seed: 1,
		Open: func(kernelTimers bool) (sim.Lab, error) {
			return lab.Simulated(model.Options{Wire: true, KernelTimers: kernelTimers}), nil
		},
		Judge: judge,
	}
}

// content is a judge that finds nothing.
type content struct{}

func (content) Observe(e sim.Event) []sim.Event {
	if e.Kind() != sim.KindSettled {
		return nil
	}
	return []sim.Event{{Body: sim.Verdict{What: sim.WhatState, Agree: true}}}
}

func (content) Silent() string { return "" }

// picky is a judge that finds fault with one step after another: both of them in this order,
// and neither refused.
type picky struct {
	first, second string
	step          string
	seen, refused bool
}

func (p *picky) Observe(e sim.Event) []sim.Event {
	switch b := e.Body.(type) {
	case sim.StepBegun:
		p.step, p.refused = b.Step.String(), false
	case sim.StepRefused:
		p.refused = true
	case sim.StepSettled:
		if p.seen && !p.refused && strings.HasPrefix(p.step, p.second) {
			return []sim.Event{{At: sim.Client, Body: sim.Verdict{What: sim.WhatState, Model: "LISTEN", Kernel: "CLOSE"}}}
		}
		p.seen = p.seen || !p.refused && strings.HasPrefix(p.step, p.first)
	}
	return nil
}

func (p *picky) Silent() string { return "" }

// conform runs the walks of a test.
func conform(t testing.TB, o Options) *Report {
	t.Helper()
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// texts returns steps as they are written.
func texts(list []sim.Step) []string {
	var lines []string
	for _, s := range list {
		lines = append(lines, s.String())
	}
	return lines
}

// parsed returns what a report's lesson makes of it.
func parsed(t testing.TB, r *Report) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Parse("report.md", []byte(r.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, r)
	}
	return l
}
