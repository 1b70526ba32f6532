package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// compare returns the verdict on all outcomes of a kind at one end; ok is false if there was
// none.
func (m *matcher) compare(what sim.What, at sim.End) (v verdict, ok bool) {
	v = verdict{at, sim.Verdict{What: what, Agree: true}}
	list := func(from []outcome) string {
		var texts []string
		for _, o := range from {
			if o.what == what && o.at == at {
				texts = append(texts, o.String())
				v.Agree, v.Conn, ok = v.Agree && o.paired, max(v.Conn, o.conn), true
			}
		}
		return strings.Join(texts, sim.Between)
	}
	v.Model, v.Kernel = list(m.predicted), list(m.observed)
	return v, ok
}

// judgeSegments returns the verdict of compare on the segments of an end, as far as how they
// were cut and in which order they were sent is no choice of the kernel.
func (m *matcher) judgeSegments(v verdict, wire bool) verdict {
	if !wire {
		v.Agree = v.Agree || canonical(m.predicted, v.at) == canonical(m.observed, v.at)
		return v
	}
	if !v.Agree {
		return v
	}
	predicted, observed := m.onExit(m.predicted, v.at), m.onExit(m.observed, v.at)
	if predicted.same(observed) {
		predicted = m.ordered(m.predicted, v.at, func(o outcome) int { return o.id })
		observed = m.ordered(m.observed, v.at, func(o outcome) int { return m.modelID(o.id) })
	}
	if !predicted.same(observed) {
		v.Model, v.Kernel, v.Agree = predicted.String(), observed.String(), false
	}
	return v
}

// canonical returns the segments of an end without what the kernel is free to choose where
// nobody holds them: how it cuts what was written, and what it merges.
func canonical(from []outcome, at sim.End) string {
	var all []sim.SentSegment
	for _, o := range from {
		if o.what == sim.WhatSegment {
			all = append(all, o.segment)
		}
	}
	return sim.SegmentLines(slices.DeleteFunc(sim.Canonical(all), func(t sim.SentSegment) bool { return t.From != at }))
}

// onExit lists what the kernel sends for a process that dies, in that order: which of its
// connections ends first is no choice (task_work_run).
func (m *matcher) onExit(from []outcome, at sim.End) (list sequence) {
	for _, o := range from {
		if o.what == sim.WhatSegment && o.at == at && slices.ContainsFunc(m.predicted, func(p outcome) bool { return p.onExit && p.same(o) }) {
			list.add(o, fmt.Sprintf("connection %d: %s", o.conn, o))
		}
	}
	return list
}

// ordered lists what an end has sent for the first time, bare acknowledgements left out, one
// connection after the other and each in its order: the wire numbers the segments of a kernel
// as they come. A segment that the kernel sends when it chooses is left out. id returns the
// model's number of an outcome's segment.
func (m *matcher) ordered(from []outcome, at sim.End, id func(outcome) int) (list sequence) {
	inOrder := map[int]bool{} // by the model's number of a segment
	for _, o := range m.predicted {
		inOrder[o.id] = inOrder[o.id] || !o.timingFree
	}
	all := slices.DeleteFunc(slices.Clone(from), func(o outcome) bool {
		g := o.segment.Segment
		return o.what != sim.WhatSegment || o.at != at || g.Fate == sim.Retransmitted || g.Flags == sim.ACK && g.Len == 0
	})
	slices.SortStableFunc(all, func(a, b outcome) int { return cmp.Or(cmp.Compare(a.conn, b.conn), cmp.Compare(a.id, b.id)) })
	for _, o := range all {
		if inOrder[id(o)] {
			list.add(o, o.String())
		}
	}
	return list
}

// sequence is what was sent, in order: as it is compared, and as it is shown.
type sequence struct{ keys, texts []string }

func (l *sequence) add(o outcome, text string) {
	l.keys, l.texts = append(l.keys, fmt.Sprint(o.conn, " ", o.key)), append(l.texts, text)
}

func (l sequence) same(as sequence) bool { return slices.Equal(l.keys, as.keys) }

func (l sequence) String() string { return strings.Join(l.texts, sim.Between) }
