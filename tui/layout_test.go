package tui

import "testing"

// TestLayoutTiles: every cell belongs to exactly one pane, at every size.
func TestLayoutTiles(t *testing.T) {
	for _, m := range []mode{modeMenu, modeLesson, modeHelp, modeSettings, modeCompare} {
		for w := 1; w <= 240; w += 1 + w/40 {
			for h := 1; h <= 80; h++ {
				for _, c := range []content{{}, {ladder: 4, story: 30}, {ladder: 99, story: 12, card: true}} {
					tiles(t, w, h, m, c)
					c.diagram = true
					tiles(t, w, h, m, c)
					c.wired, c.flight = true, 1
					tiles(t, w, h, m, c)
					c.diagram = false
					tiles(t, w, h, m, c)
					for _, c.hidden = range append(hiddenViews, HideSteps, HideBoxes) {
						tiles(t, w, h, m, c)
					}
				}
			}
		}
	}
}

// tiles fails the test unless the panes lie inside the screen, do not overlap, and have as many
// cells as the screen.
func tiles(t *testing.T, w, h int, m mode, c content) {
	t.Helper()
	cells := 0
	panes := rects(w, h, m, c)
	for p, r := range panes {
		if r.w < 0 || r.h < 0 || r.x < 0 || r.y < 0 || r.x+r.w > w || r.y+r.h > h {
			t.Fatalf("%v %d×%d: pane %d lies outside: %+v", m, w, h, p, r)
		}
		cells += r.w * r.h
		for q, o := range panes[:p] {
			if min(r.x+r.w, o.x+o.w) > max(r.x, o.x) && min(r.y+r.h, o.y+o.h) > max(r.y, o.y) {
				t.Fatalf("%v %d×%d: panes %d and %d overlap: %+v and %+v", m, w, h, q, p, o, r)
			}
		}
	}
	if cells != w*h {
		t.Fatalf("%v %d×%d: the panes have %d cells", m, w, h, cells)
	}
}

// TestLayoutRoom: the sizes that matter have the room they promise.
func TestLayoutRoom(t *testing.T) {
	for _, c := range []struct {
		w, h               int
		box, ladder, story int // rows, without the rule of the ladder
		small, side        bool
		wired              bool
		wire               int // rows for segments
	}{
		{w: 59, h: 16, small: true},
		{w: 60, h: 15, small: true},
		{w: 60, h: 16, box: 1, ladder: 6, story: 3},
		{w: 80, h: 20, box: 2, ladder: 8, story: 4},
		{w: 80, h: 24, box: 3, ladder: 10, story: 5},
		{w: 100, h: 30, box: 3, ladder: 14, story: 7},
		{w: 160, h: 24, box: 3, ladder: 10, story: 5},
		{w: 160, h: 50, box: 3, ladder: 41, story: 28, side: true},
		{w: 60, h: 16, box: 1, ladder: 5, story: 3, wired: true, wire: 1},
		{w: 80, h: 20, box: 2, ladder: 5, story: 4, wired: true, wire: 2},
		{w: 80, h: 24, box: 2, ladder: 7, story: 5, wired: true, wire: 3},
		{w: 100, h: 30, box: 3, ladder: 9, story: 7, wired: true, wire: 4},
		{w: 160, h: 24, box: 2, ladder: 7, story: 5, wired: true, wire: 3},
		{w: 160, h: 28, box: 3, ladder: 19, story: 11, side: true, wired: true, wire: 4},
		{w: 160, h: 50, box: 3, ladder: 41, story: 23, side: true, wired: true, wire: 6},
	} {
		l := rects(c.w, c.h, modeLesson, content{wired: c.wired, flight: 1, ladder: 99})
		if small := l.tooSmall(); small != c.small {
			t.Errorf("%d×%d: too small: %v", c.w, c.h, small)
		}
		if c.small {
			continue
		}
		got := [...]int{l[paneClient].h - 2, l[paneLadder].h - 1, l[paneStory].h}
		if want := [...]int{c.box, c.ladder, c.story}; got != want {
			t.Errorf("%d×%d: box, ladder and story have %v rows, want %v", c.w, c.h, got, want)
		}
		if rows := wireRowsIn(l[paneWire].size(), l.wide()); c.wired && rows != c.wire {
			t.Errorf("%d×%d: %d rows for the wire, want %d", c.w, c.h, rows, c.wire)
		}
		if side := l.wide(); side != c.side {
			t.Errorf("%d×%d: list of steps: %v", c.w, c.h, side)
		}
	}
}

// TestStoryRoom: a story that needs more rows than its own takes those that the ladder and the
// wire do not need, and no others. For a card the ladder keeps a few rows only.
func TestStoryRoom(t *testing.T) {
	for _, c := range []struct {
		content             content
		ladder, wire, story int // rows at 80×24, the rules included
	}{
		{content{ladder: 5, story: 3}, 11, 0, 5},
		{content{ladder: 5, story: 7}, 9, 0, 7},
		{content{ladder: 5, story: 30}, 6, 0, 10},
		{content{ladder: 30, story: 30}, 11, 0, 5},
		{content{ladder: 30, story: 8, card: true}, 8, 0, 8},
		{content{ladder: 30, story: 30, card: true}, 4, 0, 12},
		{content{wired: true, flight: 1, ladder: 5, story: 5}, 8, 4, 5},
		{content{wired: true, flight: 1, ladder: 5, story: 8}, 6, 3, 8},
		{content{wired: true, flight: 9, ladder: 30, story: 8}, 8, 4, 5},
		{content{wired: true, flight: 2, ladder: 30, story: 8}, 8, 3, 6},
	} {
		l := rects(80, 24, modeLesson, c.content)
		if l[paneLadder].h != c.ladder || l[paneWire].h != c.wire || l[paneStory].h != c.story {
			t.Errorf("%+v: ladder, wire and story have %d, %d, %d rows, want %d, %d, %d", c.content,
				l[paneLadder].h, l[paneWire].h, l[paneStory].h, c.ladder, c.wire, c.story)
		}
	}
}
