package tui

import (
	"fmt"
	"strconv"
	"strings"

	"finwait/sim/text"
)

// questionPane has what is asked before a step: while the question is open its answers, and once
// the step has settled which was right, and why. At the end of a lesson it has the score.
type questionPane struct{}

func (v questionPane) render(p *picture, s size) string {
	f := frame{p, s}
	if p.layout.wide() {
		return f.paint(f.boxed(text.In(text.RoleTitle, p.words.Predict.Heading), v.lines(f, s.w-4, s.h-2), text.RoleFaint))
	}
	lines := v.lines(f, s.w-2, s.h)
	for i, l := range lines {
		lines[i] = append(text.Line{{Text: " "}}, l...)
	}
	return f.paint(lines)
}

// inView returns the text that is shown.
func (v questionPane) inView(p *picture, s size) string {
	var b strings.Builder
	for _, l := range v.lines(frame{p, s}, s.w, s.h) {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

// rows returns how many rows there are to show in a pane of w cells, at most most.
func (v questionPane) rows(p *picture, w, most int) int {
	return len(v.lines(frame{p, size{w, most}}, w, most))
}

// lines returns the lines of w cells, at most h. Where not everything fits, what is asked now
// comes before what was asked, and that before the score.
func (v questionPane) lines(f frame, w, h int) []text.Line {
	brief := f.quiz.brief && f.position.over
	forms := [][]text.Line{
		v.join(v.results(f, w, !brief), v.pending(f, w), v.score(f, w, !brief)),
		v.join(v.results(f, w, false), v.pending(f, w), v.score(f, w, true)),
		v.join(v.results(f, w, false), v.pending(f, w), v.score(f, w, false)),
		v.join(v.pending(f, w), v.score(f, w, false)),
	}
	for _, lines := range forms {
		if len(lines) <= h {
			return lines
		}
	}
	last := forms[len(forms)-1]
	return last[max(0, len(last)-max(0, h)):]
}

// join puts parts one below the other.
func (questionPane) join(parts ...[]text.Line) (all []text.Line) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// results returns what became of the questions about the step that was made last. In full the
// question stands above.
func (v questionPane) results(f frame, w int, full bool) (lines []text.Line) {
	for _, a := range f.quiz.made {
		if full {
			lines = append(lines, v.question(f, a, w)...)
		}
		if !a.settledIn(f.fold.k) {
			lines = append(lines, v.given(f, a).Wrap(w)...)
			continue
		}
		lines = append(lines, v.result(f, a, w)...)
	}
	return lines
}

// result returns which answer was right and which was given, each with its reason.
func (questionPane) result(f frame, a *asked, w int) (lines []text.Line) {
	g, words := f.style.glyph, &f.words.Predict
	because := func(sign string, role text.Role, says, why string) {
		l := text.Line{{Text: sign + " ", Role: role}, {Text: f.safe(says), Role: role}}
		if why != "" {
			l = append(l, text.Span{Text: ": " + f.safe(why), Role: text.RoleNormal})
		}
		lines = append(lines, l.Wrap(w)...)
	}
	if a.given != a.right {
		one := a.answers[a.given]
		because(g.Failed, text.RoleFail, one.text, one.why)
	}
	switch {
	case a.right < 0 && a.truth == "":
		because(g.Dot, text.RoleNormal, words.SomeOther, "")
	case a.right < 0:
		because(g.Dot, text.RoleNormal, a.truth, "")
	case a.given == a.right:
		because(g.Held, text.RoleOK, a.answers[a.right].text, a.answers[a.right].why)
	default:
		because(g.Held, text.RoleStrong, a.answers[a.right].text, a.answers[a.right].why)
	}
	return lines
}

// pending returns what is asked about the next step, and what was answered.
func (v questionPane) pending(f frame, w int) (lines []text.Line) {
	for _, a := range f.quiz.next {
		lines = append(lines, v.question(f, a, w)...)
		lines = append(lines, v.given(f, a).Wrap(w)...)
	}
	if a := f.quiz.open; a != nil {
		lines = append(lines, v.question(f, a, w)...)
		lines = append(lines, v.offered(f, a, w)...)
	}
	return lines
}

// question returns a question; behind one that is open stands how many were answered right so
// far.
func (questionPane) question(f frame, a *asked, w int) []text.Line {
	lines := text.In(text.RoleStrong, f.safe(a.text)).Wrap(w)
	if f.quiz.of > 0 && a == f.quiz.open {
		score := text.In(text.RoleFaint, f.words.Predict.Tally(f.quiz.right, f.quiz.of))
		if last := len(lines) - 1; lines[last].Width()+2+score.Width() <= w {
			lines[last] = text.Between(lines[last], score, w, "")
		}
	}
	return lines
}

// given returns the answer that was given.
func (questionPane) given(f frame, a *asked) text.Line {
	return text.Line{
		{Text: strconv.Itoa(a.given+1) + " ", Role: text.RoleKey},
		{Text: f.safe(a.answers[a.given].text), Role: text.RoleActive},
	}
}

// offered returns the answers, each after its key: in as few rows as they fit, in columns.
func (questionPane) offered(f frame, a *asked, w int) []text.Line {
	const gap = 3
	cells := make([]text.Line, len(a.answers))
	widest := 0
	for i, one := range a.answers {
		cells[i] = text.Line{{Text: strconv.Itoa(i+1) + " ", Role: text.RoleKey}, {Text: f.safe(one.text), Role: text.RoleNormal}}
		widest = max(widest, cells[i].Width())
	}
	columns := max(1, min(len(cells), (w+gap)/(widest+gap)))
	rows := (len(cells) + columns - 1) / columns
	columns = (len(cells) + rows - 1) / rows
	var lines []text.Line
	for row := range rows {
		var l text.Line
		for column := range columns {
			i := row*columns + column
			if i >= len(cells) {
				break
			}
			if column > 0 {
				l = l.Pad(column * (widest + gap))
			}
			l = append(l, cells[i]...)
		}
		lines = append(lines, l.Cut(w, f.style.glyph.Ellipsis))
	}
	return lines
}

// score returns, at the end of the lesson, how many questions were answered right, and which steps
// are worth another look. In full each of these stands in a row of its own.
func (questionPane) score(f frame, w int, full bool) []text.Line {
	words := &f.words.Predict
	if !f.position.over || f.quiz.of == 0 || f.fold.running() {
		return nil
	}
	says := words.Score(f.quiz.right, f.quiz.of)
	if len(f.quiz.again) == 0 {
		return text.In(text.RoleStrong, says).Wrap(w)
	}
	if !full {
		var steps []string
		for _, a := range f.quiz.again {
			steps = append(steps, strconv.Itoa(a.step))
		}
		return text.Line{{Text: says + " ", Role: text.RoleStrong}, {Text: words.LookAgain(steps), Role: text.RoleNormal}}.Wrap(w)
	}
	lines := text.In(text.RoleStrong, says+" "+words.LookAgainAt).Wrap(w)
	for _, a := range f.quiz.again {
		step := f.words.Step(f.lesson.Steps[a.step-1].Step)
		l := text.Line{{Text: fmt.Sprintf("%3d ", a.step), Role: text.RoleFaint}, {Text: f.code(step), Role: text.RoleNormal}}
		if a.right >= 0 {
			l = append(l, text.Span{Text: ": " + f.safe(a.says(a.right)), Role: text.RoleNormal})
		}
		lines = append(lines, l.Cut(w, f.style.glyph.Ellipsis))
	}
	return lines
}
