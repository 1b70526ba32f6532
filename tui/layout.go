package tui

// MinWidth and MinHeight are the smallest size of a screen in cells: a smaller one is one sentence.
const (
	MinWidth  = 60
	MinHeight = 16
)

// Breakpoints, in cells: from each on there is room for more.
const (
	lowHeight   = 20 // a second line in the boxes
	fullHeight  = 24 // the smallest full screen, a third line in the boxes
	roomyHeight = 28 // a third line in the boxes beside a wire, more of the story
	tallHeight  = 40

	wideWidth   = 144 // the story and the list of steps stand beside the ladder
	largerWidth = 160 // the rows of the ladder may stand apart
	sideMin     = 46
	sideMax     = 62
)

// size is the size of an area, in cells.
type size struct{ w, h int }

// rect is an area of the screen. The zero rect is a pane that is not there.
type rect struct{ x, y, w, h int }

// size returns the size of the area.
func (r rect) size() size { return size{r.w, r.h} }

// bottom returns the lowest rows of an area.
func (r rect) bottom(rows int) rect { return rect{r.x, r.y + r.h - rows, r.w, rows} }

// paneIndex is the index of a pane in the array of panes and in the layout.
type paneIndex int

// The panes, in no order.
const (
	paneTitle paneIndex = iota
	paneClient
	paneServer
	paneLadder
	paneDiagram
	paneStory
	paneQuestion
	paneWire
	paneSteps
	paneNext
	paneFooter
	paneMenu
	panePlaces
	paneHelp
	paneCompare
	paneSmall
	paneCount
)

// layout is where everything is.
type layout [paneCount]rect

// wide reports whether a column beside the ladder holds the story, the wire and the
// steps, each in a box of its own.
func (l *layout) wide() bool { return l[paneSteps].w > 0 }

// isWide reports whether a screen of w by h cells has such a column.
func isWide(w, h int) bool { return w >= wideWidth && h >= roomyHeight }

// tooSmall reports whether there is room for one sentence only.
func (l *layout) tooSmall() bool { return l[paneSmall].w > 0 }

// content is what a lesson has to show, as far as the layout depends on it.
type content struct {
	wired  bool // there is a wire
	flight int  // rows that the wire needs for its segments, at least 1
	ladder int  // rows of the ladder
	story  int  // rows of the story where it stands below the ladder
	card   bool // a card stands at the end of the story

	hidden  Hidden // what is not shown
	diagram bool   // the state diagram is shown
	// question returns how many rows of w cells a question needs, at most most; nil for none.
	question func(w, most int) int
}

// asks returns how many rows of w cells a question needs, at most most.
func (c content) asks(w, most int) int {
	if c.question == nil || most <= 0 {
		return 0
	}
	return c.question(w, most)
}

// rects returns the layout for a screen of w by h cells, with room for what a lesson has to
// show. The panes of a layout tile the screen: every cell belongs to exactly one.
func rects(w, h int, m mode, c content) layout {
	var l layout
	if w < MinWidth || h < MinHeight {
		// ┌───────────┐
		// │ too small │
		// └───────────┘
		l[paneSmall] = rect{0, 0, w, h}
		return l
	}
	// ┌──────────────────────────────────────────────┐
	// │ title                                        │
	// ├──────────────────────────────────────────────┤
	// │ menu, help, or what a lesson has (see below) │
	// ├──────────────────────────────────────────────┤
	// │ footer                                       │
	// └──────────────────────────────────────────────┘
	l[paneTitle] = rect{0, 0, w, 1}
	l[paneFooter] = rect{0, h - 1, w, 1}
	body := rect{0, 1, w, h - 2}
	switch m {
	case modeMenu, modeSearch:
		l[paneMenu] = body
	case modePlaces:
		l[panePlaces] = body
	case modeCompare:
		l[paneNext] = body.bottom(1)
		body.h--
		l[paneCompare] = body
	case modeHelp, modeSettings, modeFinale:
		l[paneHelp] = body
	case modeLesson, modeLine, modeActs:
		l.lesson(body, h, c)
	}
	return l
}

