package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// keyMap is every key of the screen. Help, footer and the table of the manual are
// made of it.
type keyMap struct {
	next, back, forward, first, last, up, down key.Binding
	scrollUp, scrollDown, storyUp, storyDown   key.Binding
	deliver, drop, duplicate, deliverAll       key.Binding
	restart, leave, open, settings, help       key.Binding
	another                                    key.Binding
	close, quit, interrupt, suspend            key.Binding

	arrows map[string]string // how the arrow keys are shown
	words  keyWords
}

// newKeys returns the keys with their short words.
func newKeys(w keyWords) *keyMap {
	bind := func(word keyWord, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, word.short))
	}
	return &keyMap{
		words:      w,
		arrows:     map[string]string{"left": "←", "right": "→", "up": "↑", "down": "↓", "pgdown": "pgdn"},
		next:       bind(w.next, "space", "space", "enter"),
		back:       bind(w.back, "←", "left", "h"),
		forward:    bind(w.forward, "→", "right", "l"),
		first:      bind(w.first, "home", "home", "g"),
		last:       bind(w.last, "end", "end", "G"),
		up:         bind(w.up, "↑", "up", "k"),
		down:       bind(w.down, "↑↓", "down", "j"),
		scrollUp:   bind(w.scroll, "K", "K"),
		scrollDown: bind(w.scroll, "J", "J"),
		storyUp:    bind(w.storyUp, "pgup", "pgup"),
		storyDown:  bind(w.storyDown, "pgdn", "pgdown"),
		deliver:    bind(w.deliver, "d", "d"),
		drop:       bind(w.drop, "x", "x"),
		duplicate:  bind(w.duplicate, "c", "c"),
		deliverAll: bind(w.deliverAll, "D", "D"),
		restart:    bind(w.restart, "r", "r"),
		another:    bind(w.another, "n", "n"),
		leave:      bind(w.leave, "esc", "esc", "q"),
		open:       bind(w.open, "enter", "enter", "space"),
		settings:   bind(w.settings, "i", "i"),
		help:       bind(w.help, "?", "?"),
		close:      bind(w.close, "esc", "esc", "?", "q"),
		quit:       bind(w.quit, "q", "q"),
		interrupt:  bind(w.interrupt, "ctrl+c", "ctrl+c"),
		suspend:    bind(w.suspend, "ctrl+z", "ctrl+z"),
	}
}

// ascii replaces the arrows in what the footer and the help show.
func (k *keyMap) ascii() {
	k.arrows = map[string]string{"pgdown": "pgdn"}
	for b, shown := range map[*key.Binding]string{&k.back: "left", &k.forward: "right", &k.up: "up", &k.down: "up/down"} {
		b.SetHelp(shown, b.Help().Desc)
	}
}

// usable says what there is to do in a lesson.
type usable struct {
	menu   bool // to go back to
	next   bool // a step to make, or a row to go forward
	past   bool // to look back at
	future bool // to go forward to
	rows   bool // to scroll
	more   bool // this lesson is over, and there is another

	wire     bool // the lesson has one
	flight   int  // segments on it
	settings bool // of the hosts, to look at
}

