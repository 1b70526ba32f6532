package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// In which order the segments of a step were sent, as far as that is no choice.

// endings lists what a process that dies has its kernel send, in that order: which of its
// connections ends first is no choice (task_work_run).
func (s *Checker) endings(from []outcome, at sim.End) (list sequence) {
	for _, o := range from {
		if o.what == sim.WhatSegment && o.at == at && slices.ContainsFunc(s.said, func(said outcome) bool { return said.last && said.same(o) }) {
			list.add(o, fmt.Sprintf("connection %d: %s", o.conn, o))
		}
	}
	return list
}

// order lists what an end has sent for the first time, but for bare acknowledgements, one
// connection after the other and of each in that order: the wire numbers the segments of a
// kernel as they come. When something left that the kernel sends in its own time is not told.
//
// model returns the model's number of an outcome's segment.
func (s *Checker) order(from []outcome, at sim.End, model func(outcome) int) (list sequence) {
	ordered := map[int]bool{} // by the model's number of a segment
	for _, o := range s.said {
		ordered[o.id] = ordered[o.id] || !o.chosen
	}
	all := slices.DeleteFunc(slices.Clone(from), func(o outcome) bool {
		g := o.seg.Segment
		return o.what != sim.WhatSegment || o.at != at || g.Fate == sim.Retransmitted || g.Flags == sim.ACK && g.Len == 0
	})
	slices.SortStableFunc(all, func(a, b outcome) int { return cmp.Or(cmp.Compare(a.conn, b.conn), cmp.Compare(a.id, b.id)) })
	for _, o := range all {
		if ordered[model(o)] {
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
