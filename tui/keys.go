package tui

import (
	"fmt"

	"charm.land/bubbles/v2/key"

	"finwait/sim"
	"finwait/sim/lang"
)

// keyMap is every key of the screen, by area. The help, the footer and the table in the
// manual are made of it.
type keyMap struct {
	step    stepKeys
	quiz    quizKeys
	own     ownKeys
	line    lineKeys
	acts    actKeys
	places  placeKeys
	look    lookKeys
	focus   focusKeys
	scroll  scrollKeys
	wire    wireKeys
	show    showKeys
	compare compareKeys
	search  searchKeys
	leave   leaveKeys

	arrows map[string]string // how keys are shown whose names are not used
	words  lang.Keys
}

// stepKeys make the next step, or begin a lesson.
type stepKeys struct{ next, skip, restart, successor, simulate key.Binding }

// quizKeys are for what is asked before a step.
type quizKeys struct{ toggle, answer key.Binding }

// digits are the keys of answers, the first answer's first.
var digits = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}

// lookKeys look back at earlier moments; first and last also go through the menu.
type lookKeys struct{ back, forward, onward, first, last key.Binding }

// focusKeys choose which connection is drawn.
type focusKeys struct{ next, previous key.Binding }

// scrollKeys move what is chosen, or what is in view.
type scrollKeys struct{ up, down, ladderUp, ladderDown, storyUp, storyDown key.Binding }

// wireKeys do something with segments on the wire.
type wireKeys struct{ deliver, drop, duplicate, deliverAll key.Binding }

// showKeys show something else, or save what is shown.
type showKeys struct{ open, chapter, diagram, names, hide, larger, keys, settings, help, save, close key.Binding }

// searchKeys search the menu. While something is searched, every other key types itself.
type searchKeys struct{ open, enter, up, down, cancel key.Binding }

// compareKeys compare two plays, show the other where there is room for one, and go back.
type compareKeys struct{ open, other, leave key.Binding }

// leaveKeys leave the lesson, or the program.
type leaveKeys struct{ menu, quit, interrupt, suspend key.Binding }

// newKeys returns the keys with their short words.
func newKeys(w lang.Keys) *keyMap {
	bind := func(word lang.Key, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, word.Short))
	}
	return &keyMap{
		words:  w,
		arrows: map[string]string{"left": "←", "right": "→", "up": "↑", "down": "↓", "pgdown": "pgdn"},
		step: stepKeys{
			next:      bind(w.Next, "space", "space", "enter"),
			skip:      bind(w.SkipWait, "z", "z"),
			restart:   bind(w.Restart, "r", "r"),
			successor: bind(w.Successor, "n", "n"),
			simulate:  bind(w.Simulate, "m", "m"),
		},
		quiz: quizKeys{
			toggle: bind(w.Predict, "p", "p"),
			answer: bind(lang.Key{Short: w.Answer}, "1-9", digits...),
		},
		own:    newOwnKeys(w, bind),
		line:   newLineKeys(w, bind),
		acts:   newActKeys(w, bind),
		places: newPlaceKeys(w, bind),
		look: lookKeys{
			back:    bind(w.Back, "←", "left", "h"),
			forward: bind(w.Forward, "→", "right", "l"),
			onward:  bind(lang.Key{Short: w.Onward}, "space", "space"),
			first:   bind(w.First, "home", "home", "g"),
			last:    bind(w.Last, "end", "end", "G"),
		},
		focus: focusKeys{
			next:     bind(w.NextConn, "tab", "tab", "]"),
			previous: bind(lang.Key{}, "[", "["),
		},
		scroll: newScrollKeys(w, bind),
		wire: wireKeys{
			deliver:    bind(w.Deliver, "d", "d"),
			drop:       bind(w.Drop, "x", "x"),
			duplicate:  bind(w.Duplicate, "c", "c"),
			deliverAll: bind(w.DeliverAll, "D", "D"),
		},
		show: newShowKeys(w, bind),
		search: searchKeys{
			open:   bind(w.Search, "/", "/"),
			enter:  bind(w.Open, "enter", "enter"),
			up:     bind(lang.Key{Short: w.Choose}, "↑", "up"),
			down:   bind(lang.Key{Short: w.Choose}, "↑↓", "down"),
			cancel: bind(lang.Key{Short: w.EndSearch}, "esc", "esc"),
		},
		compare: compareKeys{
			open:  bind(w.Compare, "v", "v"),
			other: bind(lang.Key{Short: w.Other}, "tab", "tab"),
			leave: bind(lang.Key{Short: w.BackToLesson}, "esc", "esc", "v", "q"),
		},
		leave: leaveKeys{
			menu:      bind(w.Leave, "esc", "esc", "q"),
			quit:      bind(w.Quit, "q", "q"),
			interrupt: bind(w.Interrupt, "ctrl+c", "ctrl+c"),
			suspend:   bind(w.Suspend, "ctrl+z", "ctrl+z"),
		},
	}
}

