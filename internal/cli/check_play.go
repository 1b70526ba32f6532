package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// checkResult is what came of the check of one lesson.
type checkResult struct {
	candidate
	plays []played // one for each network
	err   error    // why finwait cannot go on
}

// played is what came of playing a lesson, with all its runs, on one network.
type played struct {
	net         sim.Net
	fell        []string // what does not hold, each with its place in the file
	unfit       string   // why the lesson does not fit the network
	unavailable string   // why there is no such network here
}

// startChecks starts the checks, as many at once as the machine has room for, and returns a
// channel for the result of each, which is closed when its labs are. Lessons that have not begun when the context ends fail at once.
func startChecks(ctx context.Context, candidates []candidate, net string) []<-chan checkResult {
	room := make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))
	var results []<-chan checkResult
	c := &checker{}
	for _, what := range candidates {
		result := make(chan checkResult, 1)
		results = append(results, result)
		go func() {
			room <- struct{}{}
			defer func() { <-room }()
			defer close(result)
			result <- c.check(ctx, what, net)
		}()
	}
	return results
}

// checker plays lessons, several at the same time.
type checker struct {
	alone sync.RWMutex // locked for writing by a lesson that plays with nothing beside it
}

// check plays a lesson on the networks that were asked for.
func (c *checker) check(ctx context.Context, what candidate, asked string) checkResult {
	result := checkResult{candidate: what}
	if what.lesson == nil {
		return result
	}
	for _, net := range netsOf(what.lesson, asked) {
		play := played{net: net}
		if !fits(what.lesson, net) {
			play.unfit = "does not play on " + string(net)
		} else if err := c.playRuns(ctx, what.lesson, &play); err != nil {
			result.err = err
			return result
		}
		result.plays = append(result.plays, play)
	}
	return result
}

// playRuns plays every run of a lesson. The error is that of the context.
func (c *checker) playRuns(ctx context.Context, l *lesson.Lesson, play *played) error {
	for _, run := range l.Runs() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		fell, err := c.play(ctx, run, play.net)
		unavailable := (*netlab.UnavailableError)(nil)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, &unavailable):
			play.unavailable = unavailable.Error()
			return nil
		case err != nil:
			fell = append(fell, fmt.Sprintf("%s: %s", l.File, err))
		}
		play.fell = append(play.fell, fell...)
	}
	return nil
}

// netsOf returns the networks on which a lesson is to be played.
func netsOf(l *lesson.Lesson, asked string) []sim.Net {
	switch asked {
	case "":
		if !netlab.Live {
			return []sim.Net{sim.Model}
		}
		return []sim.Net{l.Net}
	case allNets:
		var nets []sim.Net
		for _, net := range []sim.Net{sim.Loopback, sim.Wire, sim.Model} {
			if fits(l, net) {
				nets = append(nets, net)
			}
		}
		return nets
	}
	return []sim.Net{sim.Net(asked)}
}

// fits reports whether a lesson plays on a network. One that holds segments needs a wire,
// and one that asks for the model is about what no kernel does.
func fits(l *lesson.Lesson, net sim.Net) bool {
	switch l.Net {
	case sim.Loopback:
		return true
	case sim.Wire:
		return net != sim.Loopback
	}
	return net == sim.Model
}

// play plays a lesson on a network and returns what fell short. The programs live in a host of
// their own, unseen by other labs. Where that is not permitted, and where something fell short
// that others may have disturbed, the lesson plays with nothing beside it.
func (c *checker) play(ctx context.Context, l *lesson.Lesson, net sim.Net) ([]string, error) {
	f := &flags{net: net, private: net == sim.Loopback, portAsked: func() bool { return false }}
	c.alone.RLock()
	fell, err := playIn(ctx, f, l)
	c.alone.RUnlock()
	noHost := f.private && errors.As(err, new(*netlab.UnavailableError))
	if net == sim.Model || len(fell) == 0 && !noHost {
		return fell, err
	}
	f.private = f.private && !noHost
	c.alone.Lock()
	defer c.alone.Unlock()
	return playIn(ctx, f, l)
}

// playIn plays a lesson in a lab of its own and returns what fell short: each with its place
// in the lesson's file.
func playIn(ctx context.Context, f *flags, l *lesson.Lesson) ([]string, error) {
	opened, err := openLab(f, l)
	if err != nil {
		return nil, err
	}
	what := shortfalls{lesson: l}
	err = playThrough(ctx, opened, lesson.NewPlayer(l), printer{
		prose: func(string) error { return nil },
		event: what.apply,
		end:   func() error { return nil },
	})
	return what.list, errors.Join(err, opened.Close())
}

// shortfalls is the fold of a lesson's events into what fell short.
type shortfalls struct {
	lesson *lesson.Lesson
	line   int // of the newest step
	list   []string
}

// apply takes one more event. It returns nil.
func (s *shortfalls) apply(e sim.Event) error {
	words := lang.English()
	switch b := e.Body.(type) {
	case sim.StepBegun:
		if e.Step > 0 {
			s.line = s.lesson.Steps[e.Step-1].Line
		}
	case sim.StepRefused:
		s.list = append(s.list, fmt.Sprintf("%s:%d:1: %s", s.lesson.File, max(1, s.line), words.Refused(words.Refusal(b))))
	case sim.ExpectationChecked:
		if !b.OK {
			s.list = append(s.list, fmt.Sprintf("%s:%d:%d: %s", s.lesson.File, b.Line, b.Column, words.Expected(b)))
		}
	}
	return nil
}