// enable switches on the keys that do something.
func (k *keyMap) enable(m mode, u usable) {
	lesson, help := m == modeLesson, m == modeHelp || m == modeSettings
	for b, on := range map[*key.Binding]bool{
		&k.next:    lesson && u.next,
		&k.back:    lesson && u.past,
		&k.forward: lesson && u.future,
		&k.first:   m == modeMenu || lesson && u.past,
		&k.last:    m == modeMenu || lesson && u.future,
		&k.storyUp: lesson, &k.storyDown: lesson, &k.restart: lesson,
		&k.another:  lesson && u.more,
		&k.leave:    lesson && u.menu,
		&k.open:     m == modeMenu,
		&k.help:     !help,
		&k.close:    help,
		&k.quit:     m == modeMenu || lesson && !u.menu,
		&k.up:       !lesson || u.flight > 1 || !u.wire && u.rows,
		&k.down:     !lesson || u.flight > 1 || !u.wire && u.rows,
		&k.scrollUp: lesson && u.wire && u.rows, &k.scrollDown: lesson && u.wire && u.rows,
		&k.deliver: lesson && u.flight > 0, &k.deliverAll: lesson && u.flight > 0,
		&k.drop: lesson && u.flight > 0, &k.duplicate: lesson && u.flight > 0,
		&k.settings: u.settings,
	} {
		b.SetEnabled(on)
	}
	does := k.words.down.short
	if m == modeMenu || lesson && u.wire {
		does = k.words.choose
	}
	k.down.SetHelp(k.down.Help().Key, does)
	does = k.words.next.short
	if lesson && u.future {
		does = k.words.onward.short
	}
	k.next.SetHelp(k.next.Help().Key, does)
}

// footer returns the bindings that the last row shows, the most needed first: the
// enabled ones, and those of a wire even while nothing is on it, so that the row
// does not jump.
func (k *keyMap) footer(m mode, u usable) []key.Binding {
	enabled := func(all ...key.Binding) []key.Binding {
		return slices.DeleteFunc(all, func(b key.Binding) bool { return !b.Enabled() })
	}
	if m == modeLesson && u.future {
		return enabled(k.next, k.back, k.last, k.help, k.leave, k.quit, k.restart)
	}
	if m != modeLesson || !u.wire {
		return enabled(k.open, k.next, k.another, k.back, k.restart, k.help, k.close, k.leave, k.quit, k.down)
	}
	return slices.Concat(
		enabled(k.next, k.another),
		[]key.Binding{k.back, k.deliver, k.drop},
		enabled(k.help, k.leave, k.quit, k.restart),
		[]key.Binding{k.duplicate, k.down, k.deliverAll},
	)
}

// keyEntry is one row of the help: keys and what they do.
type keyEntry struct{ keys, text string }

// occasions are where the keys of the help are to be used.
type occasions struct {
	wire   bool // segments are held
	leaves bool // a lesson that the menu has opened
	quits  bool // the menu, or a lesson where there is none
}

// everywhere are all occasions.
func everywhere() occasions { return occasions{wire: true, leaves: true, quits: true} }

// entries returns the rows of the help, for every mode: but those of the wire, and of
// leaving and quitting, only where they do that.
func (k *keyMap) entries(w keyWords, where occasions) []keyEntry {
	var onWire, ends []keyEntry
	switch {
	case where.leaves && where.quits:
		ends = []keyEntry{{k.names(k.leave), w.leaveThere}, {k.names(k.quit), w.quitThere}}
	case where.leaves:
		ends = []keyEntry{{k.names(k.leave), w.leave.long}}
	case where.quits:
		ends = []keyEntry{{k.names(k.quit), w.quit.long}}
	}
	if where.wire {
		onWire = []keyEntry{
			{k.names(k.deliver), w.deliver.long},
			{k.names(k.drop), w.drop.long},
			{k.names(k.duplicate), w.duplicate.long},
			{k.names(k.deliverAll), w.deliverAll.long},
			{k.names(k.scrollUp, k.scrollDown), w.scroll.long},
			{k.names(k.settings), w.settings.long},
		}
	}
	return slices.Concat([]keyEntry{
		{k.names(k.next), w.next.long},
		{k.names(k.back), w.back.long},
		{k.names(k.forward), w.forward.long},
		{k.names(k.first), w.first.long},
		{k.names(k.last), w.last.long},
		{k.names(k.up, k.down), w.up.long},
		{k.names(k.storyUp, k.storyDown), w.storyDown.long},
	}, onWire, []keyEntry{
		{k.names(k.restart), w.restart.long},
		{k.names(k.another), w.another.long},
		{k.names(k.help), w.help.long},
	}, ends, []keyEntry{
		{k.names(k.interrupt), w.interrupt.long},
		{k.names(k.suspend), w.suspend.long},
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
