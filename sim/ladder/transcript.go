package ladder

import (
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/text"
)

// Transcript is the fold of a lesson's events into text that can be pasted into
// a mail or a handout. Apply takes the events in order, Story the prose when it is to be
// read; both return the lines that have become final, without their line ends. The zero
// value writes 78 columns with box-drawing characters.
type Transcript struct {
	Width int             // of the ladder and the prose in cells, 40 at least; 0 for 78
	ASCII bool            // draw with ASCII alone
	Lang  *lang.Catalogue // the words; nil for English
	Plain bool            // write one sentence an event instead of the ladder
	// Lesson is the one that is played: the place in its file stands before what fell short.
	// Nil leaves the places out.
	Lesson *lesson.Lesson

	ladder  Ladder
	written int    // how many rows of the ladder have been written
	held    string // the newest written row, if its segment was held then
	headed  bool   // the ends have been named above their lifelines
	judged  bool   // the last line was a verdict
	blank   bool   // the last line was empty
	some    bool   // there was a line

	setting *sim.Setting // of the lab
	own     bool         // the newest step is a person's own, and stands in no file

	// What is written below the rows of the step.
	refusals []string
	repeats  []sim.Segment // segments that were sent again, though a row that is written has their arrival
	differs  []string      // where the model differs
	silence  string        // why the model says nothing more; empty while it speaks

	steps, refused, met, missed int
	model                       sim.Agreement
}

func (t *Transcript) width() int {
	if t.Width <= 0 {
		return usual
	}
	return max(t.Width, narrow)
}

func (t *Transcript) words() *lang.Catalogue { return t.options().words() }

func (t *Transcript) options() Options { return Options{ASCII: t.ASCII, Lang: t.Lang, Grow: 1} }

// Apply takes one more event and returns the lines that became final: the rows of a step
// when it settles, what happens after that with the next step.
func (t *Transcript) Apply(e sim.Event) []string {
	t.count(e)
	t.ladder.Apply(e)
	t.repeated(e)
	var out page
	if t.Plain {
		t.sentence(&out, e)
		return t.finish(out)
	}
	switch b := e.Body.(type) {
	case sim.LabOpened:
		t.lab(&out, b.Setting)
	case sim.StepBegun:
		t.moved(&out, false)
		t.rows(&out)
		t.step(&out, e.Step, b)
	case sim.StepRefused:
		t.refusals = append(t.refusals, t.placeOfStep(e.Step)+t.words().Refused(t.words().Refusal(b)))
	case sim.StepSettled:
		t.moved(&out, true)
		t.forgetRepeats()
		t.rows(&out)
		t.remark(&out)
	case sim.ExpectationChecked:
		t.expectation(&out, b)
	}
	return t.finish(out)
}

// Skip takes one more event whose lines nobody is to read.
func (t *Transcript) Skip(e sim.Event) {
	t.count(e)
	t.ladder.Apply(e)
	t.written, t.held = t.ladder.Len(), ""
}

// Flush returns what is left when the lesson is over: the rows since the last step settled,
// and the tally.
func (t *Transcript) Flush() []string {
	var out page
	if !t.Plain {
		t.moved(&out, true)
		t.forgetRepeats()
		t.rows(&out)
		t.remark(&out)
	}
	out.gap()
	out.add(t.tally())
	if sentence := t.words().Agreement(t.model); sentence != "" {
		t.agreement(&out, sentence)
	}
	return t.finish(out)
}

// Story returns the prose of the next step, which is Markdown, as plain text
// with its marks, and with an empty line before and after.
func (t *Transcript) Story(markdown string) []string {
	out := page{""}
	out = append(out, lesson.Marked(markdown, t.width(), t.options().glyphs())...)
	out.gap()
	return t.finish(out)
}

// count keeps the tally, and whose the newest step is.
func (t *Transcript) count(e sim.Event) {
	t.model.Apply(e)
	switch b := e.Body.(type) {
	case sim.StepBegun:
		t.own = b.Own
		if e.Step > 0 {
			t.steps++
		}
	case sim.StepRefused:
		t.refused++
	case sim.ExpectationChecked:
		if b.OK {
			t.met++
		} else {
			t.missed++
		}
	}
}

