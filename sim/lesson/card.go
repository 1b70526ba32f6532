package lesson

import (
	"regexp"
	"strings"
)

// Card is what a screen keeps in a frame at the end of a lesson: what to take home. Both texts
// are Markdown; the zero Card is none.
type Card struct {
	Title   string // of one line
	Text    string // one paragraph
	Sources string // what follows: where to read on
}

// cardBegins matches the paragraph of a card: it begins with a bold title that ends with a colon.
var cardBegins = regexp.MustCompile(`(?:^|\n\n)\*\*([^*\n]+):\*\*\s+`)

// Ending divides the Outro: told is the prose before the card.
func (l *Lesson) Ending() (told string, card Card) {
	at := cardBegins.FindStringSubmatchIndex(l.Outro)
	if at == nil {
		return l.Outro, Card{}
	}
	card.Title = l.Outro[at[2]:at[3]]
	card.Text, card.Sources, _ = strings.Cut(l.Outro[at[1]:], "\n\n")
	return strings.TrimSpace(l.Outro[:at[0]]), card
}
