package tui

import (
	"slices"
	"testing"

	"finwait/sim/lesson"
)

// TestTell: the sentence of a step takes the place of its paragraph once the step has started,
// and stays until the next sentence or paragraph. What was told before stays in its order.
func TestTell(t *testing.T) {
	l := &lesson.Lesson{Outro: "end\n\n**Take home:** much", Steps: []lesson.Step{
		{Story: "A", First: true},
		{Story: "A", Say: "one"},
		{Story: "A"},
		{Story: "A", Say: "two"},
		{Story: "## B\n\nb", First: true},
		{Story: "## B\n\nb", Say: "three"},
	}}
	for _, c := range []struct {
		made, at int
		now      string
		earlier  []string
	}{
		{0, 0, "A", nil},
		{1, 0, "A", nil},
		{1, 1, "A", nil},
		{2, 1, "one", []string{"A"}},
		{2, 2, "one", []string{"A"}},
		{3, 2, "one", []string{"A"}},
		{3, 3, "one", []string{"A"}},
		{4, 3, "two", []string{"A", "one"}},
		{4, 4, "two\n\n**B.** b", []string{"A", "one"}},
		{5, 4, "**B.** b", []string{"A", "one", "two"}},
		{5, 5, "**B.** b", []string{"A", "one", "two"}},
		{6, 5, "three", []string{"A", "one", "two", "**B.** b"}},
		{6, 6, "three\n\nend", []string{"A", "one", "two", "**B.** b"}},
	} {
		got := tell(l, c.made, c.at)
		if got.now != c.now || !slices.Equal(got.earlier, c.earlier) {
			t.Errorf("%d made, index %d: %+v, want %q after %q", c.made, c.at, got, c.now, c.earlier)
		}
		if at := c.at == len(l.Steps); at != (got.card.Text == "much") {
			t.Errorf("%d made, index %d: the card is %+v", c.made, c.at, got.card)
		}
	}
	l.Outro = "**Take home:** much"
	l.Steps[5].Say = ""
	if got := tell(l, 6, 6); got.now != "" || len(got.earlier) != 4 || got.card.Title != "Take home" {
		t.Errorf("nothing is told before the card: %+v", got)
	}
}

// TestRunIn: a heading becomes the first words of a paragraph, and of nothing else.
func TestRunIn(t *testing.T) {
	for md, want := range map[string]string{
		"text":              "text",
		"## The cure\n\nA":  "**The cure.** A",
		"## Why?\n`write`":  "**Why?** `write`",
		"## List\n\n- item": "## List\n\n- item",
		"A\n\n## B\n\nC":    "A\n\n**B.** C",
	} {
		if got := runIn(md); got != want {
			t.Errorf("%q: got %q, want %q", md, got, want)
		}
	}
}
