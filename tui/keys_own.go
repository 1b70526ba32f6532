package tui

import (
	"charm.land/bubbles/v2/key"

	"finwait/sim"
	"finwait/sim/lang"
)

// ownKeys are for a person's own steps, and for another way.
type ownKeys struct{ line, undo, another key.Binding }

// lineKeys edit the line that a person types. Every other key types itself.
type lineKeys struct{ enter, complete, older, newer, cancel key.Binding }

// actKeys choose an end, and then make one of its calls.
type actKeys struct {
	client, server, more, next, cancel key.Binding

	listen, connect, accept, write, read, shutdown, close, poll, error, kill, start key.Binding
}

// placeKeys show the list of places, and go to one.
type placeKeys struct{ open, enter, leave key.Binding }

// binder makes the binding of a word, as the footer shows it, to keys.
type binder func(word lang.Key, shown string, keys ...string) key.Binding

// newOwnKeys returns the keys for a person's own steps.
func newOwnKeys(w lang.Keys, bind binder) ownKeys {
	return ownKeys{
		line:    bind(w.OwnStep, ":", ":"),
		undo:    bind(w.Undo, "u", "u"),
		another: bind(w.Another, "enter", "enter"),
	}
}

// newLineKeys returns the keys of the line that are not those of every line.
func newLineKeys(w lang.Keys, bind binder) lineKeys {
	return lineKeys{
		enter:    bind(lang.Key{Short: w.EnterLine}, "enter", "enter"),
		complete: bind(w.Complete, "tab", "tab"),
		older:    bind(w.Older, "↑", "up"),
		newer:    bind(w.Older, "↓", "down"),
		cancel:   bind(lang.Key{Short: w.Cancel}, "esc", "esc"),
	}
}

// newPlaceKeys returns the keys of the list of places.
func newPlaceKeys(w lang.Keys, bind binder) placeKeys {
	return placeKeys{
		open:  bind(w.Places, "s", "s"),
		enter: bind(lang.Key{Short: w.GoThere}, "enter", "enter", "space"),
		leave: bind(lang.Key{Short: w.Cancel}, "esc", "esc", "s", "q"),
	}
}

// newActKeys returns the keys of the calls, each with the verb as its word: a verb is the same in
// every language.
func newActKeys(w lang.Keys, bind binder) actKeys {
	call := func(letter string, verb sim.Verb) key.Binding {
		return bind(lang.Key{Short: string(verb)}, letter, letter)
	}
	return actKeys{
		client: bind(w.ChooseClient, "1", "1"),
		server: bind(lang.Key{Short: w.ChooseServer}, "2", "2"),
		more:   bind(w.OwnStep, ":", ":"),
		next:   bind(w.Next, "space", "space"),
		cancel: bind(lang.Key{Short: w.Cancel}, "esc", "esc"),

		listen: call("l", sim.VerbListen), connect: call("o", sim.VerbConnect), accept: call("a", sim.VerbAccept),
		write: call("w", sim.VerbWrite), read: call("r", sim.VerbRead), shutdown: call("s", sim.VerbShutdown), close: call("c", sim.VerbClose),
		poll: call("p", sim.VerbPoll), error: call("e", sim.VerbError), kill: call("k", sim.VerbKill), start: call("n", sim.VerbStart),
	}
}

// enableOwn switches on the keys for a person's own steps.
func (k *keyMap) enableOwn(m mode, u usable) {
	k.own.line.SetEnabled(m == modeLesson && (u.own || u.another))
	k.own.undo.SetEnabled(m == modeLesson && u.undo && !u.future)
	k.own.another.SetEnabled(m == modeLesson && u.another)
	for _, b := range []*key.Binding{&k.acts.client, &k.acts.server} {
		b.SetEnabled(m == modeActs || m == modeLesson && u.own && u.answers == 0)
	}
	for _, b := range []*key.Binding{&k.acts.more, &k.acts.cancel} {
		b.SetEnabled(m == modeActs)
	}
	k.acts.next.SetEnabled(m == modeActs && u.next)
	k.acts.enable(m, u.acts)
	l := &k.line
	for _, b := range []*key.Binding{&l.enter, &l.complete, &l.older, &l.newer, &l.cancel} {
		b.SetEnabled(m == modeLine)
	}
}

// calls returns the keys of the calls that make sense now: those of the row above the last, and
// the rest.
func (k *keyMap) calls() (first, rest []key.Binding) {
	var all []key.Binding
	for _, d := range k.acts.steps() {
		if d.key.Enabled() {
			all = append(all, *d.key)
		}
	}
	const shown = 5 // as many as the smallest screen has room for
	n := min(shown, len(all))
	return all[:n:n], all[n:]
}
