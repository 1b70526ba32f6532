package tui

import "finwait/sim/text"

// smallPane is the whole screen when there is room for one sentence only.
type smallPane struct{ frame }

// shown reports whether the terminal is too small for anything else.
func (p *smallPane) shown() bool { return p.w > 0 }

func (p *smallPane) render() string {
	lines := text.In(text.RoleNormal, p.safe(p.words.tooSmall(p.w, p.h))).Wrap(p.w)
	return p.paint(lines)
}
