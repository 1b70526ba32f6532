package tui

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// stepsPane is the list of the lesson's steps, on a wide screen.
type stepsPane struct{}

func (v stepsPane) render(p *picture, s size) string {
	f := frame{p, s}
	room, of := max(1, s.h-2), len(p.lesson.Steps)
	from := max(0, min(p.current()-1-room/2, of-room))
	var lines []text.Line
	if p.hidden.has(HideNext) {
		of = min(of, p.current()-1)
	}
	if p.quiz.open != nil { // what is to be done next may tell what the next step does
		of = min(of, p.current())
	}
	for i := from; i < of && i < from+room; i++ {
		l := v.step(f, i+1)
		for _, given := range v.answer(f, i+1) {
			if l.Width()+1+given.Width() <= s.w-4 {
				l = text.Between(l, given, s.w-4, "")
				break
			}
		}
		if p.fold.differs[i+1] {
			sign := p.words.DiffersIn(p.style.glyph.Differs, "")
			l = text.Between(l, text.In(text.RoleWarn, sign), s.w-4, p.style.glyph.Ellipsis)
		}
		lines = append(lines, l)
	}
	return f.paint(f.boxed(text.In(text.RoleTitle, p.words.StepsHeading), lines, text.RoleFaint))
}

// answer returns what was answered before step n and, in place of that, whether it was right; none
// where nothing was.
func (stepsPane) answer(f frame, n int) []text.Line {
	a := f.quiz.answered[n]
	if a == nil {
		return nil
	}
	sign, role := f.style.glyph.Failed, text.RoleFail
	if a.correct() {
		sign, role = f.style.glyph.Held, text.RoleOK
	}
	return []text.Line{text.In(role, sign+" "+f.safe(a.says(a.given))), text.In(role, sign)}
}

// step returns the row of step n.
func (stepsPane) step(f frame, n int) text.Line {
	g, current := f.style.glyph, f.current()
	step := f.code(f.words.Step(f.lesson.Steps[n-1].Step))
	switch {
	case n == current:
		return text.Line{{Text: g.Next + " ", Role: text.RoleActive}, {Text: step, Role: text.RoleActive}}
	case n > current:
	case f.fold.verdicts[n] == verdictFailed:
		return text.Line{{Text: g.Failed + " ", Role: text.RoleFail}, {Text: step, Role: text.RoleNormal}}
	case f.fold.verdicts[n] == verdictHeld:
		return text.Line{{Text: g.Held + " ", Role: text.RoleOK}, {Text: step, Role: text.RoleFaint}}
	default:
		return text.Line{{Text: g.Dot + " ", Role: text.RoleFaint}, {Text: step, Role: text.RoleFaint}}
	}
	return text.Line{{Text: "  "}, {Text: step, Role: text.RoleFaint}}
}

// nextPane is the row that says what the next key press does, or what the lesson waits for.
type nextPane struct{}

func (v nextPane) render(p *picture, s size) string {
	f := frame{p, s}
	if p.compare != nil {
		return f.paint([]text.Line{f.nextSteps().Cut(s.w, p.style.glyph.Ellipsis)})
	}
	if p.mode == modeLine {
		return f.paint([]text.Line{f.lineRow()})
	}
	if p.mode == modeActs {
		calls := append([]text.Line{text.In(f.endRole(), p.words.End(p.acting))}, keyParts(p.calls...)...)
		return f.paint([]text.Line{append(text.Line{{Text: " "}}, text.Join(calls, text.Span{Text: "  "}, s.w-2)...)})
	}
	return f.paint([]text.Line{v.line(f).Cut(s.w, p.style.glyph.Ellipsis)})
}

func (v nextPane) line(f frame) text.Line {
	g, w := f.style.glyph, f.words
	switch f.prompt.phase {
	case phaseOpening:
		return text.Line{{Text: " " + g.Running + " ", Role: text.RoleFaint}, {Text: w.Opening + g.Ellipsis, Role: text.RoleNormal}}
	case phaseQuick:
		if f.prompt.setUp {
			return nil
		}
		return v.stepAfter(f, text.Span{Text: g.Running, Role: text.RoleFaint}, text.RoleNormal)
	case phaseRunning:
		return v.running(f)
	case phasePast:
		return v.past(f)
	case phaseReturning:
		return text.Line{{Text: " " + g.Running + " ", Role: text.RoleFaint}, {Text: w.Returning(f.prompt.made, f.prompt.of), Role: text.RoleNormal}}
	case phaseOver:
		if f.lesson.Sandbox() {
			return text.In(text.RoleFaint, " "+w.SandboxNext(f.keys.own.line.Help().Key))
		}
		return v.over(f)
	case phaseNoLab:
		simulate := ""
		if f.keys.step.simulate.Enabled() {
			simulate = f.keys.step.simulate.Help().Key
		}
		return text.In(text.RoleNormal, " "+w.WithoutLab(f.keys.step.restart.Help().Key, simulate, f.keys.leaveKey()))
	}
	if f.hidden.has(HideNext) {
		return text.Line{{Text: " " + g.Next + " ", Role: text.RoleActive}, {Text: w.NextHidden, Role: text.RoleFaint}}
	}
	return v.stepAfter(f, text.Span{Text: g.Next, Role: text.RoleActive}, text.RoleActive)
}

