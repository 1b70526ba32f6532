package lesson

import "testing"

// A card is the paragraph that begins with a bold title and a colon; its sources follow.
func TestEnding(t *testing.T) {
	for _, c := range []struct {
		outro, told string
		card        Card
	}{
		{"", "", Card{}},
		{"The end.", "The end.", Card{}},
		{"It is **Take home:** here.", "It is **Take home:** here.", Card{}},
		{"**Take home:** a\nb.", "", Card{Title: "Take home", Text: "a\nb."}},
		{
			"One.\n\nTwo.\n\n**Merke:** a.\n\nRFC 9293\n\nread(2)", "One.\n\nTwo.",
			Card{Title: "Merke", Text: "a.", Sources: "RFC 9293\n\nread(2)"},
		},
	} {
		l := Lesson{Outro: c.outro}
		if told, card := l.Ending(); told != c.told || card != c.card {
			t.Errorf("%q: got %q and %+v", c.outro, told, card)
		}
	}
	for _, l := range Embedded() {
		if _, card := l.Ending(); card.Title != "Take home" || card.Text == "" || card.Sources == "" {
			t.Errorf("%s ends with %+v", l.Name, card)
		}
	}
}
