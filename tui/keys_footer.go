package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
)

// footerKey is a key that the last row may name.
type footerKey struct {
	key.Binding
	need int // the lower, the more a person needs it: what has no room is left out from the highest on
}

// footer returns the keys of the last row, in the one order that they have everywhere. The keys of
// the wire are among them even while they do nothing: their room is kept, so that the others stand
// still.
func (k *keyMap) footer(m mode, u usable) []footerKey {
	need := k.needed(m, u)
	var keys []footerKey
	for _, b := range k.inOrder() {
		i := slices.Index(need, b)
		if i >= 0 && (b.Enabled() || k.ofWire(b) && u.wire) {
			keys = append(keys, footerKey{*b, i})
		}
	}
	return keys
}

// inOrder returns the keys in the order of the last row: the next step, looking back, one's own
// steps, what is asked, other views, the wire, and what leads elsewhere.
func (k *keyMap) inOrder() []*key.Binding {
	keys := []*key.Binding{
		&k.step.next, &k.step.skip, &k.look.onward, &k.acts.next, &k.show.open, &k.search.enter, &k.places.enter, &k.own.another,
		&k.look.back, &k.look.forward, &k.look.first, &k.look.last, &k.scroll.down, &k.search.down, &k.scroll.storyDown,
	}
	for _, d := range k.acts.steps() {
		keys = append(keys, d.key)
	}
	return append(keys,
		&k.own.line, &k.acts.more, &k.own.undo, &k.places.open, &k.quiz.toggle, &k.quiz.answer, &k.acts.client, &k.acts.server,
		&k.show.diagram, &k.show.names, &k.show.hide, &k.show.larger, &k.show.save, &k.compare.open, &k.step.simulate, &k.focus.next, &k.compare.other,
		&k.wire.deliver, &k.wire.drop, &k.wire.duplicate, &k.wire.deliverAll,
		&k.step.restart, &k.step.successor, &k.search.open, &k.show.help,
		&k.acts.cancel, &k.places.leave, &k.search.cancel, &k.show.close, &k.compare.leave, &k.leave.menu, &k.leave.quit,
	)
}

// ofWire reports whether a key does something with segments on the wire.
func (k *keyMap) ofWire(b *key.Binding) bool {
	return slices.Contains([]*key.Binding{&k.wire.deliver, &k.wire.drop, &k.wire.duplicate, &k.wire.deliverAll}, b)
}

// needed returns the keys that the last row may name, the most needed first.
func (k *keyMap) needed(m mode, u usable) []*key.Binding {
	step, look, leave, show, own := &k.step, &k.look, &k.leave, &k.show, &k.own
	switch {
	case m == modeActs:
		var calls []*key.Binding
		_, rest := k.calls()
		for _, d := range k.acts.steps() {
			if slices.ContainsFunc(rest, func(b key.Binding) bool { return b.Help() == d.key.Help() }) {
				calls = append(calls, d.key)
			}
		}
		return append(calls, &k.acts.next, &k.acts.cancel, &k.acts.more, &k.acts.server, &k.acts.client)
	case m == modeHelp || m == modeSettings || m == modeFinale:
		return []*key.Binding{&show.close, &k.scroll.down, &k.scroll.storyDown, &show.save}
	case m == modeCompare:
		return []*key.Binding{
			&step.next, &look.onward, &look.back, &look.last, &k.compare.other, &show.help, &k.compare.leave, &leave.quit, &step.restart,
			&k.scroll.down, &show.save,
		}
	case m != modeLesson:
		return []*key.Binding{
			&show.open, &k.search.enter, &k.search.cancel, &k.search.open, &k.places.enter, &step.simulate, &k.scroll.down, &k.search.down,
			&show.help, &k.places.leave, &leave.menu, &leave.quit, &show.save,
		}
	case u.future:
		return []*key.Binding{
			&look.onward, &look.back, &look.last, &show.help, &leave.menu, &leave.quit, &own.another, &k.focus.next, &own.line, &show.diagram,
			&step.restart, &show.names, &show.save,
		}
	}
	needed := []*key.Binding{&step.next, &step.simulate, &step.successor, &look.back, &k.quiz.answer, &step.skip}
	if u.wire && !u.unopened {
		needed = append(needed, &k.wire.deliver, &k.wire.drop)
	}
	needed = append(needed, &show.help, &leave.menu, &leave.quit, &k.focus.next, &show.diagram)
	if u.answers > 0 {
		needed = append(needed, &k.quiz.toggle, &own.line)
	} else {
		needed = append(needed, &own.line, &k.quiz.toggle)
	}
	needed = append(needed, &own.undo, &k.places.open, &step.restart, &k.compare.open, &show.names, &show.save, &show.hide, &show.larger)
	if u.wire && !u.unopened {
		needed = append(needed, &k.wire.duplicate, &k.scroll.down, &k.wire.deliverAll)
	}
	return append(needed, &k.scroll.down)
}

// leaveKey returns the key that leaves the lesson.
func (k *keyMap) leaveKey() string {
	for _, b := range []*key.Binding{&k.leave.menu, &k.leave.quit} {
		if b.Enabled() {
			return b.Help().Key
		}
	}
	return k.leave.interrupt.Help().Key
}
