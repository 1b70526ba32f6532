package tui

// Breakpoints, in cells. Below the smallest size the screen is one sentence; from
// the others on there is room for more.
const (
	minWidth  = 60
	minHeight = 16

	lowHeight   = 20 // a second line in the boxes
	fullHeight  = 24 // the smallest full screen
	roomyHeight = 28 // a third line in the boxes, more of the story
	tallHeight  = 40

	wideWidth = 144 // the story and the list of steps stand beside the ladder
	sideMin   = 46
	sideMax   = 62
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
	paneStory
	paneWire
	paneSteps
	paneNext
	paneFooter
	paneMenu
	paneHelp
	paneSmall
	paneCount
)

// layout is where everything is.
type layout [paneCount]rect

// wide reports whether a column beside the ladder holds the story, the wire and the
// steps, each in a box of its own.
func (l *layout) wide() bool { return l[paneSteps].w > 0 }

// tooSmall reports whether there is room for one sentence only.
func (l *layout) tooSmall() bool { return l[paneSmall].w > 0 }

// rects returns the layout for a screen of w by h cells, with room for the wire
// if the lesson has one. The panes of a layout tile the screen: every cell belongs
// to exactly one.
func rects(w, h int, m mode, wired bool) layout {
	var l layout
	if w < minWidth || h < minHeight {
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
	case modeMenu:
		l[paneMenu] = body
	case modeHelp, modeSettings:
		l[paneHelp] = body
	case modeLesson, modeLine, modeActs:
		l.lesson(body, h, wired)
	}
	return l
}

// lesson lays out what is between title and footer; h is the height of the screen.
func (l *layout) lesson(body rect, h int, wired bool) {
	next := 1
	l[paneNext] = body.bottom(next)
	body.h -= next
	if body.w >= wideWidth && h >= roomyHeight {
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
		l.column(rect{body.x + body.w - side, body.y, side, body.h}, wired)
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
		// │ next                      │
		// └───────────────────────────┘
		l[paneStory] = body.bottom(storyRows(h))
		body.h -= l[paneStory].h
		if wired {
			l[paneWire] = body.bottom(wireRows(h))
			body.h -= l[paneWire].h
		}
	}
	boxes := boxRows(h)
	half := body.w / 2
	l[paneClient] = rect{body.x, body.y, half, boxes}
	l[paneServer] = rect{body.x + half, body.y, body.w - half, boxes}
	l[paneLadder] = rect{body.x, body.y + boxes, body.w, body.h - boxes}
}

// column lays out the column of a wide screen: the story above, then the wire if there
// is one, the steps below.
func (l *layout) column(side rect, wired bool) {
	wire := 0
	if wired {
		wire = columnWireRows(side.h)
	}
	story := (side.h - wire) * 3 / 5
	l[paneStory] = rect{side.x, side.y, side.w, story}
	if wired {
		l[paneWire] = rect{side.x, side.y + story, side.w, wire}
	}
	l[paneSteps] = side.bottom(side.h - story - wire)
}

// boxRows returns the height of an endpoint's box, its border included.
func boxRows(h int) int {
	switch {
	case h < lowHeight:
		return 3
	case h < roomyHeight:
		return 4
	}
	return 5
}

// storyRows returns the height of the story when it stands below the ladder.
func storyRows(h int) int {
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