// stepAfter returns the step after a sign, and the short form of the file at the right, where
// there is room for both.
func (nextPane) stepAfter(f frame, sign text.Span, t text.Role) text.Line {
	if f.prompt.step == nil {
		return nil
	}
	l := append(text.Line{{Text: " "}, sign, {Text: " "}}, f.step(*f.prompt.step, t)...)
	short := text.In(text.RoleFaint, f.code(f.prompt.step.String())+" ")
	if l.Width()+3+short.Width() > f.w {
		return l
	}
	return text.Between(l, short, f.w, f.style.glyph.Ellipsis)
}

// past returns the step that was next then, and what a key does from there.
func (v nextPane) past(f frame) text.Line {
	sign := text.Span{Text: f.style.glyph.Past, Role: text.RoleFaint}
	another := f.keys.own.another
	if !another.Enabled() || f.prompt.step == nil {
		return v.stepAfter(f, sign, text.RoleFaint)
	}
	l := append(text.Line{{Text: " "}, sign, {Text: " "}}, f.step(*f.prompt.step, text.RoleFaint)...)
	return text.Between(l, text.In(text.RoleNormal, f.safe(f.words.AnotherFrom(another.Help().Key, f.position.step))+" "), f.w, f.style.glyph.Ellipsis)
}

// endRole returns the role of the end that is chosen.
func (f frame) endRole() text.Role {
	if f.acting == sim.Client {
		return text.RoleClient
	}
	return text.RoleServer
}

// running returns the step that takes its time, and how much it has taken.
func (nextPane) running(f frame) text.Line {
	w, s := f.words, f.prompt
	l := append(text.In(text.RoleWarn, " "+f.style.glyph.Running+" "), f.step(*s.step, text.RoleNormal)...)
	if s.setUp {
		l = append(l, text.Span{Text: "   " + w.SettingUp, Role: text.RoleFaint})
	}
	switch {
	case s.limit > 0:
		t := text.RoleFaint
		if s.ignored {
			t = text.RoleWarn
		}
		return append(l, text.Span{Text: "   " + w.RunningOf(int(s.elapsed), span(s.limit), f.keys.step.restart.Help().Key), Role: t})
	case s.ignored:
		return append(l, text.Span{Text: "   " + w.WaitForStep, Role: text.RoleWarn})
	}
	return append(l, text.Span{Text: "   " + w.Running(int(s.elapsed)), Role: text.RoleFaint})
}

// over returns that the lesson has ended, what fell short and how far the model agreed. A
// disagreement comes before what fell short; what does not fit is left out.
func (v nextPane) over(f frame) text.Line {
	const gap = "  "
	end, used := text.In(text.RoleStrong, f.words.Ended), 0
	var rest []text.Line
	if failed := f.fold.failed; failed > 0 {
		rest = append(rest, text.In(text.RoleFail, f.words.FellShort(failed)))
		used = rest[0].Width() + len(gap)
	}
	if model := v.agreement(f, f.w-2-end.Width()-len(gap)-used); model != nil {
		rest = append(rest, model)
	}
	if !f.fold.model.Agreed() {
		slices.Reverse(rest)
	}
	parts := append([]text.Line{end}, rest...)
	l := append(text.Line{{Text: " "}}, text.Join(parts, text.Span{Text: gap}, f.w-2)...)
	then := ""
	switch {
	case f.successor != nil:
		then = f.safe(f.successor.Name)
	case f.last:
		then = f.words.Keys.WhatNow
	default:
		return l
	}
	next := text.In(text.RoleActive, f.words.NextLesson(f.keys.step.successor.Help().Key, then)+" ")
	if l.Width()+2+next.Width() > f.w {
		return l
	}
	return text.Between(l, next, f.w, "")
}

// agreement returns how far the model agreed in the lesson, in the long form if that has at
// most room cells; nil where nothing was compared.
func (nextPane) agreement(f frame, room int) text.Line {
	model := f.fold.model
	says := f.words.Agreement(model)
	if text.Cells(says) > room {
		says = f.words.AgreementShort(model)
	}
	switch {
	case says == "":
		return nil
	case model.Agreed():
		return text.In(text.RoleFaint, says)
	default:
		return text.In(text.RoleWarn, says)
	}
}

// step returns a step in words, the endpoint that it is about in the endpoint's role.
func (f frame) step(s sim.Step, t text.Role) text.Line {
	words, at := f.code(f.words.Step(s)), s.At
	if at == "" {
		at = s.From
	}
	before, after, found := strings.Cut(words, f.words.End(at))
	if at == "" || !found {
		return text.In(t, words)
	}
	role := text.RoleClient
	if at == sim.Server {
		role = text.RoleServer
	}
	return text.Line{{Text: before, Role: t}, {Text: f.words.End(at), Role: role}, {Text: after, Role: t}}
}