// lesson lays out what is between title and footer; h is the height of the screen.
func (l *layout) lesson(body rect, h int, c content) {
	next := 1
	l[paneNext] = body.bottom(next)
	body.h -= next
	if c.diagram && body.w < besideWidth {
		l.diagramInstead(body, h, c)
		return
	}
	if c.diagram {
		body = l.diagramBeside(body)
	}
	boxes := c.boxRows(h, body.h)
	if isWide(body.w, h) && !c.hidden.has(HideSteps) {
		// ┌─────────────┬─────────────┬───────────┐
		// │ client      │ server      │ story     │
		// ├─────────────┴─────────────┤           │
		// │ ladder                    ├───────────┤
		// │                           │ wire      │
		// │                           ├───────────┤
		// │                           │ steps     │
		// ├───────────────────────────┴───────────┤
		// │ next                                  │
		// └───────────────────────────────────────┘
		side := min(max(body.w/3, sideMin), sideMax)
		l.column(rect{body.x + body.w - side, body.y, side, body.h}, c)
		body.w -= side
	} else {
		// ┌─────────────┬─────────────┐
		// │ client      │ server      │
		// ├─────────────┴─────────────┤
		// │ ladder                    │
		// │                           │
		// ├───────────────────────────┤
		// │ wire, if there is one     │
		// ├───────────────────────────┤
		// │ story                     │
		// ├───────────────────────────┤
		// │ question, if there is one │
		// ├───────────────────────────┤
		// │ next                      │
		// └───────────────────────────┘
		question := c.asks(body.w-2, c.mostQuestion(h, body.h-boxes))
		l[paneQuestion] = body.bottom(question)
		body.h -= question
		story, wire := c.below(h, body.h-boxes, question)
		l[paneStory] = body.bottom(story)
		body.h -= story
		if c.wired {
			l[paneWire] = body.bottom(wire)
		}
		body.h -= wire
	}
	if c.hidden.has(HideLadder) {
		boxes = body.h
	}
	l[paneLadder] = l.boxes(body, boxes)
}

// boxes lays out the boxes of the ends, of so many rows, and returns what is left below them.
func (l *layout) boxes(body rect, rows int) rect {
	half := body.w / 2
	l[paneClient] = rect{body.x, body.y, half, rows}
	l[paneServer] = rect{body.x + half, body.y, body.w - half, rows}
	return rect{body.x, body.y + rows, body.w, body.h - rows}
}

// column lays out the column of a wide screen: the story above, then the question and the wire if
// there are any, the steps below.
func (l *layout) column(side rect, c content) {
	const border = 2
	wire, question := 0, 0
	if c.wired {
		wire = columnWireRows(side.h)
	}
	if n := c.asks(side.w-4, side.h/2-border); n > 0 {
		question = n + border
	}
	story := (side.h - wire - question) * 3 / 5
	if c.hidden.has(HideStory) {
		story = 0
	}
	l[paneStory] = rect{side.x, side.y, side.w, story}
	if question > 0 {
		l[paneQuestion] = rect{side.x, side.y + story, side.w, question}
	}
	if c.wired {
		l[paneWire] = rect{side.x, side.y + story + question, side.w, wire}
	}
	l[paneSteps] = side.bottom(side.h - story - question - wire)
}

// boxRows returns the height of an endpoint's box, its border included. It is the same throughout a
// lesson. A wire takes the third line where there is no more room.
func boxRows(h int, wired bool) int {
	switch {
	case h < lowHeight:
		return 3
	case h < fullHeight, h < roomyHeight && wired:
		return 4
	}
	return 5
}

// boxRows returns the height of an endpoint's box where room rows are there: none where the boxes are
// hidden.
func (c content) boxRows(h, room int) int {
	if c.hidden.has(HideBoxes) {
		return 0
	}
	return min(boxRows(h, c.wired), room)
}

// How many rows of the ladder a question and a card leave, the rule included.
const (
	fewestRows     = 5
	fewestWithCard = 4
)

// mostQuestion returns how many rows a question may have below the ladder, on a screen of height
// h, where room rows are there for all that is not in the boxes: those of the story and a few of
// the ladder's.
func (c content) mostQuestion(h, room int) int {
	if c.wired {
		room -= wireRows(h)
	}
	return min(room-fewestRows, ownStoryRows(h)+fewestRows-2)
}

// below returns the heights of the story and of the wire where they stand below the ladder, on a
// screen of height h; the three have room rows. The story has its own rows, of which a question
// takes those that are empty, and, where they are not enough, those that the ladder and the wire do
// not need. A card is shown whole where the ladder keeps a few rows.
func (c content) below(h, room, question int) (story, wire int) {
	if c.wired {
		wire = wireRows(h)
	}
	if c.hidden.has(HideStory) {
		return 0, wire
	}
	own := ownStoryRows(h)
	if question > 0 {
		own = max(0, min(max(min(c.story, own), own-question), room-wire-fewestRows))
	}
	most := room - wire - 1 - c.ladder
	if c.card {
		most = room - wire - fewestWithCard
	}
	story = max(own, min(c.story, most))
	spare := max(0, min(wire-1-c.flight, c.story-story))
	return story + spare, wire - spare
}

// ownStoryRows returns how many rows the story has that stands below the ladder, whatever the
// ladder needs.
func ownStoryRows(h int) int {
	switch {
	case h < lowHeight:
		return 3
	case h < fullHeight:
		return 4
	case h < roomyHeight:
		return 5
	case h < tallHeight:
		return 7
	}
	return 9
}

// wireRows returns the height of the wire when it stands below the ladder, its
// rule included where it has one.
func wireRows(h int) int {
	switch {
	case h < lowHeight:
		return 1
	case h < fullHeight:
		return 3
	case h < roomyHeight:
		return 4
	case h < tallHeight:
		return 5
	}
	return 7
}

// columnWireRows returns the height of the wire in a column of that height, its border
// included.
func columnWireRows(h int) int {
	if h < tallHeight {
		return 6
	}
	return 8
}
