package tui

import "finwait/sim/text"

import "finwait/sim/lesson"

// stepsPane is the list of the lesson's steps, on a screen that has room for it.
type stepsPane struct {
	frame
	steps    []string
	verdicts map[int]verdict // by the number of the step
	differs  map[int]bool    // the model from the kernel
	next     int             // number of the step that runs or comes next
}

// setSteps says how far the lesson has come.
func (p *stepsPane) setSteps(steps []lesson.Step, at place, f *fold) {
	if len(p.steps) != len(steps) {
		p.steps = make([]string, len(steps))
	}
	for i := range steps {
		p.steps[i] = p.safe(steps[i].String())
	}
	p.verdicts, p.differs, p.next = f.verdicts, f.differs, at.step+1
	if at.step > 0 && !f.scene.Settled && !f.aloof.own {
		p.next = at.step
	}
}

func (p *stepsPane) render() string {
	room := max(1, p.h-2)
	from := max(0, min(p.next-1-room/2, len(p.steps)-room))
	var lines []text.Line
	for i := from; i < len(p.steps) && i < from+room; i++ {
		l := p.step(i + 1)
		if p.differs[i+1] {
			sign := p.words.differsIn(p.style.glyph.Differs, "")
			l = text.Between(l, text.In(text.RoleWarn, sign), p.w-4, p.style.glyph.Ellipsis)
		}
		lines = append(lines, l)
	}
	return p.paint(p.boxed(text.In(text.RoleTitle, p.words.stepsHeading), lines, text.RoleFaint))
}

// step returns the row of step n.
func (p *stepsPane) step(n int) text.Line {
	g := p.style.glyph
	step := p.steps[n-1]
	switch {
	case n == p.next:
		return text.Line{{Text: g.Next + " ", Role: text.RoleActive}, {Text: step, Role: text.RoleActive}}
	case n > p.next:
	case p.verdicts[n] == verdictFailed:
		return text.Line{{Text: g.Failed + " ", Role: text.RoleFail}, {Text: step, Role: text.RoleNormal}}
	case p.verdicts[n] == verdictHeld:
		return text.Line{{Text: g.Held + " ", Role: text.RoleOK}, {Text: step, Role: text.RoleFaint}}
	default:
		return text.Line{{Text: g.Dot + " ", Role: text.RoleFaint}, {Text: step, Role: text.RoleFaint}}
	}
	return text.Line{{Text: "  "}, {Text: step, Role: text.RoleFaint}}
}