func (t *Transcript) lab(out *page, lab *sim.Setting) {
	if lab == nil {
		return
	}
	if lab.Title != "" {
		out.add(t.text(lab.Title))
	}
	facts := []string{string(lab.Net), t.words().Transcript.Segments(lab.Capture)}
	if lab.Private {
		facts = append(facts, t.words().Transcript.PrivateNetwork)
	}
	if lab.Kernel != "" {
		facts = append(facts, "Linux "+lab.Kernel)
	}
	t.setting = lab
	out.add(t.text(strings.Join(facts, " · ")))
	if lab.PortTaken != 0 {
		out.add(t.text(t.words().PortTaken(lab.PortTaken, lab.Server)))
	}
	out.gap()
}

// step writes the heading of a step. A set-up step has none.
func (t *Transcript) step(out *page, n int, b sim.StepBegun) {
	if n == 0 && !b.Own {
		return
	}
	g := t.options().glyphs()
	heading := t.sign("▸", ">") + " " + g.ShowCode(text.Clean(b.Step.String()))
	if b.Own {
		heading += "  " + g.OwnLeft + t.words().Ladder.Yours + g.OwnRight
	}
	out.gap()
	out.add(heading)
	out.gap()
}

// rows writes the rows of the ladder that have not been written. Refusals and differences
// from the model follow below the rows, in full.
func (t *Transcript) rows(out *page) {
	if t.written == t.ladder.Len() {
		return
	}
	for ; t.written < t.ladder.Len(); t.written++ {
		r := &t.ladder.rows[t.written]
		switch r.kind {
		case rowRefused:
			continue
		case rowDiffers:
			t.differs = append(t.differs, newPainter(t.width(), t.options()).fullSentence(r.difference))
			continue
		case rowSilent:
			t.silence = r.text(t.words())[0]
			continue
		}
		if !t.headed {
			t.headed = true
			out.add(Head(t.setting, t.width(), t.options()).String())
		}
		out.add(t.row(t.written))
		t.judged = false
	}
	t.held = ""
	if t.ladder.Final() < t.written {
		t.held = t.row(t.written - 1)
	}
}

// moved writes the newest row again when its segment has gone on. With counted it does so
// also when only the count of the segment has changed.
func (t *Transcript) moved(out *page, counted bool) {
	if t.held == "" {
		return
	}
	still := t.ladder.rows[t.written-1].arrow.leg == legHeld
	row := t.row(t.written - 1)
	if row == t.held || still && (!counted || t.news()) {
		return
	}
	out.add(row)
	t.judged = false
	t.held = ""
	if still {
		t.held = row
	}
}

// repeated notes a segment that is sent again although it has arrived, if the row of its arrival
// has been written.
func (t *Transcript) repeated(e sim.Event) {
	s := e.Segment()
	if r, ok := t.ladder.arrivedRows[s.ID]; !ok || s.Fate != sim.Retransmitted || r >= t.written {
		return
	}
	i := slices.IndexFunc(t.repeats, func(other sim.Segment) bool { return other.ID == s.ID })
	if i < 0 {
		t.repeats = append(t.repeats, s)
		return
	}
	t.repeats[i] = s
}

// forgetRepeats leaves out what was sent again, unless nothing but time has passed.
func (t *Transcript) forgetRepeats() {
	if t.news() {
		t.repeats = nil
	}
}

// news reports whether a row other than a gap is still to be written.
func (t *Transcript) news() bool {
	for _, r := range t.ladder.rows[t.written:] {
		if r.kind != rowGap {
			return true
		}
	}
	return false
}

func (t *Transcript) row(r int) string {
	return t.ladder.Draw(r, r+1, t.width(), t.options())[0].String()
}

