package check

import "slices"

// matcher holds what came of a step, as the model predicts it and as the log has it from the
// kernel, and finds for each outcome its partner on the other side.
type matcher struct {
	predicted []outcome // by the model, in this step
	observed  []outcome // in the log, in this step
	// ids has, by the number that a segment has in the log, its number in the model. It is
	// kept from step to step.
	ids map[int]int
}

// predict takes in an outcome of the model.
func (m *matcher) predict(o outcome) {
	o.paired = pair(m.observed, o, func(observed outcome) { m.ids[observed.id] = o.id })
	m.predicted = append(m.predicted, o)
}

// match finds a prediction that is the same as an outcome in the log, and reports whether there
// is one without a partner.
func (m *matcher) match(o outcome) bool {
	return pair(m.predicted, o, func(predicted outcome) { m.ids[o.id] = predicted.id })
}

// observe takes in an outcome of the log, paired or not.
func (m *matcher) observe(o outcome) { m.observed = append(m.observed, o) }

// matchedSince reports whether one of the predictions from the nth on has a partner.
func (m *matcher) matchedSince(n int) bool {
	return slices.ContainsFunc(m.predicted[n:], func(o outcome) bool { return o.paired })
}

// reset forgets the outcomes of a step.
func (m *matcher) reset() { m.predicted, m.observed = m.predicted[:0], m.observed[:0] }

// modelID returns the number in the model of a segment of the log, 0 for one that the model has
// not sent.
func (m *matcher) modelID(id int) int { return m.ids[id] }

// pair finds among others the first outcome without a partner that is the same as o, and pairs
// it. note is called with that of a segment on the wire.
func pair(others []outcome, o outcome, note func(other outcome)) bool {
	for i := range others {
		if p := &others[i]; !p.paired && p.same(o) {
			p.paired = true
			if o.id != 0 {
				note(*p)
			}
			return true
		}
	}
	return false
}
