package tui

import "finwait/sim/diagram"

// The diagram stands beside the ladder from a width on; it is larger from another.
const (
	besideWidth      = 140
	largeBesideWidth = 160
)

// The rows of the diagram where it stands in place of the ladder, with the rule below it: with
// one line of what was walked, and with three.
const (
	diagramRows      = 15
	roomyDiagramRows = 18
	halfDiagramRows  = 9 // what a question leaves of it at least
)

// besideDiagram returns how many of w columns the diagram leaves where it stands beside the
// ladder; all where it does not.
func besideDiagram(w int) int {
	switch {
	case w >= largeBesideWidth:
		return w - diagram.LargeWidth
	case w >= besideWidth:
		return w - diagram.SmallWidth
	}
	return w
}

// diagramBeside lays out the diagram on the right and returns what is left.
func (l *layout) diagramBeside(body rect) rect {
	// ┌───────────────────────────┬───────────┐
	// │ the rest of the lesson    │ diagram   │
	// ├───────────────────────────┴───────────┤
	// │ next                                  │
	// └───────────────────────────────────────┘
	rest := besideDiagram(body.w)
	l[paneDiagram] = rect{body.x + rest, body.y, body.w - rest, body.h}
	body.w = rest
	return body
}

// diagramInstead lays out a lesson with the diagram in place of the ladder. The story has the
// rows that are left.
func (l *layout) diagramInstead(body rect, h int, c content) {
	// ┌─────────────┬─────────────┐
	// │ client      │ server      │
	// ├─────────────┴─────────────┤
	// │ diagram                   │
	// │                           │
	// ├───────────────────────────┤
	// │ wire, if there is one     │
	// ├───────────────────────────┤
	// │ story, if there is room   │
	// ├───────────────────────────┤
	// │ question, if there is one │
	// ├───────────────────────────┤
	// │ next                      │
	// └───────────────────────────┘
	body = l.boxes(body, c.boxRows(h, body.h))
	wire := 0
	if c.wired {
		wire = min(wireRows(h), max(1, body.h-diagramRows))
	}
	question := c.asks(body.w-2, body.h-wire-diagramRows)
	if question == 0 {
		question = c.asks(body.w-2, body.h-wire-halfDiagramRows)
	}
	l[paneQuestion] = body.bottom(question)
	body.h -= question
	if story := min(max(ownStoryRows(h), c.story), body.h-wire-roomyDiagramRows); story > 2 && !c.hidden.has(HideStory) {
		l[paneStory] = body.bottom(story)
		body.h -= story
	}
	if c.wired {
		l[paneWire] = body.bottom(wire)
		body.h -= wire
	}
	l[paneDiagram] = body
}
