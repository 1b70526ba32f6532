package tui

import (
	"charm.land/bubbles/v2/key"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// picture is what there is to see: everything that the panes draw. It is computed once
// per message, from the log up to the moment that is on the screen, the size and the mode.
// The panes read it and keep nothing of it.
type picture struct {
	words  *lang.Catalogue
	style  *styles
	mode   mode
	layout layout
	hidden Hidden // the parts of a lesson that are not shown
	larger bool   // the rows of the ladder stand apart, with all numbers

	keys   *keyMap       // with those enabled that do something
	footer []footerKey   // what the last row names
	note   string        // why the newest key did nothing, "" for no reason
	press  pressed       // the key that was pressed last
	saved  string        // as what the screen was saved, in place of the keys; "" for not at all
	line   lineView      // the line that a person types, in modeLine
	acting sim.End       // the end that is chosen in modeActs
	places []place       // the rows of modePlaces
	place  int           // index of the row that is chosen
	calls  []key.Binding // keys of the calls that the row above the last one names
	help   helpText      // empty unless the help is open

	menu      menuView                  // empty unless the screen shows the menu, or the card after the last lesson
	simulated bool                      // the menu's lessons are played on the model
	modelOnly func(*lesson.Lesson) bool // reports whether a lesson of the menu can only be played on the model here
	successor *lesson.Lesson            // the lesson to play after the one that is over, nil for none
	last      bool                      // the last lesson is over

	compare *compareView // nil unless two plays are on the screen

	// The lesson on the screen. Without one these fields have no meaning.

	lesson   *lesson.Lesson // nil in the menu
	fold     *fold          // of the log up to the moment on the screen
	position position       // where in the lesson the log stands
	prompt   prompt         // what the next key press does
	quiz     quizView       // what is asked about the next step, and was about the last
	remarks  []remark       // what went otherwise than expected
	now      sim.Seconds    // the lab's time
	growth   float64        // how much of the newest arrow is drawn, at most 1
	segment  int            // number of the segment that is chosen on the wire, 0 for none
	row      int            // index of the chosen segment among those on the wire
	moment   int            // number of the moment on the screen, from 0
	moments  int            // how many moments the log has
	past     bool           // the moment is not the newest
	wired    bool           // the lesson is played on the wire
	rfc      bool           // the diagram has the names of the RFC
	modelled bool           // the lab is the model: there is no kernel
	virtual  bool           // the clocks stand still between two events
}

// helpText is what the help explains.
type helpText struct {
	keys   []keyEntry
	legend []legendEntry
}

// newPicture returns the picture of the model as it is now, and enables the keys that
// do something in it.
func (m *model) newPicture() picture {
	p := picture{
		words: m.words, style: m.style, mode: m.mode, rfc: m.rfc,
		hidden: m.hidden, keys: m.keys, note: m.note, press: m.pressed, saved: m.saved, simulated: m.simulated, acting: m.acting,
		modelOnly: m.modelOnly,
	}
	if m.mode == modeMenu || m.mode == modeSearch || m.mode == modeFinale {
		p.menu = m.menuView()
	}
	if m.play != nil {
		m.play.seen().show(&p)
		if m.play.returning {
			p.prompt = m.play.returnPrompt()
		}
		p.remarks = m.play.seen().remarks(m.words)
		p.quiz.brief = !isWide(m.w, m.h) && m.h < tallHeight
	}
	if m.mode == modeLine {
		p.line = m.typing.view(m.play)
		if m.play.ignored && m.play.player.Busy() {
			p.note = m.words.WaitForStep
		}
	}
	if m.mode == modePlaces {
		p.places, p.place = m.play.places(m.words), m.place
	}
	if m.mode == modeCompare {
		p.compare = m.comparison.view(m)
	}
	p.larger = m.larger && m.w >= largerWidth
	p.layout = rects(m.w, m.h, m.mode, m.content(&p))
	u := m.usable(&p)
	m.keys.enable(m.mode, u)
	p.footer = m.keys.footer(m.mode, u)
	p.calls, _ = m.keys.calls()
	p.last = u.last
	if u.successor {
		p.successor = m.lessons()[m.successor()]
	}
	if m.mode == modeHelp {
		p.help = m.helpText(&p)
	}
	return p
}

// content returns what the layout depends on. The layout of the picture is not made yet.
func (m *model) content(p *picture) content {
	w := m.w
	if m.diagram {
		w = besideDiagram(w)
	}
	hidden := m.hidden
	if len(p.remarks) > 0 {
		hidden &^= HideStory // what went wrong is said there
	}
	if m.play == nil || !m.mode.onLesson() {
		return content{wired: p.wired, diagram: m.diagram, hidden: hidden}
	}
	question := func(w, most int) int { return questionPane{}.rows(p, w, most) }
	if isWide(w, m.h) && !hidden.has(HideSteps) {
		return content{wired: p.wired, diagram: m.diagram, hidden: hidden, question: question}
	}
	return content{
		wired: p.wired, flight: max(1, len(p.fold.scene.Flight)), ladder: p.ladderLines(p.fold.ladder.Len()), diagram: m.diagram, hidden: hidden,
		story: m.panes[paneStory].(*storyPane).rows(p, w), card: p.position.telling.card != lesson.Card{}, question: question,
	}
}

// show fills in what the picture shows of the play.
func (p *play) show(pic *picture) {
	l := p.player.Lesson()
	pic.lesson, pic.fold = l, p.fold
	pic.wired, pic.modelled, pic.virtual = p.wired(), p.modelled(), p.virtual()
	pic.position = positionIn(l, p.fold)
	pic.prompt = p.prompt(pic.position)
	pic.now, pic.growth = p.clock(), p.growth()
	pic.segment, pic.row = p.chosen.segment, p.chosen.row
	pic.moment, pic.moments = p.at()
	pic.past = p.lookingBack()
	pic.quiz = p.asked(pic)
	if q := pic.quiz.open; q != nil && !q.lessons || pic.hidden.has(HideNext) && !l.Sandbox() && !pic.position.over {
		pic.position.telling = tellMade(l, pic.position.step)
	}
}

// asked returns what is asked about the next step, and was about the last one. Nothing is asked
// while a step runs or an arrow grows, or of the past.
func (p *play) asked(pic *picture) quizView {
	next := 0
	if pic.position.next != nil && pic.prompt.phase == phaseReady && p.fold.k == p.player.Log().Len() {
		next = pic.position.step + 1
	}
	return p.quiz.view(p.fold.k, pic.position.step, next, pic.position.over)
}

// usable returns what the keys can do.
func (m *model) usable(pic *picture) usable {
	u := usable{menu: !m.direct, save: m.shell.save != nil}
	p := m.play
	if pic.compare != nil {
		u.below = p != nil
		m.comparison.usable(&u, pic.compare, pic.layout[paneCompare].size())
		return u
	}
	if p == nil {
		if list := m.found(); len(list) > 0 {
			u.simulate = m.modelling
			u.chapters = min(len(list[m.chosen].Chapters), len(digits))
		}
		return u
	}
	if p.before != nil {
		return u
	}
	u.unopened = p.unopened()
	u.simulate = m.modelling && u.unopened && !p.onModel
	scene := &p.fold.scene
	u.past, u.future = pic.moment > 0, pic.moment < pic.moments-1
	u.others, u.diagram, u.larger = len(scene.Connections) > 1, m.diagram, m.w >= largerWidth && pic.layout[paneLadder].h > 0
	u.rows = pic.layout[paneLadder].h > 0 && p.fold.ladder.Len() > pic.ladderRows(pic.layout[paneLadder].size())
	u.wire, u.settings = pic.wired, scene.Setting != nil && len(scene.Setting.Sysctls) > 0
	if u.wire && !pic.past && p.lab != nil {
		u.flight = len(scene.Flight)
	}
	u.asks, u.predicts = !u.unopened && len(p.player.Lesson().Steps) > 0, m.predicts
	if q := pic.quiz.open; q != nil && !p.returning && pic.layout[paneQuestion].h > 0 {
		u.answers = len(q.answers)
	}
	_, own := p.player.Own()
	u.own = p.lab != nil && !pic.past && (own || p.player.Busy() && scene.Step > 0)
	if m.mode == modeActs {
		u.acts = p.canAct(m.acting)
	}
	_, u.compare = m.sides()
	u.places = p.opened && scene.Setting != nil
	u.another = u.future && p.opened
	u.undo = p.opened && !pic.past && p.tree.Len() > 0 && (p.lab == nil || !p.player.Busy())
	if p.player.Done() && !p.player.Busy() && !pic.past {
		u.successor = m.successor() >= 0
		u.last = !u.successor && m.indexOf(p.player.Lesson().Name) >= 0
	}
	u.next = p.opened && p.lab != nil && !p.player.Done()
	if n, next, ok := p.player.Next(); ok && pic.prompt.phase == phaseReady && u.answers == 0 && !m.hidden.has(HideNext) {
		u.skip = !p.lab.Abilities().Virtual && p.quiz.idles(n, next.Step)
	}
	return u
}

// helpText returns what the help explains: over a lesson what the lesson has, over the menu
// everything.
func (m *model) helpText(pic *picture) helpText {
	w := m.words
	if m.play == nil {
		return helpText{
			m.keys.entries(w.Keys, keyContext{wire: true, others: true, model: m.modelling, pairs: m.modelling || m.comparison != nil, leaves: true, quits: true}),
			legendIn(legendContext{wire: true, checked: !m.simulated, model: m.simulated}, w),
		}
	}
	_, pairs := m.sides()
	return helpText{
		m.keys.entries(w.Keys, keyContext{pairs: pairs, wire: pic.wired, others: len(pic.fold.scene.Connections) > 1, model: m.modelling, leaves: !m.direct, quits: m.direct}),
		legendIn(legendContext{wire: pic.wired, checked: pic.fold.model.Any, model: pic.modelled}, w),
	}
}

// position is where in a lesson a log stands.
type position struct {
	step    int // number of the newest step, 0 during set-up
	over    bool
	telling telling
	next    *lesson.Step // the step that runs, or the one to be made; nil at the end
}

// positionIn returns where in its lesson a fold stands. A person's own step does not change
// it.
func positionIn(l *lesson.Lesson, f *fold) position {
	steps := l.Steps
	p := position{step: min(f.scene.Step, len(steps))}
	at := p.step // index of the next step
	if p.step > 0 && f.running() {
		at--
	}
	p.telling = tell(l, p.step, at)
	if at < len(steps) {
		p.next = &steps[at]
	} else {
		p.over = true
	}
	return p
}

// current returns the number of the step that runs or comes next.
func (p *picture) current() int {
	if p.fold.running() {
		return p.position.step
	}
	return p.position.step + 1
}

// prompt is what the next key press does, or what the play waits for.
type prompt struct {
	phase   phase
	step    *sim.Step   // the step that runs, or the one to be made; nil for none
	setUp   bool        // the step that runs is not one of the lesson's own
	elapsed sim.Seconds // how long a slow step has run
	limit   sim.Seconds // how long the step may take, 0 where nobody knows
	ignored bool        // a key was pressed although a step runs
	made    int         // how many steps were made once more
	of      int         // how many there are to make once more
}

// phase is what a play waits for.
type phase int

// The phases.
const (
	phaseOpening phase = iota
	phaseQuick         // something runs that is not slow yet
	phaseRunning       // a step runs that is slow
	phaseReady
	phasePast
	phaseReturning // steps are made once more
	phaseOver
	phaseNoLab // the lab did not open, or has ended
)

// prompt returns what the next key press does, or what the play waits for.
func (p *play) prompt(at position) prompt {
	out := prompt{ignored: p.ignored}
	if at.next != nil {
		out.step = &at.next.Step
	}
	busy := p.player.Busy()
	if busy {
		newest := p.fold.scene.Newest
		out.step, out.setUp = &newest, at.step == 0 && !p.fold.offScript.own
		out.elapsed = sim.Seconds(p.now.Sub(p.slowSince).Seconds())
		out.limit = newest.Limit()
	}
	switch {
	case p.lookingBack():
		out.phase = phasePast
	case !p.opened && p.slow:
		out.phase = phaseOpening
	case !p.opened:
		out.phase = phaseQuick
		out.step = nil
	case p.lab == nil:
		out.phase = phaseNoLab
	case busy && (p.slow || p.ignored):
		out.phase = phaseRunning
	case at.over && !busy:
		out.phase = phaseOver
	case busy:
		out.phase = phaseQuick
	default:
		out.phase = phaseReady
	}
	return out
}

// returnPrompt returns how far the play has come on the way to where it was.
func (p *play) returnPrompt() prompt {
	out := prompt{phase: phaseReturning, of: p.tree.Len()}
	if p.replay != nil {
		out.made, out.of = p.replay.Progress()
	}
	return out
}

// remark is a sentence about what went otherwise than expected. A quiet one is about nothing
// that failed: a person has left the lesson's path, the server has another port than usual, or
// the model plays what cannot be played live.
type remark struct {
	text  string
	quiet bool
}

// remarks returns what went wrong, as far as it belongs to what is shown: the end of the
// lab, and what the newest step did otherwise than expected. All that falls short after a
// person's own steps is one sentence.
func (p *play) remarks(w *lang.Catalogue) []remark {
	var list []remark
	add := func(text string, quiet bool) { list = append(list, remark{text, quiet}) }
	switch {
	case !p.opened || p.lab != nil || p.lookingBack():
	case p.err == nil:
		add(w.LabGone, false)
	case p.player.Log().Len() == 0:
		add(w.CannotOpen(p.err.Error()), false)
	default:
		add(w.LabFailed(p.err.Error()), false)
	}
	if d := p.differs; d != nil && p.tree.Len() == d.Move && !p.lookingBack() {
		add(w.Otherwise(*d), true)
	}
	if p.instead != nil && p.fold.scene.Step == 0 {
		add(w.OnModelInstead(p.instead.Error()), true)
	}
	if s := p.fold.scene.Setting; s != nil && s.PortTaken != 0 && p.fold.scene.Step == 0 {
		add(w.PortTaken(s.PortTaken, s.Server), true)
	}
	left := false
	for _, e := range p.fold.problems {
		switch b := e.Body.(type) {
		case sim.ExpectationChecked:
			switch {
			case !e.forgiven:
				add(w.Expected(b), false)
			case !left:
				add(w.LedElsewhere(b.Text, b.Got), true)
				left = true
			}
		case sim.StepRefused:
			switch {
			case !e.forgiven:
				add(w.Refused(w.Refusal(b)), false)
			case p.fold.offScript.own:
				add(w.NotDone(w.Refusal(b)), true)
			case p.fold.offScript.picks():
				add(w.NothingLeft(w.Refusal(b)), true)
			default:
				add(w.CannotGoOn(w.Refusal(b)), true)
				left = true
			}
		}
	}
	return list
}
