package tui

import "finwait/sim/diagram"

// diagramPane is the state diagram with both ends of the connection as tokens. Where it stands in
// place of the ladder its last row is the rule that ends it.
type diagramPane struct{}

func (diagramPane) render(p *picture, s size) string {
	f := frame{p, s}
	o := diagram.Options{Lang: p.words, ASCII: p.style.glyph.ASCII, RFC: p.rfc, Conn: p.fold.focus()}
	if p.layout[paneLadder].w > 0 {
		return f.paint(p.fold.walk.Draw(s.w, s.h, o))
	}
	return f.paint(append(p.fold.walk.Draw(s.w, max(0, s.h-1), o), f.rule(0, 0)))
}
