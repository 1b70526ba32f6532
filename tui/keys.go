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
}

// newKeys returns the keys with their short words.
func newKeys(w keyWords) *keyMap {
	bind := func(word keyWord, shown string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, word.short))
	}
	return &keyMap{
		next:      bind(w.next, "space", "space", "enter"),
		back:      bind(w.back, "←", "left", "h"),
		forward:   bind(w.forward, "→", "right", "l"),
		first:     bind(w.first, "home", "home", "g"),
		last:      bind(w.last, "end", "end", "G"),
		up:        bind(w.up, "↑", "up", "k"),
		down:      bind(w.down, "↓", "down", "j"),
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
	for b, shown := range map[*key.Binding]string{&k.back: "left", &k.forward: "right", &k.up: "up", &k.down: "down"} {
		b.SetHelp(shown, b.Help().Desc)
	}
}

// enable switches on the keys of a mode. The lesson has a menu to go back to
// unless it was opened directly.
func (k *keyMap) enable(m mode, menu bool) {
	lesson := m == modeLesson
	for _, b := range []*key.Binding{&k.next, &k.back, &k.forward, &k.storyUp, &k.storyDown, &k.restart} {
		b.SetEnabled(lesson)
	}
	k.first.SetEnabled(m != modeHelp)
	k.last.SetEnabled(m != modeHelp)
	k.leave.SetEnabled(lesson && menu)
	k.open.SetEnabled(m == modeMenu)
	k.help.SetEnabled(m != modeHelp)
	k.close.SetEnabled(m == modeHelp)
	k.quit.SetEnabled(m == modeMenu || lesson && !menu)
}

// all returns every binding.
func (k *keyMap) all() []key.Binding {
	return []key.Binding{
		k.next, k.back, k.forward, k.first, k.last, k.up, k.down, k.storyUp, k.storyDown,
		k.restart, k.leave, k.open, k.help, k.close, k.quit, k.interrupt, k.suspend,
	}
}

// footer returns the enabled bindings that the last row shows, the most needed
// first.
func (k *keyMap) footer() []key.Binding {
	var list []key.Binding
	for _, b := range []key.Binding{k.open, k.next, k.back, k.forward, k.close, k.restart, k.help, k.leave, k.quit} {
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
	pair := func(a, b key.Binding) string { return keyNames(a) + "  " + keyNames(b) }
	return []keyEntry{
		{keyNames(k.next), w.next.long},
		{keyNames(k.back), w.back.long},
		{keyNames(k.forward), w.forward.long},
		{keyNames(k.first), w.first.long},
		{keyNames(k.last), w.last.long},
		{pair(k.up, k.down), "scroll the ladder, choose in the menu"},
		{pair(k.storyUp, k.storyDown), w.storyDown.long},
		{keyNames(k.restart), w.restart.long},
		{keyNames(k.help), w.help.long},
		{keyNames(k.leave), w.leave.long},
		{keyNames(k.quit), w.quit.long},
		{keyNames(k.interrupt), w.interrupt.long},
		{keyNames(k.suspend), w.suspend.long},
	}
}

// keyNames returns the keys of a binding as a person calls them.
func keyNames(b key.Binding) string {
	names := make([]string, len(b.Keys()))
	for i, name := range b.Keys() {
		switch name {
		case "left", "right", "up", "down":
			name = map[string]string{"left": "←", "right": "→", "up": "↑", "down": "↓"}[name]
		case "pgdown":
			name = "pgdn"
		}
		names[i] = name
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
