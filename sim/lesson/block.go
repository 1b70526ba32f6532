package lesson

import (
	"slices"
	"strings"
	"unicode/utf8"

	"finwait/sim"
)

// The lines of a block that are neither steps nor answers begin with these words.
const (
	wordExpect = "expect"
	wordSay    = "say"
	wordAsk    = "ask"
	wordRun    = "run"
)

// maxSentence is how many characters the text of say, of ask and of a reason may have.
const maxSentence = 500

// blockReader reads the lines of one block.
type blockReader struct {
	*stepsReader
	index  int        // of the block
	some   bool       // there was a step or a run, right or not
	newest *Step      // nil while no step stands above
	broken bool       // the newest step could not be read
	asked  []Question // the questions about the step that comes next
	doubt  bool       // one of the questions could not be read, so that they are not judged
}

// readBlock reads the block with that index.
func (r *stepsReader) readBlock(index int) {
	b := &blockReader{stepsReader: r, index: index}
	at, before := r.blocks[index], len(r.errs)
	for n := at.open + 1; n < at.end; n++ {
		b.line(n)
	}
	b.noQuestion()
	if !b.some && len(r.errs) == before {
		r.report(r.errorf(at.open, 1, "the block has no step; write one, or remove the block"))
	}
}

// line reads line n of the file.
func (r *blockReader) line(n int) {
	line := r.lines[n-1]
	first := firstWord(line)
	switch {
	case first.Text == wordSay:
		r.say(n, first)
		return
	case first.Text == wordAsk:
		r.ask(n, first)
		return
	case first.Text == wordRun:
		r.some = true
		r.run(n, first)
		return
	case strings.IndexAny(first.Text, string([]rune{rightMark, wrongMark})) == 0:
		r.answer(n, first)
		return
	}
	words, err := sim.Words(line)
	switch {
	case err != nil:
		r.report(r.errorAt(n, err))
		if first.Text != wordExpect {
			r.lost()
		}
	case len(words) == 0:
	case words[0].Text == wordExpect && !words[0].Quoted:
		r.expect(n, words)
	default:
		r.step(n, words)
	}
}

// firstWord returns the first word of a line.
func firstWord(line string) sim.Word {
	w := trimmedWord(line, 1)
	if end := strings.IndexAny(w.Text, " \t#\""); end > 0 {
		w.Text = w.Text[:end]
	}
	return w
}

// below returns the step below which the line stands, nil if there is none, which it
// reports. The line begins with the word first; verb is what it does with a step, and noun
// what it is called.
func (r *blockReader) below(line int, first sim.Word, verb, noun string) *Step {
	if r.newest == nil || len(r.asked) > 0 {
		r.report(r.errorf(line, first.Col, "there is no step to %s this of; %s stands below its step, in the same block", verb, noun))
		return nil
	}
	return r.newest
}

// say reads the sentence that is shown with the newest step.
func (r *blockReader) say(line int, first sim.Word) {
	step := r.below(line, first, "say", "a sentence")
	if step == nil {
		return
	}
	if step.Say != "" {
		r.report(r.errorf(line, first.Col, "the step has its sentence already; make one of the two, or move the longer one into the prose"))
		return
	}
	step.Say = r.sentence(line, first, "the sentence that is shown with the step")
}

// sentence returns the rest of a line after its first word: what says what it is. It is
// Markdown, so that neither quotes nor # are special in it. A text that cannot be one is
// reported, and empty.
func (r *blockReader) sentence(line int, first sim.Word, what string) string {
	rest := []rune(r.lines[line-1])[first.Col-1+utf8.RuneCountInString(first.Text):]
	return r.checked(line, first, what, trimmedWord(string(rest), 1).Text)
}

// checked returns the text, which stands after the word before, if it has a fit length.
func (r *blockReader) checked(line int, before sim.Word, what, text string) string {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		r.report(r.errorf(line, before.Col, "after %s something is missing; it needs %s", sim.Quote(before.Text), what))
	case n > maxSentence:
		r.report(r.errorf(line, before.Col, "the text after %s has %d characters; at most %d are read there", sim.Quote(before.Text), n, maxSentence))
		return ""
	}
	return text
}

// expect reads an expectation of the newest step.
func (r *blockReader) expect(line int, words []sim.Word) {
	step := r.below(line, words[0], "expect", "an expectation")
	if step == nil {
		return
	}
	x, err := parseExpectation(words, r.lesson.HasWire())
	if err == nil && !r.broken {
		err = x.belongsTo(step.Step)
	}
	if err != nil {
		r.report(r.errorAt(line, err))
		return
	}
	x.Line = line
	step.Expect = append(step.Expect, x)
}

// step reads a step, to which the questions belong that stand above it.
func (r *blockReader) step(line int, words []sim.Word) {
	r.answered()
	step, err := r.stepOf(words)
	if err != nil {
		r.report(r.errorAt(line, err))
		r.lost()
		return
	}
	for _, q := range r.asked {
		for _, a := range q.Answers {
			if err := a.belongsTo(step); err != nil {
				r.report(r.errorAt(a.Line, err))
			}
		}
	}
	if len(r.steps) == MaxSteps {
		if !r.full {
			r.report(r.errorf(line, words[0].Col, "this is step %d; a lesson has at most %d", MaxSteps+1, MaxSteps))
		}
		r.full = true
		r.lost()
		return
	}
	if len(r.runs) > 0 {
		r.runs[len(r.runs)-1].steps++
	}
	r.steps = append(r.steps, readStep{Step{Step: step, Line: line, Ask: r.asked}, r.index, len(r.runs)})
	r.some, r.broken, r.newest = true, false, &r.steps[len(r.steps)-1].Step
	r.asked, r.doubt = nil, false
}

// lost goes on after a step that cannot be read: what stands below it belongs to it.
func (r *blockReader) lost() {
	if len(r.runs) > 0 {
		r.runs[len(r.runs)-1].steps++
	}
	r.some, r.broken, r.newest = true, true, &Step{}
	r.asked, r.doubt = nil, false
}

// stepOf reads a step that the net of the lesson allows.
func (r *blockReader) stepOf(words []sim.Word) (sim.Step, error) {
	first, known := words[0], r.beginnings()
	if first.Quoted || !slices.Contains(known, first.Text) {
		return sim.Step{}, sim.Unknown(first, "the beginning of a line", known)
	}
	step, err := sim.StepOf(words)
	if err != nil || r.lesson.HasWire() {
		return step, err
	}
	switch {
	case slices.ContainsFunc(r.usages, func(u sim.Usage) bool { return u.Verb == step.Verb && u.Wire }):
		return step, needsWire(first)
	case step.At == sim.Server && step.Verb == sim.VerbConnect:
		return step, needsWire(sim.Word{Text: "server connect", Col: first.Col})
	case step.How == sim.WaitFlight:
		return step, needsWire(words[2])
	}
	return step, nil
}

// beginnings returns the words that a line of a block may begin with.
func (r *stepsReader) beginnings() []string {
	words := []string{string(sim.Client), string(sim.Server)}
	for _, u := range r.usages {
		if u.Whole {
			words = append(words, string(u.Verb))
		}
	}
	return append(words, wordExpect, wordSay, wordAsk, wordRun)
}
