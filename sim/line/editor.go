package line

import (
	"slices"
	"unicode"
)

// maxLength is how many characters a line has at most.
const maxLength = 1000

// Editor is a line while it is typed, with a cursor. The zero value is an empty line. It is a
// value: a method that changes the line returns the changed one.
type Editor struct {
	text []rune // never written to, only replaced
	at   int    // where the cursor is: before the character with this index
}

// Edit returns an editor of a text, with the cursor at its end.
func Edit(text string) Editor { return Editor{}.Insert(text) }

// String returns the text.
func (e Editor) String() string { return string(e.text) }

// Cursor returns the text before the cursor and the text from it on.
func (e Editor) Cursor() (before, after string) { return string(e.text[:e.at]), string(e.text[e.at:]) }

// Insert types a text at the cursor. A line break is a space; what a terminal obeys is left out,
// and what goes beyond the longest line.
func (e Editor) Insert(s string) Editor {
	var typed []rune
	for _, r := range s {
		switch {
		case r == '\n', r == '\r', r == '\t': // a terminal may paste the end of a line as '\r'
			typed = append(typed, ' ')
		case unicode.IsPrint(r):
			typed = append(typed, r)
		}
	}
	typed = typed[:min(len(typed), maxLength-len(e.text))]
	return Editor{slices.Concat(e.text[:e.at], typed, e.text[e.at:]), e.at + len(typed)}
}

// Backspace deletes the character before the cursor.
func (e Editor) Backspace() Editor { return e.cut(max(0, e.at-1), e.at) }

// Delete deletes the character at the cursor.
func (e Editor) Delete() Editor { return e.cut(e.at, min(len(e.text), e.at+1)) }

// DeleteWord deletes the word before the cursor, and what is between the two.
func (e Editor) DeleteWord() Editor {
	from := e.at
	for from > 0 && e.text[from-1] == ' ' {
		from--
	}
	for from > 0 && e.text[from-1] != ' ' {
		from--
	}
	return e.cut(from, e.at)
}

// DeleteBefore deletes everything before the cursor, DeleteAfter everything from it on.
func (e Editor) DeleteBefore() Editor { return e.cut(0, e.at) }

// DeleteAfter deletes everything from the cursor on.
func (e Editor) DeleteAfter() Editor { return e.cut(e.at, len(e.text)) }

// cut deletes the characters [from, to) and leaves the cursor there.
func (e Editor) cut(from, to int) Editor {
	return Editor{slices.Concat(e.text[:from], e.text[to:]), from}
}

// Move moves the cursor by some characters, at most to an end of the line.
func (e Editor) Move(by int) Editor {
	e.at = max(0, min(e.at+by, len(e.text)))
	return e
}

// History is the lines that were entered, the oldest first, and which of them is looked at. The
// zero value has none. It is a value.
type History struct {
	lines []string // never written to, only replaced
	back  int      // how many lines back, 0 for the one being typed
	draft string   // what was typed before looking back
}

// Enter appends a line, unless it is the newest already, and looks back no more.
func (h History) Enter(text string) History {
	if n := len(h.lines); n == 0 || h.lines[n-1] != text {
		h.lines = append(slices.Clip(h.lines), text)
	}
	return h.Rest()
}

// Rest looks back no more.
func (h History) Rest() History { return History{lines: h.lines} }

// Older returns the line before the one that is looked at: text is what is typed now.
func (h History) Older(text string) (History, string) {
	if h.back == len(h.lines) {
		return h, text
	}
	if h.back == 0 {
		h.draft = text
	}
	h.back++
	return h, h.lines[len(h.lines)-h.back]
}

// Newer returns the line after the one that is looked at, in the end what was typed.
func (h History) Newer(text string) (History, string) {
	switch h.back {
	case 0:
		return h, text
	case 1:
		h.back = 0
		return h, h.draft
	}
	h.back--
	return h, h.lines[len(h.lines)-h.back]
}