// newShowKeys returns the keys that change what is shown, and no lab.
func newShowKeys(w lang.Keys, bind binder) showKeys {
	return showKeys{
		chapter:  bind(w.Chapter, "1-9", digits...),
		open:     bind(w.Open, "enter", "enter", "space"),
		diagram:  bind(w.Diagram, "f", "f"),
		names:    bind(w.Names, "F", "F"),
		hide:     bind(w.Hide, "H", "H"),
		larger:   bind(w.Larger, "L", "L"),
		keys:     bind(w.Presses, "P", "P"),
		settings: bind(w.Settings, "i", "i"),
		help:     bind(w.Help, "?", "?"),
		save:     bind(w.Save, "w", "w"),
		close:    bind(w.Close, "esc", "esc", "?", "q"),
	}
}

// newScrollKeys returns the keys that move what is chosen, or what is in view.
func newScrollKeys(w lang.Keys, bind binder) scrollKeys {
	return scrollKeys{
		up:         bind(w.Up, "↑", "up", "k"),
		down:       bind(lang.Key{Short: w.Down}, "↑↓", "down", "j"),
		ladderUp:   bind(w.Scroll, "K", "K"),
		ladderDown: bind(w.Scroll, "J", "J"),
		storyUp:    bind(lang.Key{Short: w.StoryUp}, "pgup", "pgup"),
		storyDown:  bind(w.StoryDown, "pgdn", "pgdown"),
	}
}

// ascii replaces the arrows in what the footer and the help show.
func (k *keyMap) ascii() {
	k.arrows = map[string]string{"pgdown": "pgdn"}
	for b, shown := range map[*key.Binding]string{
		&k.look.back: "left", &k.look.forward: "right", &k.scroll.up: "up", &k.scroll.down: "up/down",
		&k.search.up: "up", &k.search.down: "up/down",
	} {
		b.SetHelp(shown, b.Help().Desc)
	}
}

// usable says what there is to do in a lesson.
type usable struct {
	menu      bool // there is a menu to go back to
	next      bool // there is a step to make
	skip      bool // the step to make is a wait in which nothing will happen
	past      bool // there is something to look back at
	future    bool // there is something to go forward to
	others    bool // there is more than one connection
	rows      bool // there is more of the ladder than fits
	successor bool // this lesson is over, and there is another
	last      bool // the last lesson is over
	chapters  int  // how many chapters of the chosen lesson have a key
	simulate  bool // the lesson can be played on the model: it is chosen in the menu, or did not open live
	unopened  bool // the lab did not open
	save      bool // a screen can be saved

	asks     bool // there are steps that one can be asked about
	predicts bool // a person wants to be asked what each step will do
	answers  int  // of the question that is open, 0 for none

	compare bool // there is something to compare in the lesson
	below   bool // two plays are compared over a lesson
	one     bool // of two plays one has room

	places  bool       // there is a list of places
	undo    bool       // there is a step to undo
	another bool       // one may go another way from the moment on the screen
	own     bool       // a person may make a step of their own
	acts    []sim.Verb // the calls that make sense for the end that is chosen

	wire     bool // the lesson has a wire
	flight   int  // how many segments on the wire can be chosen
	settings bool // there are settings of the hosts to look at
	diagram  bool // the state diagram is shown
	larger   bool // there is room for a larger ladder
}

