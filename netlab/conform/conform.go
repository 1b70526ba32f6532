package conform

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"finwait/sim"
	"finwait/sim/lesson"
)

// Options say which walks to make.
type Options struct {
	Net   sim.Net // Wire or Loopback
	Walks int     // how many
	Steps int     // how many each chooses, after its beginning
	Seed  uint64
	Labs  int // how many laboratories are open at the same time; 0 is 16 for each processor, 64 at most

	// Open opens a live laboratory on the network, its hosts with the kernel's own timers
	// or with patient ones. Judge returns what looks on at one. Both may be called from
	// any goroutine.
	Open  func(kernelTimers bool) (sim.Lab, error)
	Judge func() Judge
	// Progress is told how far it is, now and then. It may be nil.
	Progress func(Progress)
}

// Bounds of what can be asked for: a walk has to fit into a lesson.
const (
	MaxWalks = 1_000_000
	MaxSteps = lesson.MaxSteps - 100
)

// defaultLabs returns how many laboratories are open at the same time: four fifths of a walk are
// spent in steps that wait, so that it takes many walks to keep a processor busy. More than
// these wait for each other while they open: a network namespace takes a lock of the kernel.
func defaultLabs() int {
	const each, most = 16, 64
	return min(each*runtime.GOMAXPROCS(0), most)
}

// Progress is how far a run is.
type Progress struct {
	Walks, Steps int
	Differ       int // walks that have disagreed
	Replaying    int // number of the walk that is played again, if one is
	Shrinking    int // steps of the shortest walk that disagrees, while it is made shorter
}

// Report is what a run came to.
type Report struct {
	Kernel   string // release, as uname -r
	Net      sim.Net
	Private  bool // the network is a namespace's own
	Capture  sim.Capture
	Seed     uint64
	Walks    int
	Short    int // how many of them were cut short: the judge could not follow any more
	Steps    int
	Compared int // verdicts
	Took     time.Duration
	// Disagreements are the walks that disagreed again when they were played alone, in the order of
	// their numbers: as they then were.
	Disagreements []Disagreement
	// SeenOnce are the walks that did not, in the same order.
	SeenOnce []Disagreement
	// NotReplayed counts the walks that disagreed and were not played again, since enough others
	// were disagreements.
	NotReplayed int
	// Shortest is the shortest walk that disagrees, made shorter still; nil when none does.
	Shortest *Shortest
}

// Disagreement is a walk after whose last step the model and the kernel say different
// things.
type Disagreement struct {
	Walk     int // number of the walk, 1 and up
	Timers   string
	Steps    []sim.Step
	Verdicts []sim.Event // the verdicts that differ
	Log      []sim.Event // everything that happened, with the verdicts and the polls in between
	refused  []bool      // for each step, whether it was refused
}

// Shortest is a disagreement that was made shorter.
type Shortest struct {
	Disagreement
	Of int // how many steps the walk had
}

func (o Options) wire() bool { return o.Net == sim.Wire }

// Run makes the walks. The error is about a laboratory, which cannot be opened or has
// failed, or the cause of the context's end, or that nothing could be compared. No laboratory
// is left open.
func Run(ctx context.Context, o Options) (*Report, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{Options: o, cancel: cancel, report: Report{Net: o.Net, Seed: o.Seed}}
	start := time.Now()
	var all sync.WaitGroup
	for range min(cmp.Or(o.Labs, defaultLabs()), o.Walks) {
		all.Go(func() { r.work(ctx) })
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if r.report.Compared == 0 {
		return nil, fmt.Errorf("nothing could be compared: %s", cmp.Or(r.why, "every step was refused"))
	}
	r.report.Took = time.Since(start)
	if err := r.confirm(ctx); err != nil {
		return nil, err
	}
	if err := r.shorten(ctx); err != nil {
		return nil, err
	}
	return &r.report, nil
}

// run is a run on its way.
type run struct {
	Options
	cancel context.CancelCauseFunc

	lock   sync.Mutex // of what follows, while there are workers
	begun  int
	why    string         // the newest walk that was cut short was
	found  []Disagreement // walks that have disagreed
	report Report
}

// next returns the number of the next walk.
func (r *run) next() (n int, more bool) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.begun == r.Walks {
		return 0, false
	}
	r.begun++
	return r.begun, true
}

// work makes walk after walk.
func (r *run) work(ctx context.Context) {
	for ctx.Err() == nil {
		n, more := r.next()
		if !more {
			return
		}
		random, timers := r.route(n)
		t, err := r.walk(ctx, timers, random)
		if err != nil {
			if len(t.steps) > 0 {
				err = fmt.Errorf("walk %d, %w", n, err)
			}
			r.cancel(err)
			return
		}
		r.done(n, t)
	}
}

// route returns the route of walk n, and whether its hosts have the kernel's timers.
func (o Options) route(n int) (_ route, kernelTimers bool) {
	r := rand.New(rand.NewPCG(o.Seed, uint64(n)))
	kernelTimers = o.wire() && r.IntN(2) == 0
	return random(r, o.wire(), o.Steps), kernelTimers
}

// done takes in a walk that is over.
func (r *run) done(n int, t trace) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if lab := t.lab(); lab != nil {
		r.report.Kernel, r.report.Private, r.report.Capture = lab.Kernel, lab.Private, lab.Capture
	}
	r.report.Walks++
	if t.short {
		r.report.Short++
		r.why = t.why
	}
	r.report.Steps += len(t.steps)
	r.report.Compared += t.compared
	if len(t.differ) > 0 {
		r.found = append(r.found, t.disagreement(n))
	}
	r.tell(Progress{})
}

// lab returns what the log says of the laboratory.
func (t trace) lab() *sim.Setting {
	for _, e := range t.log {
		if e.Kind() == sim.KindLab {
			return sim.Of[sim.LabOpened](e).Setting
		}
	}
	return nil
}

func (t trace) disagreement(walk int) Disagreement {
	timers := lesson.TimersPatient
	if t.timers {
		timers = lesson.TimersKernel
	}
	return Disagreement{Walk: walk, Timers: timers, Steps: t.steps, Verdicts: t.differ, Log: t.log, refused: t.refused}
}

// tell tells how far the run is, and what of p it is doing.
func (r *run) tell(p Progress) {
	if r.Progress != nil {
		p.Walks, p.Steps, p.Differ = r.report.Walks, r.report.Steps, len(r.found)
		r.Progress(p)
	}
}
