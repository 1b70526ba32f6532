package way

import "finwait/sim"

// Comparison compares two logs step by step, while they grow or when they are there: step n of one
// log with step n of the other. The zero value is ready. It must not be copied once it has been used.
type Comparison struct {
	Held bool // segments are held in both labs

	logs  [2]compared
	same  int    // steps that were the same: 0 for none, 1 for the set-up, 2 for step 1 as well
	first []Fact // in what the next step differs
}

// compared is one of the two logs.
type compared struct {
	steps [][]sim.Event // of each step that has begun; those of the set-up first, as one
	over  bool          // no further event comes
	open  bool          // the newest step has not settled
}

// Apply takes one more event of a log, 0 or 1.
func (c *Comparison) Apply(log int, e sim.Event) {
	l := &c.logs[log]
	n := max(0, e.Step)
	for len(l.steps) <= n {
		l.steps = append(l.steps, nil)
	}
	switch e.Body.(type) {
	case sim.StepBegun:
		l.open = true
	case sim.StepSettled:
		l.open = false
	default:
		if l.open {
			l.steps[n] = append(l.steps[n], e)
		}
	}
	c.compare()
}

// End says that no further event of a log comes.
func (c *Comparison) End(log int) {
	c.logs[log].over = true
	c.compare()
}

// First returns the first step in which the logs differ, 0 for the set-up, and in what. Steps that
// only one of the logs has differ in all that happened in them. Ok is false while no step differs.
func (c *Comparison) First() (step int, facts []Fact, ok bool) {
	return c.same, c.first, c.first != nil
}

// Same returns how many steps were compared and are the same, without the set-up.
func (c *Comparison) Same() int { return max(0, c.same-1) }

// compare compares the steps that are whole in both logs and were not compared.
func (c *Comparison) compare() {
	for c.first == nil && c.logs[0].whole(c.same) && c.logs[1].whole(c.same) {
		a, b := c.logs[0].step(c.same), c.logs[1].step(c.same)
		if a == nil && b == nil && len(c.logs[0].steps) <= c.same && len(c.logs[1].steps) <= c.same {
			return
		}
		if c.first = Differences(a, b, c.Held); c.first == nil {
			c.same++
		}
	}
}

// whole reports whether nothing more can happen in a step: the next has begun, the step has
// settled, or the log is over. The set-up has several steps: it is whole when step 1 begins.
func (l *compared) whole(step int) bool {
	switch newest := len(l.steps) - 1; {
	case l.over, step < newest:
		return true
	case step == newest:
		return step > 0 && !l.open
	}
	return false
}

// step returns what happened in a step, nil for one that is not in the log.
func (l *compared) step(step int) []sim.Event {
	if step >= len(l.steps) {
		return nil
	}
	return l.steps[step]
}
