package tui

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/way"
)

// The list of places: the steps of the lesson with its chapters, and the ways that were taken.

// place is a row of the list: a heading, a step of the lesson or a way.
type place struct {
	kind placeKind
	n    int       // number of the step, or index of the way
	text string    // a heading, or what a way has
	step *sim.Step // of a step
	made bool      // the step was made on this way
	here bool      // the step is the next one, or one is on this way
}

// placeKind is what a row of the list is.
type placeKind uint8

const (
	placeHeading placeKind = iota
	placeStep
	placeWay
)

// places returns the rows of the list.
func (p *play) places(w *lang.Catalogue) []place {
	l, next := p.player.Lesson(), p.nextStep()
	var rows []place
	if len(l.Steps) > 0 {
		rows = append(rows, place{kind: placeHeading, text: w.StepsHeading})
	}
	chapters := l.Chapters
	for i := range l.Steps {
		if len(chapters) > 0 && chapters[0].First == i {
			rows = append(rows, place{kind: placeHeading, text: chapters[0].Title})
			chapters = chapters[1:]
		}
		rows = append(rows, place{kind: placeStep, n: i + 1, step: &l.Steps[i].Step, made: i+1 < next, here: i+1 == next})
	}
	ways := p.tree.Ways()
	if len(ways) > 0 {
		rows = append(rows, place{kind: placeHeading, text: w.WaysHeading})
	}
	for i, way := range ways {
		rows = append(rows, place{kind: placeWay, n: i, text: describe(way), here: way.Here})
	}
	return rows
}

// describe returns the moves of a way: the lesson's by their numbers, a person's own as they are
// written.
func describe(w way.Way) string {
	var parts []string
	n, first := 0, 0
	run := func() {
		switch {
		case first == n && n > 0:
			parts = append(parts, strconv.Itoa(n))
		case first > 0:
			parts = append(parts, strconv.Itoa(first)+"–"+strconv.Itoa(n))
		}
		first = 0
	}
	for _, m := range w.Moves {
		if m.Own {
			run()
			parts = append(parts, m.Step.String())
			continue
		}
		if n++; first == 0 {
			first = n
		}
	}
	run()
	return strings.Join(parts, ", ")
}

// nextStep returns the number of the lesson's next step, one more than its last at the end.
func (p *play) nextStep() int {
	n, _, ok := p.player.Next()
	if !ok {
		return len(p.player.Lesson().Steps) + 1
	}
	return max(1, n)
}

// openPlaces shows the list of places. The next step is chosen.
func (m *model) openPlaces() {
	m.mode, m.place = modePlaces, 0
	m.rewind(panePlaces)
	for i, row := range m.play.places(m.words) {
		if row.kind == placeStep && (row.here || row.made) {
			m.place = i
		}
	}
	m.choosePlace(0)
}

// choosePlace moves the choice by some rows that are no headings.
func (m *model) choosePlace(by int) {
	rows := m.play.places(m.words)
	forward := 1
	if by < 0 {
		forward = -1
	}
	at := max(0, min(m.place+by, len(rows)-1))
	for _, step := range []int{forward, -forward} {
		for i := at; i >= 0 && i < len(rows); i += step {
			if rows[i].kind != placeHeading {
				m.place = i
				return
			}
		}
	}
}

// onKeyPlaces chooses a place and goes there.
func (m *model) onKeyPlaces(k tea.KeyPressMsg) tea.Cmd {
	switch keys := m.keys; {
	case key.Matches(k, keys.scroll.up):
		m.choosePlace(-1)
	case key.Matches(k, keys.scroll.down):
		m.choosePlace(1)
	case key.Matches(k, keys.look.first):
		m.choosePlace(-m.place)
	case key.Matches(k, keys.look.last):
		m.choosePlace(len(m.play.places(m.words)))
	case key.Matches(k, keys.places.leave):
		m.mode = modeLesson
		return m.resume()
	case key.Matches(k, keys.places.enter):
		rows := m.play.places(m.words)
		if m.place >= len(rows) {
			return nil
		}
		m.mode = modeLesson
		switch row := rows[m.place]; row.kind {
		case placeStep:
			return m.jump(row.n)
		case placeWay:
			return m.goTo(m.play.tree.Go(row.n))
		}
	}
	return nil
}

// jump goes to where step n of the lesson is the next: back to where it was on this way, or on to
// where it will be.
func (m *model) jump(n int) tea.Cmd {
	p := m.play
	made := 0
	for i, move := range p.tree.Path() {
		if move.Own {
			continue
		}
		if made++; made == n {
			return m.goBack(i)
		}
	}
	back := m.lookAt(p.history.moments())
	p.upTo = n
	return tea.Batch(back, m.moveOn())
}

// noStep returns why one cannot go to step n, nil if one can.
func noStep(l *lesson.Lesson, n int, w *lang.Catalogue) error {
	if n <= len(l.Steps) {
		return nil
	}
	return &sim.SyntaxError{Col: 1, Msg: w.NoStep(n, len(l.Steps))}
}
