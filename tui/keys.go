package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// keyMap is every key of the screen, by area. The help, the footer and the table in the
// manual are made of it.
type keyMap struct {
	step   stepKeys
	look   lookKeys
	scroll scrollKeys
	wire   wireKeys
	show   showKeys
	leave  leaveKeys

	arrows map[string]string // how keys are shown whose names are not used
	words  keyWords
}

// stepKeys make the next step, or begin a lesson.
type stepKeys struct{ next, restart, successor key.Binding }

// lookKeys look back at earlier moments; first and last also go through the menu.
type lookKeys struct{ back, forward, first, last key.Binding }

// scrollKeys move what is chosen, or what is in view.
type scrollKeys struct{ up, down, ladderUp, ladderDown, storyUp, storyDown key.Binding }

// wireKeys do something with segments on the wire.
type wireKeys struct{ deliver, drop, duplicate, deliverAll key.Binding }

// showKeys show something else.
type showKeys struct{ open, settings, help, close key.Binding }

// leaveKeys leave the lesson, or the program.
type leaveKeys struct{ menu, quit, interrupt, suspend key.Binding }

// newKeys returns the keys with their short words.
func newKeys(w keyWords) *keyMap {
	bind := func(word keyWord, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, word.short))
	}
	return &keyMap{
		words:  w,
		arrows: map[string]string{"left": "←", "right": "→", "up": "↑", "down": "↓", "pgdown": "pgdn"},
		step: stepKeys{
			next:      bind(w.next, "space", "space", "enter"),
			restart:   bind(w.restart, "r", "r"),
			successor: bind(w.successor, "n", "n"),
		},
		look: lookKeys{
			back:    bind(w.back, "←", "left", "h"),
			forward: bind(w.forward, "→", "right", "l"),
			first:   bind(w.first, "home", "home", "g"),
			last:    bind(w.last, "end", "end", "G"),
		},
		scroll: scrollKeys{
			up:         bind(w.up, "↑", "up", "k"),
			down:       bind(w.down, "↑↓", "down", "j"),
			ladderUp:   bind(w.scroll, "K", "K"),
			ladderDown: bind(w.scroll, "J", "J"),
			storyUp:    bind(w.storyUp, "pgup", "pgup"),
			storyDown:  bind(w.storyDown, "pgdn", "pgdown"),
		},
		wire: wireKeys{
			deliver:    bind(w.deliver, "d", "d"),
			drop:       bind(w.drop, "x", "x"),
			duplicate:  bind(w.duplicate, "c", "c"),
			deliverAll: bind(w.deliverAll, "D", "D"),
		},
		show: showKeys{
			open:     bind(w.open, "enter", "enter", "space"),
			settings: bind(w.settings, "i", "i"),
			help:     bind(w.help, "?", "?"),
			close:    bind(w.close, "esc", "esc", "?", "q"),
		},
		leave: leaveKeys{
			menu:      bind(w.leave, "esc", "esc", "q"),
			quit:      bind(w.quit, "q", "q"),
			interrupt: bind(w.interrupt, "ctrl+c", "ctrl+c"),
			suspend:   bind(w.suspend, "ctrl+z", "ctrl+z"),
		},
	}
}

// ascii replaces the arrows in what the footer and the help show.
func (k *keyMap) ascii() {
	k.arrows = map[string]string{"pgdown": "pgdn"}
	for b, shown := range map[*key.Binding]string{
		&k.look.back: "left", &k.look.forward: "right", &k.scroll.up: "up", &k.scroll.down: "up/down",
	} {
		b.SetHelp(shown, b.Help().Desc)
	}
}

// usable says what there is to do in a lesson.
type usable struct {
	menu      bool // there is a menu to go back to
	next      bool // there is a step to make, or a row to go forward
	past      bool // there is something to look back at
	future    bool // there is something to go forward to
	rows      bool // there is more of the ladder than fits
	successor bool // this lesson is over, and there is another

	wire     bool // the lesson has a wire
	flight   int  // how many segments on the wire can be chosen
	settings bool // there are settings of the hosts to look at
}

