package lesson

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"finwait/sim"
)

// The lines of a block that are neither steps nor answers begin with these words.
const (
	wordExpect = "expect"
	wordSay    = "say"
	wordAsk    = "ask"
)

// The marks with which answers begin, and the mark of a reason.
const (
	rightMark  = '*'
	wrongMark  = '-'
	reasonMark = '>'
)

// maxSentence is how many characters the text of say, of ask and of a reason may have.
const maxSentence = 500

// blockReader reads the lines of one block into the lesson.
type blockReader struct {
	*source
	lesson *Lesson
	before int        // the number of steps before the block
	asked  []Question // the questions about the step that comes next
}

// readBlock reads one block into the lesson.
func (s *source) readBlock(l *Lesson, b block) error {
	r := &blockReader{source: s, lesson: l, before: len(l.Steps)}
	for n := b.open + 1; n < b.end; n++ {
		if err := r.line(n); err != nil {
			return err
		}
	}
	if len(r.asked) > 0 {
		return r.questionError(r.asked[0], "there is no step to ask about; a question stands above its step, in the same block")
	}
	steps := l.Steps[r.before:]
	if len(steps) == 0 {
		return s.errorf(b.open, 1, "the block has no step; write one, or remove the block")
	}
	for i := range steps {
		steps[i].Story = b.story
	}
	steps[0].First = b.hasProse || r.before == 0
	return nil
}

// line reads line n of the file.
func (r *blockReader) line(n int) error {
	line := r.lines[n-1]
	first := firstWord(line)
	switch {
	case first.Text == wordSay:
		return r.say(n, first)
	case first.Text == wordAsk:
		return r.ask(n, first)
	case strings.IndexAny(first.Text, string([]rune{rightMark, wrongMark})) == 0:
		return r.answer(n, first)
	}
	words, err := sim.Words(line)
	if err != nil {
		return r.errorAt(n, err)
	}
	if len(words) == 0 {
		return nil
	}
	if err := r.unanswered(); err != nil {
		return err
	}
	if words[0].Text == wordExpect && !words[0].Quoted {
		return r.expect(n, words)
	}
	return r.step(n, words)
}

// firstWord returns the first word of a line.
func firstWord(line string) sim.Word {
	w := trimmedWord(line, 1)
	if end := strings.IndexAny(w.Text, " \t#\""); end > 0 {
		w.Text = w.Text[:end]
	}
	return w
}

// questionError returns an error about the line of a question.
func (r *blockReader) questionError(q Question, format string, args ...any) error {
	return r.errorf(q.Line, firstWord(r.lines[q.Line-1]).Col, format, args...)
}

// newest returns the newest step of the block, which the line is about. The line begins with
// the word first; verb is what it does with a step, and noun what it is called.
func (r *blockReader) newest(line int, first sim.Word, verb, noun string) (*Step, error) {
	if len(r.lesson.Steps) == r.before || len(r.asked) > 0 {
		return nil, r.errorf(line, first.Col, "there is no step to %s this of; %s stands below its step, in the same block", verb, noun)
	}
	return &r.lesson.Steps[len(r.lesson.Steps)-1], nil
}

// say reads the sentence that is shown with the newest step.
func (r *blockReader) say(line int, first sim.Word) error {
	step, err := r.newest(line, first, "say", "a sentence")
	if err != nil {
		return err
	}
	if step.Say != "" {
		return r.errorf(line, first.Col, "the step has its sentence already; make one of the two, or move the longer one into the prose")
	}
	step.Say, err = r.sentence(line, first, "the sentence that is shown with the step")
	return err
}

// ask reads the text of a question about the step that comes next.
func (r *blockReader) ask(line int, first sim.Word) error {
	if err := r.unanswered(); err != nil {
		return err
	}
	question, err := r.sentence(line, first, "a question")
	r.asked = append(r.asked, Question{Text: question, Line: line})
	return err
}

// sentence returns the rest of a line after its first word: what says what it is. It is
// Markdown, so that neither quotes nor # are special in it.
func (r *blockReader) sentence(line int, first sim.Word, what string) (string, error) {
	rest := []rune(r.lines[line-1])[first.Col-1+utf8.RuneCountInString(first.Text):]
	return r.checkedSentence(line, first, what, trimmedWord(string(rest), 1).Text)
}

// checkedSentence returns the text if it has a fit length; it stands after the word before.
func (r *blockReader) checkedSentence(line int, before sim.Word, what, text string) (string, error) {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", r.errorf(line, before.Col, "after %s something is missing; it needs %s", sim.Quote(before.Text), what)
	case n > maxSentence:
		return "", r.errorf(line, before.Col, "the text after %s has %d characters; at most %d are read there", sim.Quote(before.Text), n, maxSentence)
	}
	return text, nil
}