// enable switches on the keys that do something.
func (k *keyMap) enable(m mode, u usable) {
	lesson, help := m == modeLesson, m == modeHelp || m == modeSettings || m == modeFinale
	typed := m == modeLine || m == modeActs || m == modeSearch
	on := func(on bool, bindings ...*key.Binding) {
		for _, b := range bindings {
			b.SetEnabled(on)
		}
	}
	compare := m == modeCompare
	played := lesson || compare
	on(played && u.next && !u.future, &k.step.next)
	on(lesson && u.skip && !u.future, &k.step.skip)
	on(played && u.future, &k.look.onward)
	on(played, &k.step.restart)
	on(lesson && (u.successor || u.last), &k.step.successor)
	on((m == modeMenu || lesson) && u.simulate, &k.step.simulate)
	on(played && u.past, &k.look.back)
	on(played && u.future, &k.look.forward)
	list := m == modeMenu || m == modePlaces
	on(list || played && u.past, &k.look.first)
	on(list || played && u.future, &k.look.last)
	on(lesson && u.compare, &k.compare.open)
	on(compare && u.one, &k.compare.other)
	on(compare && u.below, &k.compare.leave)
	on(lesson && u.places, &k.places.open)
	on(m == modePlaces, &k.places.enter, &k.places.leave)
	on(lesson && u.others, &k.focus.next, &k.focus.previous)
	on(!played && !typed || compare && u.rows || lesson && u.flight > 1 || lesson && !u.wire && u.rows, &k.scroll.up, &k.scroll.down)
	on(lesson && u.wire && u.rows, &k.scroll.ladderUp, &k.scroll.ladderDown)
	on(lesson || help, &k.scroll.storyUp, &k.scroll.storyDown)
	on(lesson && u.flight > 0, &k.wire.deliver, &k.wire.drop, &k.wire.duplicate, &k.wire.deliverAll)
	on(m == modeMenu, &k.show.open, &k.search.open)
	on(m == modeMenu && u.chapters > 0, &k.show.chapter)
	k.show.chapter.SetKeys(digits[:u.chapters]...)
	on(m == modeSearch, &k.search.enter, &k.search.up, &k.search.down, &k.search.cancel)
	on(u.settings && !typed, &k.show.settings)
	on(lesson, &k.show.diagram)
	on(lesson && u.diagram, &k.show.names)
	on(lesson && !u.unopened, &k.show.hide)
	on(!help && !typed, &k.show.help)
	on(help, &k.show.close)
	on(u.save && !typed, &k.show.save)
	on(!typed, &k.show.keys)
	on(lesson && u.larger, &k.show.larger)
	on(lesson && u.menu, &k.leave.menu)
	on(m == modeMenu || lesson && !u.menu || compare && !u.below, &k.leave.quit)

	k.enableQuiz(m, u)
	k.enableOwn(m, u)

	k.rename(list || lesson && u.wire, u)
	k.renameIn(compare, help)
}

// renameIn gives the keys their words that do something else while two plays are compared, or in a
// help.
func (k *keyMap) renameIn(compare, help bool) {
	does := k.words.Onward
	if compare {
		does = k.words.StepOn
	}
	k.look.onward.SetHelp(k.look.onward.Help().Key, does)
	does = k.words.StoryDown.Short
	if help {
		does = k.words.Page
	}
	k.scroll.storyDown.SetHelp(k.scroll.storyDown.Help().Key, does)
}

// rename gives the keys their words that do one thing at one time and another at another; choose
// says that up and down choose something.
func (k *keyMap) rename(choose bool, u usable) {
	does := k.words.Down
	if choose {
		does = k.words.Choose
	}
	k.scroll.down.SetHelp(k.scroll.down.Help().Key, does)
	does = k.words.Successor.Short
	if u.last {
		does = k.words.WhatNow
	}
	k.step.successor.SetHelp(k.step.successor.Help().Key, does)
	does = k.words.Diagram.Short
	if u.diagram {
		does = k.words.Ladder
	}
	k.show.diagram.SetHelp(k.show.diagram.Help().Key, does)
}

// enableQuiz switches on the keys for what is asked before a step.
func (k *keyMap) enableQuiz(m mode, u usable) {
	k.quiz.toggle.SetEnabled(m == modeLesson && u.asks)
	k.quiz.answer.SetEnabled(m == modeLesson && u.answers > 0)
	does := k.words.Predict.Short
	if u.predicts {
		does = k.words.PredictNoMore
	}
	k.quiz.toggle.SetHelp(k.quiz.toggle.Help().Key, does)
	k.quiz.answer.SetKeys(digits[:u.answers]...)
	k.quiz.answer.SetHelp(fmt.Sprintf("1-%d", u.answers), k.words.Answer)
}