// remark writes what was sent again, why the step was refused, where the model differs, and that it
// falls silent.
func (t *Transcript) remark(out *page) {
	for _, s := range t.repeats {
		t.verdict(out, t.sign("·", "-"), t.words().Transcript.Repeated(s))
	}
	for _, why := range t.refusals {
		t.verdict(out, t.verdictSign(false), why)
	}
	for _, what := range t.differs {
		t.verdict(out, t.options().glyphs().Differs, what)
	}
	if t.silence != "" {
		t.verdict(out, t.sign("·", "-"), t.silence)
	}
	t.repeats, t.refusals, t.differs, t.silence = nil, nil, nil, ""
}

func (t *Transcript) expectation(out *page, b sim.ExpectationChecked) {
	if b.OK {
		t.verdict(out, t.verdictSign(true), b.Text)
	} else {
		t.verdict(out, t.verdictSign(false), t.place(b.Line, b.Column)+t.words().Expected(b))
	}
}

// place returns a place in the lesson's file as a compiler does: "x.md:12:8: ". It is empty
// where the place is not known.
func (t *Transcript) place(line, column int) string {
	if t.Lesson == nil || line == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d: ", t.Lesson.File, line, column)
}

// placeOfStep returns the place of the lesson's step with that number.
func (t *Transcript) placeOfStep(n int) string {
	if t.own || t.Lesson == nil || n < 1 || n > len(t.Lesson.Steps) {
		return ""
	}
	return t.place(t.Lesson.Steps[n-1].Line, 1)
}

// agreement writes how far the model agreed, below the tally.
func (t *Transcript) agreement(out *page, sentence string) {
	sign := "="
	if !t.model.Agreed() {
		sign = t.options().glyphs().Differs
	}
	t.signed(out, sign, sentence)
}

// verdict writes a sentence about the step, with an empty line between it and the rows.
func (t *Transcript) verdict(out *page, sign, sentence string) {
	if !t.judged {
		out.gap()
	}
	t.judged = true
	t.signed(out, sign, sentence)
}

// signed writes a sentence after a sign, on as many lines as it needs.
func (t *Transcript) signed(out *page, sign, sentence string) {
	sign += " "
	for i, line := range text.Wrap(t.text(sentence), t.width()-text.Cells(sign)) {
		if i > 0 {
			sign = strings.Repeat(" ", text.Cells(sign))
		}
		out.add(sign + line)
	}
}

func (t *Transcript) verdictSign(ok bool) string {
	if ok {
		return t.sign("✓", "ok:")
	}
	return t.sign("✗", "FAILED:")
}

// tally says how the lesson went.
func (t *Transcript) tally() string {
	return t.verdictSign(t.missed+t.refused == 0) + " " + t.words().Transcript.Tally(t.steps, t.met, t.missed, t.refused)
}

// sentence writes the plain form of an event: the number of its step and what happened.
// That the model agrees is said once, at the end.
func (t *Transcript) sentence(out *page, e sim.Event) {
	if e.Kind() == sim.KindSettled || e.Kind() == sim.KindVerdict && sim.Of[sim.Verdict](e).Agree {
		return
	}
	sentence := t.words().Sentence(e)
	switch b := e.Body.(type) {
	case sim.StepRefused:
		sentence = t.placeOfStep(e.Step) + sentence
	case sim.ExpectationChecked:
		if !b.OK {
			sentence = t.place(b.Line, b.Column) + sentence
		}
	}
	out.add(fmt.Sprintf("%d  %s", e.Step, t.text(sentence)))
}

// text returns a text from outside as it may be written.
func (t *Transcript) text(s string) string {
	return t.options().glyphs().Show(text.Clean(strings.ReplaceAll(s, "\t", "    ")))
}

func (t *Transcript) sign(usual, ascii string) string {
	if t.ASCII {
		return ascii
	}
	return usual
}

// page collects lines. An empty string asks for an empty line.
type page []string

func (p *page) add(line string) { *p = append(*p, line) }
func (p *page) gap()            { *p = append(*p, "") }

// finish returns the lines of a page without empty lines in a row, and without one at the
// beginning of the transcript.
func (t *Transcript) finish(p page) []string {
	var lines []string
	for _, line := range p {
		if line == "" && (t.blank || !t.some) {
			continue
		}
		t.blank, t.some = line == "", true
		lines = append(lines, line)
	}
	return lines
}
