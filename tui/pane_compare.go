package tui

import (
	"slices"

	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/text"
)

// besideFrom is the smallest width with both ladders beside each other; below it one is shown.
const besideFrom = 96

// sayRows are the rows below the ladders that say what differs.
const sayRows = 2

// compareView is two plays as the panes draw them.
type compareView struct {
	pair    *ladder.Pair
	title   string
	names   [2]string
	shown   int // the side that is drawn where there is room for one
	made    [2]int
	steps   [2]int // how many steps the lessons have
	next    [2]*sim.Step
	busy    bool // a side is not ready for a step
	running int  // the side that still runs its step for so long that it is said, below 0 for none
	ignored bool
	over    bool // no side has a next step
	past    bool
	grows   [2]float64
	same    int       // how many steps were compared and are the same
	marked  int       // the step in which the sides differ, below 0 for none so far
	did     [2]string // what each did in it
	trouble [2]string // why a side has no lab
}

// view returns the comparison as it is to be drawn.
func (c *comparison) view(m *model) *compareView {
	c.fold()
	v := &compareView{
		pair: c.pair, shown: c.shown, running: -1, past: c.at != newest, marked: -1, over: true,
		title: c.title(), names: [2]string{c.sides[0].Name, c.sides[1].Name},
	}
	for i, side := range c.plays {
		p := side.play
		v.made[i], v.steps[i], v.grows[i] = c.stepOf(i), len(p.player.Lesson().Steps), p.growth()
		if v.past {
			v.grows[i] = 1
		}
		v.next[i] = c.next(i)
		busy := p.player.Busy() || !p.opened
		if busy && p.slow {
			v.running = i
		}
		v.over = v.over && (p.player.Done() || p.opened && p.lab == nil)
		for _, r := range p.remarks(m.words) {
			if p.opened && p.lab == nil {
				v.trouble[i] = r.text
			}
		}
	}
	v.same = min(c.judge.Same(), c.step())
	v.busy = c.busy() >= 0
	c.ignored = c.ignored && v.busy
	v.ignored = c.ignored
	if step, facts, differ := c.judge.First(); differ && step <= c.step() {
		v.marked = step
		v.did = [2]string{m.words.Compare.Did(facts, false), m.words.Compare.Did(facts, true)}
	}
	return v
}

// next returns the step of a side that runs, or is to be made; nil for none, and during the set-up.
func (c *comparison) next(side int) *sim.Step {
	p := c.plays[side].play
	steps, at := p.player.Lesson().Steps, c.stepOf(side)
	if c.at == newest {
		n, _, more := p.player.Next()
		if at = n - 1; !more {
			at = len(steps)
		}
		if p.player.Busy() {
			at--
		}
	}
	if at < 0 || at >= len(steps) {
		return nil
	}
	return &steps[at].Step
}

// comparePane is two ladders beside each other, or one of them with the name of the other; below
// them what differs.
type comparePane struct{ tail }

func (c *comparePane) rewind() { c.end = 0 }

func (c *comparePane) scroll(p *picture, s size, by int) {
	c.move(by, p.compare.pair.Len(), compareRows(s))
}

// compareRows returns how many rows of the ladders fit: above them are the names, below a rule and
// what is said.
func compareRows(s size) int { return max(0, s.h-2-1-sayRows) }

func (c *comparePane) render(p *picture, s size) string {
	f := frame{p, s}
	v, rows := p.compare, compareRows(s)
	to := c.last(v.pair.Len(), rows)
	from := max(0, to-rows)
	o := ladder.PairOptions{Options: ladder.Options{Lang: p.words, ASCII: p.style.glyph.ASCII, Grow: 1}, Grows: v.grows, Marked: v.marked}
	var lines []text.Line
	if s.w >= besideFrom {
		lines = append([]text.Line{v.pair.Titles(v.names, s.w, o.Options), v.pair.Head(s.w, o.Options)}, v.pair.Draw(from, to, s.w, o)...)
	} else {
		lines = append([]text.Line{f.shownTitle(), v.pair.HeadSide(v.shown, s.w, o.Options)}, v.pair.DrawSide(v.shown, from, to, s.w, o)...)
	}
	for len(lines) < rows+2 {
		lines = append(lines, nil)
	}
	lines = append(lines[:rows+2:rows+2], f.compareRule(from, v.pair.Len()-to))
	return f.paint(append(lines, f.differences(o.Options)...))
}

// shownTitle returns the rule with the name of the side that is shown, and at its right that of the
// other, with where it is and the key that shows it.
func (f frame) shownTitle() text.Line {
	v, g := f.compare, f.style.glyph
	other := 1 - v.shown
	l := text.Line{{Text: g.Horizontal + g.Horizontal, Role: text.RoleFaint}, {Text: " " + f.safe(v.names[v.shown]) + " ", Role: text.RoleTitle}}
	says := text.Line{
		{Text: " " + f.keys.compare.other.Help().Key, Role: text.RoleKey},
		{Text: " " + f.safe(f.words.Compare.Other(v.names[other], v.made[other])) + " ", Role: text.RoleNormal},
		{Text: g.Horizontal, Role: text.RoleFaint},
	}
	return f.ruled(l, says)
}

