package tui

import (
	"strings"

	"finwait/sim/text"
)

// finale returns the card after the last lesson: what was not played yet, and what there is to do
// now.
func (f frame) finale(w int) []text.Line {
	heading := text.In(text.RoleTitle, f.words.Finale.Heading)
	says := f.words.Finale.PlayedAll
	if left := f.notDone(); len(left) > 0 {
		says = f.words.Finale.NotPlayed(strings.Join(left, ", "))
	}
	lines := append([]text.Line{nil}, text.In(text.RoleNormal, f.safe(says)).Wrap(w-4)...)
	lines = append(lines, nil, text.In(text.RoleNormal, f.words.Finale.GoOn))
	for _, way := range f.words.Finale.Ways {
		indent := text.Line{{Text: way.Short, Role: text.RoleKey}}.Pad(wayColumn)
		for _, l := range text.In(text.RoleNormal, way.Long).Wrap(w - 4 - wayColumn) {
			lines = append(lines, append(indent, l...))
			indent = text.Line{{Text: strings.Repeat(" ", wayColumn)}}
		}
	}
	lines = append(lines, nil)
	return frame{f.picture, size{w, len(lines) + 2}}.boxed(heading, lines, text.RoleTitle)
}

// wayColumn is the width of the column of keys and commands of the card after the last lesson.
const wayColumn = 24

// notDone returns the names of the lessons that were not played to their end.
func (f frame) notDone() []string {
	var names []string
	for _, l := range f.menu.all {
		if !f.menu.done[l.Name] {
			names = append(names, l.Name)
		}
	}
	return names
}
