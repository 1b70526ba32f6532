package tui

import (
	"finwait/sim"
	"finwait/sim/text"
)

// titlePane is the first row: what is played, on what, and how far it has come.
type titlePane struct {
	frame
	status *status
	model  bool // of the menu: the lessons are played on the model
}

// titleWidth is how much of the left end is shown before the right end gives up
// the lab.
const titleWidth = 34

// status is what the title says of a lesson.
type status struct {
	title      string
	lab        *sim.Setting // nil while it is not open
	step, of   int
	verdict    verdict
	failed     int
	back       bool
	moment, to int
	wired      bool // there is a wire
	flight     int  // segments on it
	auto       bool // it delivers by itself
	cut        bool // the cable
}

// status returns what the title says of the play.
func (p *play) status(at place) status {
	l := p.player.Lesson()
	s := status{
		title: l.Title, lab: p.fold.scene.Setting, step: at.step, of: len(l.Steps),
		verdict: p.fold.verdicts[at.step], failed: p.fold.failed, back: p.lookingBack(),
		flight: len(p.fold.scene.Flight), cut: p.fold.scene.Cut, auto: byItself(p.fold.scene),
	}
	s.wired = l.Net == sim.Wire || s.lab != nil && s.lab.Net == sim.Wire
	moment, of := p.at()
	s.moment, s.to = moment+1, of
	return s
}

// setMenu says that there is no lesson, and whether the lessons are played on the model.
func (t *titlePane) setMenu(model bool) { t.status, t.model = nil, model }

// setLesson says what is played.
func (t *titlePane) setLesson(s status) { t.status = &s }

func (t *titlePane) render() string {
	left := text.Line{{Text: " " + t.words.name, Role: text.RoleTitle}}
	if t.status == nil {
		var right text.Line
		if t.model {
			right = text.In(text.RoleWarn, t.words.onModel+" ")
		}
		return t.paint([]text.Line{text.Between(left, right, t.w, t.style.glyph.Ellipsis)})
	}
	left = append(left, text.Span{Text: "  " + t.safe(t.status.title), Role: text.RoleNormal})
	right := append(t.lab(), t.progress()...)
	if min(left.Width(), titleWidth)+right.Width() >= t.w {
		right = t.progress()
	}
	return t.paint([]text.Line{text.Between(left, right, t.w, t.style.glyph.Ellipsis)})
}

// lab returns what the lesson is played on.
func (t *titlePane) lab() text.Line {
	lab := t.status.lab
	if lab == nil {
		return nil
	}
	sep := " " + t.style.glyph.Dot + " "
	setting := t.safe(string(lab.Net)) + sep + t.safe(string(lab.Capture))
	switch {
	case t.status.wired && t.status.cut:
		setting += sep + t.words.cut
	case t.status.wired && t.status.auto:
		setting += sep + t.words.byItself
	case t.status.wired:
		setting += sep + t.words.inFlight(t.status.flight)
	case lab.Private:
		setting += sep + t.words.private
	}
	return text.In(text.RoleFaint, setting+"  ")
}

// progress returns how far the lesson has come, and how it went.
func (t *titlePane) progress() text.Line {
	s, g := t.status, t.style.glyph
	if s.back {
		back := " " + g.Past + " " + t.words.lookingBack(s.moment, s.to) + " "
		return text.Line{{Text: back, Role: text.RolePast}, {Text: " "}}
	}
	out := text.In(text.RoleNormal, t.words.step(s.step, s.of))
	switch {
	case s.failed > 0:
		out = append(out, text.Span{Text: " " + g.Failed, Role: text.RoleFail})
	case s.verdict == verdictHeld:
		out = append(out, text.Span{Text: " " + g.Held, Role: text.RoleOK})
	default:
		out = append(out, text.Span{Text: "  "})
	}
	return append(out, text.Span{Text: " "})
}
