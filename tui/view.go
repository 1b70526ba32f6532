package tui

import (
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"finwait/sim/text"
)

// frame is what every pane has: a size, and what it draws with.
type frame struct {
	style *styles
	words *words
	w, h  int
}

func (f *frame) setSize(w, h int) { f.w, f.h = w, h }

// paint draws the pane's lines in its size.
func (f *frame) paint(lines []text.Line) string { return f.style.paint(lines, f.w, f.h) }

// safe returns text from outside as one line that can be drawn.
func (f *frame) safe(s string) string { return f.style.glyph.Show(text.Clean(s)) }

// boxed returns lines in a box of the pane's size, with a title in its border.
func (f *frame) boxed(title text.Line, lines []text.Line, edge text.Role) []text.Line {
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

// View implements tea.Model.
func (m *model) View() tea.View {
	v := tea.NewView(m.draw())
	v.AltScreen = true
	v.WindowTitle = m.words.name
	if m.play != nil {
		v.WindowTitle = m.words.name + ": " + text.Clean(m.play.player.Lesson().Title)
	}
	return v
}

// draw returns the screen as text, exactly as wide and high as the terminal.
func (m *model) draw() string {
	if m.w <= 0 || m.h <= 0 {
		return ""
	}
	l := rects(m.w, m.h, m.mode, m.wired())
	return tile(l, m.w, m.h, m.render)
}

// render draws one pane.
func (m *model) render(p pane) string {
	switch p {
	case paneTitle:
		return m.title.render()
	case paneClient:
		return m.client.render()
	case paneServer:
		return m.server.render()
	case paneLadder:
		return m.ladder.render()
	case paneStory:
		return m.story.render()
	case paneWire:
		return m.wire.render()
	case paneSteps:
		return m.steps.render()
	case paneNext:
		return m.next.render()
	case paneFooter:
		return m.footer.render()
	case paneMenu:
		return m.menu.render()
	case paneHelp:
		return m.help.render()
	}
	return m.small.render()
}

// tile puts the panes of a layout together, row by row.
func tile(l layout, w, h int, render func(pane) string) string {
	type piece struct {
		rect
		lines []string
	}
	var pieces []piece
	for p := range paneCount {
		if r := l[p]; r.w > 0 && r.h > 0 {
			pieces = append(pieces, piece{r, strings.Split(render(p), "\n")})
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

// arrange gives the panes their sizes: after a resize and after a change of mode.
func (m *model) arrange() {
	l := rects(m.w, m.h, m.mode, m.wired())
	for p, size := range map[pane]interface{ setSize(w, h int) }{
		paneTitle: &m.title, paneClient: &m.client, paneServer: &m.server, paneLadder: &m.ladder,
		paneStory: &m.story, paneWire: &m.wire, paneSteps: &m.steps, paneNext: &m.next, paneFooter: &m.footer,
		paneMenu: &m.menu, paneHelp: &m.help, paneSmall: &m.small,
	} {
		size.setSize(l[p].w, l[p].h)
	}
	m.story.beside = l[paneSteps].w > 0
	m.wire.beside = m.story.beside
	m.ladder.below = ""
	if l[paneWire].w > 0 && !m.wire.beside {
		m.ladder.below = m.words.onTheWire
	}
	m.refresh()
}

// refresh hands the panes what they show. It is called when something has
// changed.
func (m *model) refresh() {
	u := m.usable()
	m.keys.enable(m.mode, u)
	m.footer.setKeys(m.keys.footer(m.mode, u))
	if m.play == nil {
		m.title.setMenu(m.simulated)
		m.help.setLab(nil)
		return
	}
	p := m.play
	l, scene := p.player.Lesson(), p.fold.scene
	at := placeOf(l, p.fold)
	m.title.setLesson(p.status(at))
	m.client.setEndpoint(m.words.client, scene.Client, addressOf(scene, scene.Client), p.clock())
	m.server.setEndpoint(m.words.server, scene.Server, addressOf(scene, scene.Server), p.clock())
	for _, box := range []*boxPane{&m.client, &m.server} {
		box.setLinger(lingers(scene.Setting))
		box.setStill(m.play.virtual())
		box.setSettled(scene.Settled)
		box.setSilent(p.fold.model.Silent != "")
		box.setSent(p.fold.sent[box.end.At].times)
	}
	m.wire.setWire(scene, p.clock(), p.lookingBack())
	m.help.setLab(scene.Setting)
	m.ladder.setRows(p.fold.ladder, p.growth())
	m.story.setStory(at.story, p.problems(m.words, m.keys.restart.Help().Key))
	m.steps.setSteps(l.Steps, at, p.fold)
	another := ""
	if u.more {
		another = m.lessons[m.another()].Name
	}
	m.next.setNext(p.prompt(at), m.keys, another)
}

// usable returns what there is to do for the keys.
func (m *model) usable() usable {
	u := usable{menu: !m.direct}
	if p := m.play; p != nil {
		moment, of := p.at()
		u.past, u.future = moment > 0, moment < of-1
		u.rows = m.ladder.long()
		u.wire, u.settings = m.wired(), p.fold.scene.Setting != nil && len(p.fold.scene.Setting.Sysctls) > 0
		if u.wire && !p.lookingBack() && p.lab != nil {
			u.flight = len(p.fold.scene.Flight)
		}
		u.more = p.player.Done() && !p.player.Busy() && !p.lookingBack() && m.another() >= 0
		u.next = u.future || p.opened && p.lab != nil && !p.player.Done()
	}
	return u
}
