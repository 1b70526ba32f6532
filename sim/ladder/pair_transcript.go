package ladder

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
	"finwait/sim/way"
)

// PairTranscript is the fold of two logs into text: both ladders beside each other, step by step,
// with the first difference marked.
type PairTranscript struct {
	Names [2]string // of the sides
	Held  bool      // segments are held in both labs
	Width int       // in cells, MinPairWidth at least
	ASCII bool      // draw with ASCII alone
	Lang  *lang.Catalogue

	pair       Pair
	comparison way.Comparison
	made       [2][]sim.Step // the steps of each side, from step 1 on
}

// Apply takes one more event of a side, 0 for the left and 1 for the right.
func (t *PairTranscript) Apply(side int, e sim.Event) {
	t.pair.Apply(side, e)
	t.comparison.Held = t.Held
	t.comparison.Apply(side, e)
	if b, begins := e.Body.(sim.StepBegun); begins && e.Step == len(t.made[side])+1 {
		t.made[side] = append(t.made[side], b.Step)
	}
}

// Lines returns the text, when both logs are over, and whether they differ.
func (t *PairTranscript) Lines() (lines []string, differ bool) {
	t.comparison.End(left)
	t.comparison.End(right)
	o := PairOptions{Options: Options{ASCII: t.ASCII, Lang: t.Lang, Grow: 1}, Grows: [2]float64{1, 1}, Marked: -1}
	step, facts, differ := t.comparison.First()
	if differ {
		o.Marked = step
	}
	w := max(t.Width, MinPairWidth)
	add := func(list ...text.Line) {
		for _, l := range list {
			lines = append(lines, l.String())
		}
	}
	lines = append(lines, t.settings(o.Options)...)
	add(nil, t.pair.Titles(t.Names, w, o.Options), t.pair.Head(w, o.Options))
	for n := range t.pair.Steps() {
		if n > 0 {
			add(nil, t.heading(n, w, o.Options))
			if t.pair.rows(n) > 0 {
				add(nil)
			}
		}
		add(t.pair.Draw(t.pair.Row(n), t.pair.Row(n+1), w, o)...)
	}
	add(nil)
	words := o.words().Compare
	if !differ {
		return append(lines, "= "+words.Same(t.pair.Steps()-1)), false
	}
	lines = append(lines, o.glyphs().Differs+" "+words.Differs(step))
	for side, name := range t.Names {
		before := "  " + t.show(name) + "  "
		for _, l := range text.Wrap(t.show(words.Did(facts, side == right)), max(narrow, w-text.Cells(before))) {
			lines = append(lines, before+l)
			before = strings.Repeat(" ", text.Cells(before))
		}
	}
	return lines, true
}

// settings returns the lines that say what was played on what.
func (t *PairTranscript) settings(o Options) []string {
	var lines []string
	for side := range t.Names {
		s := t.pair.Setting(side)
		if s == nil {
			continue
		}
		said := []string{s.Title, string(s.Net), o.words().Transcript.Segments(s.Capture)}
		if s.Kernel != "" {
			said = append(said, "Linux "+s.Kernel)
		}
		if line := t.show(strings.Join(said, " "+o.glyphs().Dot+" ")); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// heading returns the step that both sides make, or those of each side.
func (t *PairTranscript) heading(n, w int, o Options) text.Line {
	g := o.glyphs()
	sign := g.Next + " "
	var steps [2]string
	for side, made := range t.made {
		if n <= len(made) {
			steps[side] = sign + g.ShowCode(text.Clean(made[n-1].String()))
		}
	}
	if steps[left] == steps[right] {
		return text.In(text.RoleNormal, text.Cut(steps[left], w, g.Ellipsis))
	}
	return t.pair.Beside(text.In(text.RoleNormal, steps[left]), text.In(text.RoleNormal, steps[right]), w, o)
}

// show returns a text from outside as it may be written.
func (t *PairTranscript) show(s string) string {
	return text.GlyphsFor(t.ASCII).Show(text.Clean(s))
}