// ruled returns what stands at the two ends of a rule.
func (f frame) ruled(l, r text.Line) text.Line {
	g := f.style.glyph
	l = l.Cut(max(0, f.w-r.Width()), g.Ellipsis)
	for l.Width()+r.Width() < f.w {
		l = append(l, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
	}
	return append(l, r...)
}

// compareRule returns the rule below the ladders: whether the sides differ, and how many rows are
// above and below the view.
func (f frame) compareRule(above, below int) text.Line {
	g, v, w := f.style.glyph, f.compare, f.words.Compare
	role, said := text.RoleNormal, w.SameSoFar(v.same)
	switch {
	case v.trouble != [2]string{}, v.same == 0 && v.marked < 0:
		return f.ruled(nil, f.outOfView(above, below))
	case v.marked >= 0:
		role, said = text.RoleDiffers, g.Differs+" "+w.Differs(v.marked)
	case v.over && !v.past:
		role, said = text.RoleOK, "= "+w.Same(max(v.made[0], v.made[1]))
	}
	return f.ruled(text.Line{{Text: g.Horizontal, Role: text.RoleFaint}, {Text: " " + f.safe(said) + " ", Role: role}}, f.outOfView(above, below))
}

// differences returns what each side did in the step in which they differ, below its ladder; where
// only one is shown, each on a row of its own. Why a side has no lab comes first.
func (f frame) differences(o ladder.Options) []text.Line {
	v := f.compare
	var said [2]text.Line
	for i, name := range v.names {
		role, says := text.RoleNormal, v.did[i]
		if v.trouble[i] != "" {
			role, says = text.RoleFail, v.trouble[i]
		}
		if says == "" {
			continue
		}
		said[i] = text.In(role, f.safe(says))
		if f.w < besideFrom {
			said[i] = append(text.Line{{Text: f.safe(name) + "  ", Role: text.RoleTitle}}, said[i]...)
		}
	}
	if f.w < besideFrom {
		var lines []text.Line
		for _, l := range said {
			lines = append(lines, append(text.Line{{Text: " "}}, l...).Cut(f.w, f.style.glyph.Ellipsis))
		}
		return lines
	}
	half := f.w/2 - 4
	left, right := said[0].Wrap(half), said[1].Wrap(half)
	var lines []text.Line
	for i := range sayRows {
		lines = append(lines, v.pair.Beside(indented(left, i), indented(right, i), f.w, o))
	}
	return lines
}

// indented returns a line of a paragraph, nil after the last.
func indented(lines []text.Line, i int) text.Line {
	if i >= len(lines) {
		return nil
	}
	return append(text.Line{{Text: " "}}, lines[i]...)
}

// progress returns what the title says of two plays: on what they are played, and which step is shown.
func (v *compareView) progress(f frame) text.Line {
	g := f.style.glyph
	var labs []string
	for side := range v.names {
		if f.w < besideFrom && side != v.shown {
			continue
		}
		if s := v.pair.Setting(side); s != nil {
			if name := f.safe(string(s.Net)) + " " + g.Dot + " " + f.safe(string(s.Capture)); !slices.Contains(labs, name) {
				labs = append(labs, name)
			}
		}
	}
	var l text.Line
	for i, lab := range labs {
		if i > 0 {
			l = append(l, text.Span{Text: " / ", Role: text.RoleFaint})
		}
		l = append(l, text.Span{Text: lab, Role: text.RoleFaint})
	}
	step, of := max(v.made[0], v.made[1]), max(v.steps[0], v.steps[1])
	if f.w < besideFrom {
		step, of = v.made[v.shown], v.steps[v.shown]
	}
	if v.past {
		return append(l, text.Span{Text: "  "}, text.Span{Text: " " + g.Past + " " + f.words.Progress(step, of) + " ", Role: text.RolePast}, text.Span{Text: " "})
	}
	return append(l, text.Span{Text: "  " + f.words.Progress(step, of) + "  "})
}

// nextSteps returns the row of the next step: that of both sides, or that of each.
func (f frame) nextSteps() text.Line {
	v, g := f.compare, f.style.glyph
	sign, role := text.Span{Text: g.Next + " ", Role: text.RoleActive}, text.RoleActive
	switch {
	case v.running >= 0 || v.ignored:
		name := v.names[max(0, v.running)]
		return text.Line{{Text: " " + g.Running + " ", Role: text.RoleWarn}, {Text: f.safe(f.words.Compare.Wait(name)), Role: text.RoleNormal}}
	case v.past:
		sign, role = text.Span{Text: g.Past + " ", Role: text.RoleFaint}, text.RoleFaint
	case v.busy:
		sign, role = text.Span{Text: g.Running + " ", Role: text.RoleFaint}, text.RoleNormal
	case v.over:
		return text.In(text.RoleStrong, " "+f.words.Ended)
	}
	var lines [2]text.Line
	for i, step := range v.next {
		if step != nil {
			lines[i] = append(text.Line{{Text: " "}, sign}, f.step(*step, role)...)
		}
	}
	switch {
	case lines[0].String() == lines[1].String():
		return lines[0]
	case f.w >= besideFrom:
		return v.pair.Beside(lines[0], lines[1], f.w, ladder.Options{ASCII: g.ASCII})
	case lines[v.shown] == nil:
		return append(lines[1-v.shown], text.Span{Text: "  " + f.safe(v.names[1-v.shown]), Role: text.RoleTitle})
	}
	return lines[v.shown]
}
