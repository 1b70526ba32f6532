package tui

import (
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/text"
)

// pane draws one area of the screen.
type pane interface {
	// render draws the picture in an area of the given size: exactly s.h rows of
	// exactly s.w cells, joined by line breaks. Drawing the same again gives the same.
	render(p *picture, s size) string
}

// rewinder is a pane that may have more to show than there is room for. How far it is
// scrolled is all that it remembers.
type rewinder interface {
	pane
	// rewind goes back to where the pane begins.
	rewind()
}

// scroller is a rewinder with keys to scroll it.
type scroller interface {
	rewinder
	// scroll moves by some rows, the story by pages; a negative number goes back.
	scroll(p *picture, s size, by int)
}

// newPanes returns all panes, each at its place in the layout.
func newPanes() [paneCount]pane {
	return [paneCount]pane{
		paneTitle:    titlePane{},
		paneClient:   boxPane{sim.Client},
		paneServer:   boxPane{sim.Server},
		paneLadder:   new(ladderPane),
		paneDiagram:  diagramPane{},
		paneStory:    new(storyPane),
		paneQuestion: questionPane{},
		paneWire:     new(wirePane),
		paneSteps:    stepsPane{},
		paneNext:     nextPane{},
		paneFooter:   footerPane{},
		paneMenu:     new(menuPane),
		panePlaces:   new(placesPane),
		paneHelp:     new(helpPane),
		paneCompare:  new(comparePane),
		paneSmall:    smallPane{},
	}
}

// scroll scrolls a pane that can be scrolled.
func (m *model) scroll(i paneIndex, by int) {
	if s, ok := m.panes[i].(scroller); ok {
		s.scroll(&m.picture, m.picture.layout[i].size(), by)
	}
}

// rewind scrolls panes back to where they begin.
func (m *model) rewind(which ...paneIndex) {
	for _, i := range which {
		if s, ok := m.panes[i].(rewinder); ok {
			s.rewind()
		}
	}
}

// View implements tea.Model.
func (m *model) View() tea.View {
	v := tea.NewView(m.draw())
	v.AltScreen = true
	v.WindowTitle = m.title()
	if next := m.picture.layout[paneNext]; m.mode == modeLine && next.w > 0 {
		_, x := frame{&m.picture, next.size()}.lineShown()
		v.Cursor = tea.NewCursor(next.x+x, next.y)
	}
	if menu := m.picture.layout[paneMenu]; m.mode == modeSearch && menu.w > 0 {
		x, y := frame{&m.picture, menu.size()}.searchCursor(menu.w)
		v.Cursor = tea.NewCursor(menu.x+x, menu.y+y)
	}
	return v
}

// title returns what the screen is called where it has a title.
func (m *model) title() string {
	switch {
	case m.mode == modeCompare:
		return m.words.Program + ": " + text.Clean(m.comparison.title())
	case m.play == nil:
		return m.words.Program
	}
	return m.words.Program + ": " + text.Clean(m.play.player.Lesson().Heading())
}

// draw returns the screen as text, exactly as wide and high as the terminal.
func (m *model) draw() string {
	if m.w <= 0 || m.h <= 0 {
		return ""
	}
	l := &m.picture.layout
	return tile(l, m.w, m.h, func(i paneIndex) string { return m.panes[i].render(&m.picture, l[i].size()) })
}

// tile puts the panes of a layout together, row by row.
func tile(l *layout, w, h int, render func(paneIndex) string) string {
	type piece struct {
		rect
		lines []string
	}
	var pieces []piece
	for i := range paneCount {
		if r := l[i]; r.w > 0 && r.h > 0 {
			pieces = append(pieces, piece{r, strings.Split(render(i), "\n")})
		}
	}
	sort.Slice(pieces, func(i, j int) bool { return pieces[i].x < pieces[j].x })
	var b strings.Builder
	b.Grow(w * h * 3)
	for y := range h {
		if y > 0 {
			b.WriteByte('\n')
		}
		for _, p := range pieces {
			if y >= p.y && y < p.y+p.h {
				b.WriteString(p.lines[y-p.y])
			}
		}
	}
	return b.String()
}

// frame is what a pane draws in while it renders: the picture and the pane's size.
type frame struct {
	*picture
	size
}

// paint draws the pane's lines in its size.
func (f frame) paint(lines []text.Line) string { return f.style.paint(lines, f.w, f.h) }

// safe returns text from outside as one line that can be drawn.
func (f frame) safe(s string) string { return f.style.glyph.Show(text.Clean(s)) }

// code returns a call or a step as it may be drawn, without loss.
func (f frame) code(s string) string { return f.style.glyph.ShowCode(text.Clean(s)) }

// boxed returns lines in a box of the pane's size, with a title in its border.
func (f frame) boxed(title text.Line, lines []text.Line, edge text.Role) []text.Line {
	g := f.style.glyph
	top := append(text.In(edge, g.TopLeft+" "), title...)
	top = append(top.Cut(f.w-2, g.Ellipsis), text.Span{Text: " ", Role: edge})
	top = append(top, text.Span{Text: strings.Repeat(g.Horizontal, max(0, f.w-1-top.Width())) + g.TopRight, Role: edge})
	out := []text.Line{top}
	room := f.w - 4
	for y := range f.h - 2 {
		row := text.In(edge, g.Vertical+" ")
		if y < len(lines) {
			row = append(row, lines[y].Cut(room, g.Ellipsis)...)
		}
		out = append(out, append(row.Pad(f.w-2), text.Span{Text: " " + g.Vertical, Role: edge}))
	}
	return append(out, text.In(edge, g.BottomLeft+strings.Repeat(g.Horizontal, max(0, f.w-2))+g.BottomRight))
}

// smallPane is the whole screen when there is room for one sentence only.
type smallPane struct{}

func (smallPane) render(p *picture, s size) string {
	f := frame{p, s}
	return f.paint(text.In(text.RoleNormal, f.safe(p.words.TooSmall(MinWidth, MinHeight, s.w, s.h))).Wrap(s.w))
}
