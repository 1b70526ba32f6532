package tui

import (
	"finwait/sim"
	"finwait/sim/lesson"
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
	lab        *sim.Lab // nil while it is not open
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
		title: l.Title, lab: p.fold.scene.Lab, step: at.step, of: len(l.Steps),
		verdict: p.fold.verdicts[at.step], failed: p.fold.failed, back: p.lookingBack(),
		flight: len(p.fold.scene.Flight), cut: p.fold.scene.Cut, auto: byItself(p.fold.scene),
	}
	s.wired = l.Net == lesson.NetWire || s.lab != nil && s.lab.Net == lesson.NetWire
	moment, of := p.at()
	s.moment, s.to = moment+1, of
	return s
}

// setMenu says that there is no lesson, and whether the lessons are played on the model.
func (t *titlePane) setMenu(model bool) { t.status, t.model = nil, model }

// setLesson says what is played.
func (t *titlePane) setLesson(s status) { t.status = &s }

func (t *titlePane) render() string {
	left := line{{" " + t.words.name, toneTitle}}
	if t.status == nil {
		var right line
		if t.model {
			right = say(toneWarn, t.words.onModel+" ")
		}
		return t.paint([]line{between(left, right, t.w, t.style.glyph.ellipsis)})
	}
	left = append(left, chunk{"  " + t.safe(t.status.title), toneText})
	right := append(t.lab(), t.progress()...)
	if min(left.width(), titleWidth)+right.width() >= t.w {
		right = t.progress()
	}
	return t.paint([]line{between(left, right, t.w, t.style.glyph.ellipsis)})
}

// lab returns what the lesson is played on.
func (t *titlePane) lab() line {
	lab := t.status.lab
	if lab == nil {
		return nil
	}
	sep := " " + t.style.glyph.dot + " "
	text := t.safe(lab.Net) + sep + t.safe(string(lab.Capture))
	switch {
	case t.status.wired && t.status.cut:
		text += sep + t.words.cut
	case t.status.wired && t.status.auto:
		text += sep + t.words.byItself
	case t.status.wired:
		text += sep + t.words.inFlight(t.status.flight)
	case lab.Private:
		text += sep + t.words.private
	}
	return say(toneFaint, text+"  ")
}

// progress returns how far the lesson has come, and how it went.
func (t *titlePane) progress() line {
	s, g := t.status, t.style.glyph
	if s.back {
		text := " " + g.past + " " + t.words.lookingBack(s.moment, s.to) + " "
		return line{{text, tonePast}, {text: " "}}
	}
	out := say(toneText, t.words.step(s.step, s.of))
	switch {
	case s.failed > 0:
		out = append(out, chunk{" " + g.failed, toneFail})
	case s.verdict == verdictHeld:
		out = append(out, chunk{" " + g.held, toneOK})
	default:
		out = append(out, chunk{text: "  "})
	}
	return append(out, chunk{text: " "})
}