// answer reads an answer to the newest question.
func (r *blockReader) answer(n int, first sim.Word) error {
	mark := sim.Word{Text: first.Text[:1], Col: first.Col}
	if len(r.asked) == 0 {
		return r.errorf(n, mark.Col, "there is no question that this answers; an answer stands below a line that begins with ask")
	}
	q := &r.asked[len(r.asked)-1]
	if len(q.Answers) == MaxAnswers {
		return r.errorf(n, mark.Col, "this is answer %d; a question has at most %d", MaxAnswers+1, MaxAnswers)
	}
	line := r.lines[n-1]
	cut := reasonIn(line)
	a := Answer{Right: mark.Text[0] == rightMark}
	if cut < len(line) {
		var err error
		at := sim.Word{Text: string(reasonMark), Col: utf8.RuneCountInString(line[:cut]) + 1}
		if a.Reason, err = r.checkedSentence(n, at, "the reason", strings.TrimSpace(line[cut+1:])); err != nil {
			return err
		}
	}
	words, err := sim.Words(strings.Replace(line[:cut], mark.Text, " ", 1))
	if err != nil {
		return r.errorAt(n, err)
	}
	a.Expectation, err = parseExpectation(append([]sim.Word{mark}, words...), r.lesson.HasWire())
	if err != nil {
		return r.errorAt(n, err)
	}
	a.Line = n
	for _, b := range q.Answers {
		if b.Text == a.Text {
			return r.errorf(n, mark.Col, "the answer %s is there twice; once is enough", a.Text)
		}
		if b.Right && a.Right {
			return r.errorf(n, mark.Col, "the question has a right answer already; the others begin with %c", wrongMark)
		}
	}
	q.Answers = append(q.Answers, a)
	return nil
}

// reasonIn returns the offset of the mark of a reason, the length of the line if there is
// none. Inside quotes and in a comment there is none.
func reasonIn(line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			quoted, err := strconv.QuotedPrefix(line[i:])
			if err != nil {
				return len(line)
			}
			i += len(quoted) - 1
		case '#':
			return len(line)
		case reasonMark:
			return i
		}
	}
	return len(line)
}

// unanswered returns an error if the newest question is not complete.
func (r *blockReader) unanswered() error {
	if len(r.asked) == 0 {
		return nil
	}
	q := r.asked[len(r.asked)-1]
	switch {
	case len(q.Answers) < 2:
		return r.questionError(q, "the question has %d of at least 2 answers; they stand below it, the right one after %c, the others after %c", len(q.Answers), rightMark, wrongMark)
	case q.Right() < 0:
		return r.questionError(q, "the question has no right answer; it begins with %c", rightMark)
	}
	return nil
}

// expect reads an expectation of the newest step.
func (r *blockReader) expect(line int, words []sim.Word) error {
	step, err := r.newest(line, words[0], "expect", "an expectation")
	if err != nil {
		return err
	}
	x, err := parseExpectation(words, r.lesson.HasWire())
	if err != nil {
		return r.errorAt(line, err)
	}
	if err := x.belongsTo(step.Step); err != nil {
		return r.errorAt(line, err)
	}
	x.Line = line
	step.Expect = append(step.Expect, x)
	return nil
}

// step reads a step, to which the questions belong that stand above it.
func (r *blockReader) step(line int, words []sim.Word) error {
	l, first, known := r.lesson, words[0], beginnings()
	if first.Quoted || !slices.Contains(known, first.Text) {
		return r.errorAt(line, sim.Unknown(first, "the beginning of a line", known))
	}
	step, err := sim.StepOf(words)
	if err != nil {
		return r.errorAt(line, err)
	}
	if !l.HasWire() && slices.ContainsFunc(sim.Usages(), func(u sim.Usage) bool { return u.Verb == step.Verb && u.Wire }) {
		return r.errorAt(line, needsWire(first))
	}
	if !l.HasWire() && step.At == sim.Server && step.Verb == sim.VerbConnect {
		return r.errorAt(line, needsWire(sim.Word{Text: "server connect", Col: first.Col}))
	}
	if !l.HasWire() && step.How == sim.WaitFlight {
		return r.errorAt(line, needsWire(words[2]))
	}
	if len(l.Steps) == MaxSteps {
		return r.errorf(line, first.Col, "this is step %d; a lesson has at most %d", MaxSteps+1, MaxSteps)
	}
	for _, q := range r.asked {
		for _, a := range q.Answers {
			if err := a.belongsTo(step); err != nil {
				return r.errorAt(a.Line, err)
			}
		}
	}
	l.Steps = append(l.Steps, Step{Step: step, Line: line, Ask: r.asked})
	r.asked = nil
	return nil
}

// beginnings returns the words that a line of a block may begin with.
func beginnings() []string {
	words := []string{string(sim.Client), string(sim.Server)}
	for _, u := range sim.Usages() {
		if u.Whole {
			words = append(words, string(u.Verb))
		}
	}
	return append(words, wordExpect, wordSay, wordAsk)
}
