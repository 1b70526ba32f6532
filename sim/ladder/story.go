package ladder

import (
	"strings"

	"finwait/sim/text"
)

// Story returns the prose of the next step: paragraphs and list items wrapped to
// the width, with empty lines between them; code as it is. Inline Markdown stays,
// for it reads well; the heading that only repeats the lesson's title does not.
func (t *Transcript) Story(markdown string) []string {
	var out page
	out.gap()
	var b block
	code := false
	for line := range strings.SplitSeq(markdown, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			t.flow(&out, &b)
			code = !code
			continue
		}
		if code || strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "|") {
			t.flow(&out, &b)
			out.add(t.text(line))
			continue
		}
		t.proseLine(&out, &b, line)
	}
	t.flow(&out, &b)
	out.gap()
	return t.finish(out)
}

// block is a paragraph or a list item as far as it has been read.
type block struct {
	marker string // of a list item: "- "
	words  []string
}

// proseLine takes one line of running text: it goes on with the block, or begins
// another.
func (t *Transcript) proseLine(out *page, b *block, line string) {
	text := strings.TrimSpace(line)
	title := strings.TrimLeft(text, "#")
	switch marker := listMarker(text); {
	case text == "":
		t.flow(out, b)
		out.gap()
		return
	case len(title) < len(text) && strings.HasPrefix(title, " "):
		t.flow(out, b)
		if title = strings.TrimSpace(title); title != t.title {
			out.add(t.text(title))
			out.gap()
		}
		return
	case marker != "":
		t.flow(out, b)
		b.marker = marker
		text = text[len(marker):]
	}
	b.words = append(b.words, strings.Fields(text)...)
}

// listMarker returns what begins a list item, and nothing before other text.
func listMarker(text string) string {
	for _, marker := range []string{"- ", "* ", "+ "} {
		if strings.HasPrefix(text, marker) {
			return marker
		}
	}
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if digits > 0 && strings.HasPrefix(text[digits:], ". ") {
		return text[:digits+2]
	}
	return ""
}

// flow writes the block, wrapped, and empties it.
func (t *Transcript) flow(out *page, b *block) {
	if len(b.words) > 0 {
		indent := len(b.marker)
		first := b.marker
		for _, line := range text.Wrap(t.text(strings.Join(b.words, " ")), t.width()-indent) {
			out.add(first + line)
			first = strings.Repeat(" ", indent)
		}
	}
	*b = block{}
}
