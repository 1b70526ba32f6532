package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"

	"finwait/sim/lang"
)

// keyEntry is one row of the help: keys and what they do.
type keyEntry struct{ keys, text string }

// keyContext is where the keys of the help are to be used.
type keyContext struct {
	wire   bool // segments are held
	others bool // there is more than one connection
	model  bool // a lesson can be played on the model instead of live
	pairs  bool // there is something to compare
	leaves bool // the lesson was opened in the menu
	quits  bool // the help lies over the menu, or there is no menu
}

// everywhere is every context at once.
func everywhere() keyContext {
	return keyContext{wire: true, others: true, model: true, pairs: true, leaves: true, quits: true}
}

// entries returns the rows of the help, for every mode. The keys of the wire, and those that
// leave and quit, are among them only in contexts where they do that.
func (k *keyMap) entries(w lang.Keys, c keyContext) []keyEntry {
	a := &k.acts
	var ofOthers, ofPairs, onWire, onModel, inMenu, ends []keyEntry
	switch {
	case c.leaves && c.quits:
		ends = []keyEntry{{k.names(k.leave.menu), w.LeaveThere}, {k.names(k.leave.quit), w.QuitThere}}
	case c.leaves:
		ends = []keyEntry{{k.names(k.leave.menu), w.Leave.Long}}
	case c.quits:
		ends = []keyEntry{{k.names(k.leave.quit), w.Quit.Long}}
	}
	if c.wire {
		onWire = []keyEntry{
			{k.names(k.wire.deliver), w.Deliver.Long},
			{k.names(k.wire.drop), w.Drop.Long},
			{k.names(k.wire.duplicate), w.Duplicate.Long},
			{k.names(k.wire.deliverAll), w.DeliverAll.Long},
			{k.names(k.scroll.ladderUp, k.scroll.ladderDown), w.Scroll.Long},
			{k.names(k.show.settings), w.Settings.Long},
		}
	}
	if c.others {
		ofOthers = []keyEntry{{k.names(k.focus.next, k.focus.previous), w.NextConn.Long}}
	}
	if c.pairs {
		ofPairs = []keyEntry{{k.names(k.compare.open), w.Compare.Long}}
	}
	if c.model {
		onModel = []keyEntry{{k.names(k.step.simulate), w.Simulate.Long}}
	}
	if c.leaves {
		inMenu = []keyEntry{{k.names(k.search.open), w.Search.Long}, {digits[0] + "-" + digits[len(digits)-1], w.Chapter.Long}}
	}
	return slices.Concat([]keyEntry{
		{k.names(k.step.next), w.Next.Long},
		{k.names(k.step.skip), w.SkipWait.Long},
		{k.names(k.quiz.toggle) + " " + digits[0] + "-" + digits[len(digits)-1], w.Predict.Long},
		{k.names(k.own.line), w.OwnStep.Long},
		{k.names(k.own.undo), w.Undo.Long},
		{k.names(k.places.open), w.Places.Long},
		{k.names(k.line.complete), w.Complete.Long},
		{k.names(k.line.older, k.line.newer), w.Older.Long},
		{k.names(k.acts.client, k.acts.server), w.ChooseClient.Long},
		k.callEntry(a.listen, a.connect, a.accept, a.write, a.read, a.shutdown),
		k.callEntry(a.close, a.poll, a.error, a.kill, a.start),
		{k.names(k.look.back), w.Back.Long},
		{k.names(k.look.forward), w.Forward.Long},
		{k.names(k.look.onward, k.own.another), w.Another.Long},
		{k.names(k.look.first), w.First.Long},
		{k.names(k.look.last), w.Last.Long},
	}, ofOthers, []keyEntry{
		{k.names(k.scroll.up, k.scroll.down), w.Up.Long},
		{k.names(k.scroll.storyUp, k.scroll.storyDown), w.StoryDown.Long},
		{k.names(k.show.diagram), w.Diagram.Long},
		{k.names(k.show.names), w.Names.Long},
		{k.names(k.show.hide), w.Hide.Long},
		{k.names(k.show.larger), w.Larger.Long},
		{k.names(k.show.keys), w.Presses.Long},
	}, ofPairs, onWire, []keyEntry{
		{k.names(k.step.restart), w.Restart.Long},
		{k.names(k.step.successor), w.Successor.Long},
	}, onModel, inMenu, []keyEntry{
		{k.names(k.show.save), w.Save.Long},
		{k.names(k.show.help), w.Help.Long},
		{k.names(k.show.close), w.Close.Long},
	}, ends, []keyEntry{
		{k.names(k.leave.interrupt), w.Interrupt.Long},
		{k.names(k.leave.suspend), w.Suspend.Long},
	})
}

// callEntry returns the row of the help for keys that make calls.
func (k *keyMap) callEntry(bindings ...key.Binding) keyEntry {
	var verbs []string
	for _, b := range bindings {
		verbs = append(verbs, b.Help().Desc)
	}
	return keyEntry{k.names(bindings...), strings.Join(verbs, ", ")}
}

// names returns the keys of bindings as a person calls them.
func (k *keyMap) names(bindings ...key.Binding) string {
	var names []string
	for _, b := range bindings {
		for _, name := range b.Keys() {
			if shown, ok := k.arrows[name]; ok {
				name = shown
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}
