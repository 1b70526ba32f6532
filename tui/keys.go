package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
)

// keyMap is every key of the screen. Help, footer and the table of the README are
// made of it.
type keyMap struct {
	next, back, forward, first, last, up, down key.Binding
	storyUp, storyDown, restart, leave, open   key.Binding
	help, close, quit, interrupt, suspend      key.Binding

	arrows map[string]string // how the arrow keys are shown
	words  keyWords
}

// newKeys returns the keys with their short words.
func newKeys(w keyWords) *keyMap {
	bind := func(word keyWord, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, word.short))
	}
	return &keyMap{
		words:     w,
		arrows:    map[string]string{"left": "←", "right": "→", "up": "↑", "down": "↓", "pgdown": "pgdn"},
		next:      bind(w.next, "space", "space", "enter"),
		back:      bind(w.back, "←", "left", "h"),
		forward:   bind(w.forward, "→", "right", "l"),
		first:     bind(w.first, "home", "home", "g"),
		last:      bind(w.last, "end", "end", "G"),
		up:        bind(w.up, "↑", "up", "k"),
		down:      bind(w.down, "↑↓", "down", "j"),
		storyUp:   bind(w.storyUp, "pgup", "pgup"),
		storyDown: bind(w.storyDown, "pgdn", "pgdown"),
		restart:   bind(w.restart, "r", "r"),
		leave:     bind(w.leave, "esc", "esc", "q"),
		open:      bind(w.open, "enter", "enter", "space"),
		help:      bind(w.help, "?", "?"),
		close:     bind(w.close, "esc", "esc", "?", "q"),
		quit:      bind(w.quit, "q", "q"),
		interrupt: bind(w.interrupt, "ctrl+c", "ctrl+c"),
		suspend:   bind(w.suspend, "ctrl+z", "ctrl+z"),
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
}

// enable switches on the keys that do something.
func (k *keyMap) enable(m mode, u usable) {
	lesson, help := m == modeLesson, m == modeHelp
	for b, on := range map[*key.Binding]bool{
		&k.next:    lesson && u.next,
		&k.back:    lesson && u.past,
		&k.forward: lesson && u.future,
		&k.first:   m == modeMenu || lesson && u.past,
		&k.last:    m == modeMenu || lesson && u.future,
		&k.storyUp: lesson, &k.storyDown: lesson, &k.restart: lesson,
		&k.leave: lesson && u.menu,
		&k.open:  m == modeMenu,
		&k.help:  !help,
		&k.close: help,
		&k.quit:  m == modeMenu || lesson && !u.menu,
		&k.up:    !lesson || u.rows,
		&k.down:  !lesson || u.rows,
	} {
		b.SetEnabled(on)
	}
	does := k.words.down.short
	if m == modeMenu {
		does = k.words.choose
	}
	k.down.SetHelp(k.down.Help().Key, does)
}

// footer returns the enabled bindings that the last row shows, the most needed
// first.
func (k *keyMap) footer() []key.Binding {
	var list []key.Binding
	for _, b := range []key.Binding{
		k.open, k.next, k.back, k.restart, k.help, k.close, k.leave, k.quit, k.forward, k.down,
	} {
		if b.Enabled() {
			list = append(list, b)
		}
	}
	return list
}

// keyEntry is one row of the help: keys and what they do.
type keyEntry struct{ keys, text string }

// entries returns the rows of the help, for every mode.
func (k *keyMap) entries(w keyWords) []keyEntry {
	return []keyEntry{
		{k.names(k.next), w.next.long},
		{k.names(k.back), w.back.long},
		{k.names(k.forward), w.forward.long},
		{k.names(k.first), w.first.long},
		{k.names(k.last), w.last.long},
		{k.names(k.up, k.down), w.up.long},
		{k.names(k.storyUp, k.storyDown), w.storyDown.long},
		{k.names(k.restart), w.restart.long},
		{k.names(k.help), w.help.long},
		{k.names(k.leave), w.leave.long},
		{k.names(k.quit), w.quit.long},
		{k.names(k.interrupt), w.interrupt.long},
		{k.names(k.suspend), w.suspend.long},
	}
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

// KeyTable returns the keys as a table in Markdown, for the README.
func KeyTable() string {
	w := english().keys
	var b strings.Builder
	b.WriteString("| keys | what they do |\n|---|---|\n")
	for _, e := range newKeys(w).entries(w) {
		var keys []string
		for _, name := range strings.Fields(e.keys) {
			keys = append(keys, "`"+name+"`")
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(keys, " "), e.text)
	}
	return b.String()
}