// enable switches on the keys that do something.
func (k *keyMap) enable(m mode, u usable) {
	lesson, help := m == modeLesson, m == modeHelp || m == modeSettings
	on := func(on bool, bindings ...*key.Binding) {
		for _, b := range bindings {
			b.SetEnabled(on)
		}
	}
	on(lesson && u.next, &k.step.next)
	on(lesson, &k.step.restart)
	on(lesson && u.successor, &k.step.successor)
	on(lesson && u.past, &k.look.back)
	on(lesson && u.future, &k.look.forward)
	on(m == modeMenu || lesson && u.past, &k.look.first)
	on(m == modeMenu || lesson && u.future, &k.look.last)
	on(!lesson || u.flight > 1 || !u.wire && u.rows, &k.scroll.up, &k.scroll.down)
	on(lesson && u.wire && u.rows, &k.scroll.ladderUp, &k.scroll.ladderDown)
	on(lesson, &k.scroll.storyUp, &k.scroll.storyDown)
	on(lesson && u.flight > 0, &k.wire.deliver, &k.wire.drop, &k.wire.duplicate, &k.wire.deliverAll)
	on(m == modeMenu, &k.show.open)
	on(u.settings, &k.show.settings)
	on(!help, &k.show.help)
	on(help, &k.show.close)
	on(lesson && u.menu, &k.leave.menu)
	on(m == modeMenu || lesson && !u.menu, &k.leave.quit)

	does := k.words.down.short
	if m == modeMenu || lesson && u.wire {
		does = k.words.choose
	}
	k.scroll.down.SetHelp(k.scroll.down.Help().Key, does)
	does = k.words.next.short
	if lesson && u.future {
		does = k.words.onward.short
	}
	k.step.next.SetHelp(k.step.next.Help().Key, does)
}

// footer returns the bindings that the last row shows, the most needed first. Bindings of a
// wire are among them even while they are disabled, so that the row does not jump.
func (k *keyMap) footer(m mode, u usable) []key.Binding {
	enabled := func(all ...key.Binding) []key.Binding {
		return slices.DeleteFunc(all, func(b key.Binding) bool { return !b.Enabled() })
	}
	step, look, leave := &k.step, &k.look, &k.leave
	if m == modeLesson && u.future {
		return enabled(step.next, look.back, look.last, k.show.help, leave.menu, leave.quit, step.restart)
	}
	if m != modeLesson || !u.wire {
		return enabled(k.show.open, step.next, step.successor, look.back, step.restart, k.show.help, k.show.close, leave.menu, leave.quit, k.scroll.down)
	}
	return slices.Concat(
		enabled(step.next, step.successor),
		[]key.Binding{look.back, k.wire.deliver, k.wire.drop},
		enabled(k.show.help, leave.menu, leave.quit, step.restart),
		[]key.Binding{k.wire.duplicate, k.scroll.down, k.wire.deliverAll},
	)
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

// keyEntry is one row of the help: keys and what they do.
type keyEntry struct{ keys, text string }

// keyContext is where the keys of the help are to be used.
type keyContext struct {
	wire   bool // segments are held
	leaves bool // the lesson was opened in the menu
	quits  bool // the help lies over the menu, or there is no menu
}

// everywhere is every context at once.
func everywhere() keyContext { return keyContext{wire: true, leaves: true, quits: true} }

// entries returns the rows of the help, for every mode. The keys of the wire, and those that
// leave and quit, are among them only in contexts where they do that.
func (k *keyMap) entries(w keyWords, c keyContext) []keyEntry {
	var onWire, ends []keyEntry
	switch {
	case c.leaves && c.quits:
		ends = []keyEntry{{k.names(k.leave.menu), w.leaveThere}, {k.names(k.leave.quit), w.quitThere}}
	case c.leaves:
		ends = []keyEntry{{k.names(k.leave.menu), w.leave.long}}
	case c.quits:
		ends = []keyEntry{{k.names(k.leave.quit), w.quit.long}}
	}
	if c.wire {
		onWire = []keyEntry{
			{k.names(k.wire.deliver), w.deliver.long},
			{k.names(k.wire.drop), w.drop.long},
			{k.names(k.wire.duplicate), w.duplicate.long},
			{k.names(k.wire.deliverAll), w.deliverAll.long},
			{k.names(k.scroll.ladderUp, k.scroll.ladderDown), w.scroll.long},
			{k.names(k.show.settings), w.settings.long},
		}
	}
	return slices.Concat([]keyEntry{
		{k.names(k.step.next), w.next.long},
		{k.names(k.look.back), w.back.long},
		{k.names(k.look.forward), w.forward.long},
		{k.names(k.look.first), w.first.long},
		{k.names(k.look.last), w.last.long},
		{k.names(k.scroll.up, k.scroll.down), w.up.long},
		{k.names(k.scroll.storyUp, k.scroll.storyDown), w.storyDown.long},
	}, onWire, []keyEntry{
		{k.names(k.step.restart), w.restart.long},
		{k.names(k.step.successor), w.successor.long},
		{k.names(k.show.help), w.help.long},
	}, ends, []keyEntry{
		{k.names(k.leave.interrupt), w.interrupt.long},
		{k.names(k.leave.suspend), w.suspend.long},
	})
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
