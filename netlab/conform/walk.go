package conform

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"finwait/sim"
)

// Judge compares what a kernel does with what the model says: a fold over the log of a
// live laboratory.
type Judge interface {
	// Observe takes the next event of the log. It returns the verdicts of a step, of
	// kind sim.KindVerdict, before the event that settles it.
	Observe(e sim.Event) []sim.Event
	// Silent returns why there are no more verdicts, "" while there are.
	Silent() string
}

// route returns the next step, as things are, until there is none.
type route func(*situation) (sim.Step, bool)

// random is the route of a walk: one of the beginnings, then n steps that are chosen.
func random(r *rand.Rand, wire bool, n int) route {
	all := beginnings(wire)
	begin := all[r.IntN(len(all))]
	return func(s *situation) (sim.Step, bool) {
		if len(begin) > 0 {
			step := begin[0]
			begin = begin[1:]
			return step, true
		}
		n--
		return (&chooser{r, s}).step(), n >= 0
	}
}

// along is a route of steps that are known.
func along(list []sim.Step) route {
	return func(*situation) (sim.Step, bool) {
		if len(list) == 0 {
			return sim.Step{}, false
		}
		step := list[0]
		list = list[1:]
		return step, true
	}
}

// trace is what came of a walk.
type trace struct {
	timers   bool       // the hosts had the kernel's timers
	steps    []sim.Step // the steps that were made, without the polls in between
	refused  []bool     // for each step, whether it was refused
	log      []sim.Event
	compared int         // number of verdicts
	differ   []sim.Event // the verdicts of the last step in which the model and the kernel disagree
	short    bool        // the judge could not follow any more, and the route had further steps
	why      string      // why the judge could not follow
}

// walk makes the steps of a route on a laboratory of its own, and polls both ends after
// each, up to the first disagreement.
func (o Options) walk(ctx context.Context, timers bool, next route) (t trace, err error) {
	lab, err := o.Open(timers)
	if err != nil {
		return t, err
	}
	w := walker{lab: lab, judge: o.Judge(), now: newSituation(o.wire())}
	w.timers = timers
	defer func() { t, err = w.trace, errors.Join(err, lab.Close()) }()
	for !w.over() {
		step, more := next(&w.now)
		if !more {
			return
		}
		w.steps = append(w.steps, step)
		w.now.made(step)
		if err = w.make(ctx, step); err != nil {
			return
		}
		w.refused = append(w.refused, w.no)
		if err = w.poll(ctx); err != nil {
			return
		}
	}
	_, w.short = next(&w.now)
	w.short = w.short && len(w.differ) == 0
	w.why = w.judge.Silent()
	return
}

// walker is a walk on its way.
type walker struct {
	trace
	lab   sim.Lab
	judge Judge
	now   situation
	n     int  // number of the newest step, polls included
	no    bool // the newest step was refused
}

// over reports whether there is nothing more to compare.
func (w *walker) over() bool { return len(w.differ) > 0 || w.judge.Silent() != "" }

// make makes one step and waits until it has settled.
func (w *walker) make(ctx context.Context, step sim.Step) error {
	w.n++
	w.no = false
	if err := w.lab.Start(w.n, step); err != nil {
		return w.ended(step, err)
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e, open := <-w.lab.Events():
			if !open {
				return w.ended(step, errors.New("the lab has ended"))
			}
			w.observe(e)
			if e.Kind() == sim.KindSettled && e.Step == w.n {
				return nil
			}
		}
	}
}

// observe takes in an event, and what the judge says to it.
func (w *walker) observe(e sim.Event) {
	for _, v := range w.judge.Observe(e) {
		w.compared++
		if !sim.Of[sim.Verdict](v).Agree {
			w.differ = append(w.differ, v)
		}
		w.log = append(w.log, v)
	}
	w.no = w.no || e.Kind() == sim.KindRefused
	w.now.observe(e)
	w.log = append(w.log, e)
}

// ended says why there is no lab any more, and in which step it went.
func (w *walker) ended(step sim.Step, otherwise error) error {
	if err := w.lab.Err(); err != nil {
		otherwise = err
	}
	return fmt.Errorf("step %d, %s: %w", len(w.steps), step, otherwise)
}

// poll polls the connection of each end that can. A poll is a step of the walk only
// where it shows a disagreement.
func (w *walker) poll(ctx context.Context) error {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if w.over() {
			return nil
		}
		if !w.now.holds(w.now.side(at)) {
			continue
		}
		step := sim.Step{At: at, Verb: sim.VerbPoll}
		if err := w.make(ctx, step); err != nil {
			return err
		}
		if w.over() {
			w.steps, w.refused = append(w.steps, step), append(w.refused, w.no)
		}
	}
	return nil
}
