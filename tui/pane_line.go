package tui

import (
	"strings"

	"finwait/sim/text"
)

// The line that a person types takes the two last rows: the text and how the verb is written,
// below it what is wrong or what may follow.

// linePrompt is what stands before the text.
const linePrompt = " : "

// lineShown returns the text as far as the row has room for it, and the column of the cursor.
func (f frame) lineShown() (shown string, cursor int) {
	before, after := f.code(f.line.before), f.code(f.line.after)
	room := f.w - text.Cells(linePrompt) - 1
	for text.Cells(before) > room {
		_, before = cutFirst(before)
	}
	return text.Cut(before+after, room+1, f.style.glyph.Ellipsis), text.Cells(linePrompt) + text.Cells(before)
}

// cutFirst returns the first character of a text that has one, and the rest.
func cutFirst(s string) (first, rest string) {
	for i := range s {
		if i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// lineRow returns the row of the text, with how its verb is written at the right.
func (f frame) lineRow() text.Line {
	shown, _ := f.lineShown()
	left := text.Line{{Text: linePrompt, Role: text.RoleKey}, {Text: shown, Role: text.RoleNormal}}
	room := f.w - left.Width() - 3
	if room < minUsage || f.line.Usage == "" {
		return left
	}
	return text.Between(left, text.In(text.RoleFaint, f.code(f.line.Usage)).Cut(room, f.style.glyph.Ellipsis), f.w-1, "")
}

// minUsage is the least room, in cells, in which how a verb is written is of use.
const minUsage = 12

// lineHint returns the row below the text: what is wrong, else what may follow, else what the
// verb does; and the keys of the line.
func (f frame) lineHint() text.Line {
	keys := keyParts(f.keys.line.complete, f.keys.line.cancel)
	right := text.Join(keys, text.Span{Text: "  "}, f.w)
	left := text.In(text.RoleFaint, "   "+f.lineHelp())
	switch {
	case f.saved != "":
		left = text.In(text.RoleNormal, "   "+f.safe(f.saved))
	case f.note != "":
		left = text.In(text.RoleWarn, "   "+f.note)
	case f.line.Err != nil:
		left = text.In(text.RoleFail, "   "+f.safe(f.line.Err.Error()))
	default:
		return text.Between(left, right, f.w-1, f.style.glyph.Ellipsis)
	}
	if left.Width()+right.Width()+2 > f.w {
		right = keys[len(keys)-1]
	}
	return text.Between(left, right, f.w-1, f.style.glyph.Ellipsis)
}

// lineHelp returns what may follow, or what the verb does.
func (f frame) lineHelp() string {
	if len(f.line.Choices) > 0 {
		return f.code(strings.Join(f.line.Choices, " "))
	}
	return f.safe(f.line.Help)
}
