package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"

	"finwait/sim"
	"finwait/sim/text"
)

// nextPane is the row that says what the next key press does, or what is being
// waited for.
type nextPane struct {
	frame
	prompt  prompt
	again   string // key of a restart
	leave   string // key that leaves
	next    string // key of the next lesson
	another string // its name, "" for none
}

// prompt is where a play stands, as far as the next key press is concerned.
type prompt struct {
	phase   phase
	step    string      // the step to be made, or that runs
	setUp   bool        // that runs is not one of the lesson's own
	elapsed sim.Seconds // of a step that is slow
	limit   sim.Seconds // how long it may take, 0 where nobody knows
	urged   bool        // a key was pressed although a step runs
	failed  int
	model   sim.Agreement
}

// phase is a phase of a play.
type phase int

// The phases.
const (
	phaseOpening phase = iota
	phaseQuick         // something is being done, and not slow yet
	phaseRunning       // a step takes its time
	phaseReady
	phasePast
	phaseOver
	phaseNoLab // it did not open, or has ended
)

// prompt returns where the play stands.
func (p *play) prompt(at place) prompt {
	out := prompt{failed: p.fold.failed, model: p.fold.model, urged: p.urged}
	if at.next != nil {
		out.step = at.next.String()
	}
	busy := p.player.Busy()
	if busy {
		out.step, out.setUp = p.fold.scene.Text, at.step == 0 && !p.fold.aloof.own
		out.elapsed = sim.Seconds(p.now.Sub(p.began).Seconds())
		if step, err := sim.ParseStep(out.step); err == nil {
			out.limit = step.Limit()
		}
	}
	switch {
	case p.lookingBack():
		out.phase = phasePast
	case !p.opened && p.slow:
		out.phase = phaseOpening
	case !p.opened:
		out.phase = phaseQuick
		out.step = ""
	case p.lab == nil:
		out.phase = phaseNoLab
	case busy && (p.slow || p.urged):
		out.phase = phaseRunning
	case at.over && !busy:
		out.phase = phaseOver
	case busy:
		out.phase = phaseQuick
	default:
		out.phase = phaseReady
	}
	return out
}

// setNext says where the play stands, which keys there are, and which lesson is next.
func (p *nextPane) setNext(to prompt, keys *keyMap, another string) {
	p.prompt, p.next, p.another = to, keys.another.Help().Key, another
	p.again, p.leave = keys.restart.Help().Key, leaveKey(keys)
}

// leaveKey returns the key that leaves the lesson.
func leaveKey(keys *keyMap) string {
	for _, b := range []key.Binding{keys.leave, keys.quit} {
		if b.Enabled() {
			return b.Help().Key
		}
	}
	return keys.interrupt.Help().Key
}

func (p *nextPane) render() string {
	return p.paint([]text.Line{p.line().Cut(p.w, p.style.glyph.Ellipsis)})
}

func (p *nextPane) line() text.Line {
	g, w, s := p.style.glyph, p.words, p.prompt
	step := p.safe(s.step)
	switch s.phase {
	case phaseOpening:
		return text.Line{{Text: " " + g.Running + " ", Role: text.RoleFaint}, {Text: w.opening + g.Ellipsis, Role: text.RoleNormal}}
	case phaseQuick:
		if step == "" || s.setUp {
			return nil
		}
		return append(text.In(text.RoleFaint, " "+g.Running+" "), stepLine(step, text.RoleNormal)...)
	case phaseRunning:
		l := append(text.In(text.RoleWarn, " "+g.Running+" "), stepLine(step, text.RoleNormal)...)
		if s.setUp {
			l = append(l, text.Span{Text: "   " + w.settingUp, Role: text.RoleFaint})
		}
		if s.limit > 0 {
			t := text.RoleFaint
			if s.urged {
				t = text.RoleWarn
			}
			return append(l, text.Span{Text: "   " + w.runningOf(s.elapsed, s.limit, p.again), Role: t})
		}
		if s.urged {
			return append(l, text.Span{Text: "   " + w.waitForStep, Role: text.RoleWarn})
		}
		return append(l, text.Span{Text: "   " + w.running(s.elapsed), Role: text.RoleFaint})
	case phasePast:
		return text.Line{{Text: " " + g.Past + " ", Role: text.RoleFaint}, {Text: step, Role: text.RoleFaint}}
	case phaseOver:
		return p.over()
	case phaseNoLab:
		return text.In(text.RoleNormal, " "+w.againOrLeave(p.again, p.leave))
	}
	return append(text.In(text.RoleActive, " "+g.Next+" "), stepLine(step, text.RoleActive)...)
}

// model returns what is said at the end of a lesson of how far the model agreed, in so
// many cells if it can be said in them; nil where there is nothing to say.
func (p *nextPane) model(room int) text.Line {
	sentence := p.words.agreement(p.prompt.model)
	if text.Cells(sentence) > room {
		sentence = p.words.agreementShort(p.prompt.model)
	}
	switch {
	case sentence == "":
		return nil
	case p.prompt.model.Agreed():
		return text.In(text.RoleFaint, sentence)
	default:
		return text.In(text.RoleWarn, sentence)
	}
}

// over returns that the lesson has ended and how far the model agreed: what is wrong
// first, and what does not fit not at all.
func (p *nextPane) over() text.Line {
	end := text.In(text.RoleStrong, p.words.ended)
	if p.prompt.failed > 0 {
		end = text.In(text.RoleFail, p.words.endedBadly(p.prompt.failed))
	}
	parts := []text.Line{end}
	if model := p.model(p.w - 3 - end.Width()); model != nil {
		parts = append(parts, model)
	}
	if !p.prompt.model.Agreed() {
		slices.Reverse(parts)
	}
	l := append(text.Line{{Text: " "}}, text.Join(parts, text.Span{Text: " "}, p.w-2)...)
	if p.another == "" {
		return l
	}
	next := text.In(text.RoleActive, p.words.nextLesson(p.next, p.safe(p.another))+" ")
	if l.Width()+2+next.Width() > p.w {
		return l
	}
	return text.Between(l, next, p.w, "")
}

// stepLine returns a step, its end in the end's role.
func stepLine(step string, t text.Role) text.Line {
	at, rest, _ := strings.Cut(step, " ")
	switch sim.End(at) {
	case sim.Client:
		return text.Line{{Text: at, Role: text.RoleClient}, {Text: " " + rest, Role: t}}
	case sim.Server:
		return text.Line{{Text: at, Role: text.RoleServer}, {Text: " " + rest, Role: t}}
	}
	return text.In(t, step)
}
