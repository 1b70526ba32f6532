package tui

import "finwait/sim"

// titlePane is the first row: what is played, on what, and how far it has come.
type titlePane struct {
	frame
	status *status
}

// status is what the title says of a lesson.
type status struct {
	title      string
	lab        *sim.Lab // nil while it is not open
	step, of   int
	verdict    verdict
	failed     int
	back       bool
	moment, to int
}

// status returns what the title says of the play.
func (p *play) status(at place) status {
	l := p.player.Lesson()
	s := status{
		title: l.Title, lab: p.fold.scene.Lab, step: at.step, of: len(l.Steps),
		verdict: p.fold.verdict, failed: p.fold.failed, back: p.lookingBack(),
	}
	moment, of := p.at()
	s.moment, s.to = moment+1, of
	return s
}

// setMenu says that there is no lesson.
func (t *titlePane) setMenu() { t.status = nil }

// setLesson says what is played.
func (t *titlePane) setLesson(s status) { t.status = &s }

func (t *titlePane) render() string {
	left := line{{" " + t.words.name, toneTitle}}
	if t.status == nil {
		return t.paint([]line{left})
	}
	left = append(left, chunk{"  " + clean(t.status.title), toneText})
	return t.paint([]line{between(left, t.right(), t.w, t.style.glyph.ellipsis)})
}

// right returns the right end: the lab, then the step and how it went.
func (t *titlePane) right() line {
	s := t.status
	sep := " " + t.style.glyph.dot + " "
	var out line
	if lab := s.lab; lab != nil {
		text := clean(lab.Net) + sep + clean(string(lab.Capture))
		if lab.Private {
			text += sep + t.words.private
		}
		out = append(out, chunk{text + "  ", toneFaint})
	}
	if s.back {
		text := " " + t.style.glyph.past + " " + t.words.lookingBack(s.moment, s.to) + " "
		return append(out, chunk{text, tonePast}, chunk{text: " "})
	}
	out = append(out, chunk{t.words.step(s.step, s.of), toneText})
	switch {
	case s.failed > 0:
		out = append(out, chunk{" " + t.style.glyph.failed, toneFail})
	case s.verdict == verdictHeld:
		out = append(out, chunk{" " + t.style.glyph.held, toneOK})
	default:
		out = append(out, chunk{text: "  "})
	}
	return append(out, chunk{text: " "})
}
