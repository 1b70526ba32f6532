package lesson

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"finwait/sim"
)

// The marks with which answers begin, and the mark of a reason.
const (
	rightMark  = '*'
	wrongMark  = '-'
	reasonMark = '>'
)

// ask reads the text of a question about the step that comes next.
func (r *blockReader) ask(line int, first sim.Word) {
	r.answered()
	q := Question{Text: r.sentence(line, first, "a question"), Line: line}
	r.asked, r.doubt = append(r.asked, q), r.doubt || q.Text == ""
}

// answer reads an answer to the newest question.
func (r *blockReader) answer(n int, first sim.Word) {
	mark := sim.Word{Text: first.Text[:1], Col: first.Col}
	if len(r.asked) == 0 {
		r.report(r.errorf(n, mark.Col, "there is no question that this answers; an answer stands below a line that begins with ask"))
		return
	}
	q := &r.asked[len(r.asked)-1]
	a := Answer{Right: mark.Text[0] == rightMark}
	line := r.lines[n-1]
	cut := reasonIn(line)
	if cut < len(line) {
		at := sim.Word{Text: string(reasonMark), Col: utf8.RuneCountInString(line[:cut]) + 1}
		a.Reason = r.checked(n, at, "the reason", strings.TrimSpace(line[cut+1:]))
		r.doubt = r.doubt || a.Reason == ""
	}
	words, err := sim.Words(strings.Replace(line[:cut], mark.Text, " ", 1))
	if err == nil {
		a.Expectation, err = parseExpectation(append([]sim.Word{mark}, words...), r.lesson.HasWire())
	}
	if err != nil {
		r.report(r.errorAt(n, err))
		r.doubt = true
		return
	}
	a.Line = n
	if err := r.fits(q, a, mark); err != nil {
		r.report(err)
		r.doubt = true
		return
	}
	q.Answers = append(q.Answers, a)
}

// fits returns an error if the question cannot have that answer beside those it has.
func (r *blockReader) fits(q *Question, a Answer, mark sim.Word) error {
	if len(q.Answers) == MaxAnswers {
		return r.errorf(a.Line, mark.Col, "this is answer %d; a question has at most %d", MaxAnswers+1, MaxAnswers)
	}
	for _, b := range q.Answers {
		switch {
		case b.Text == a.Text:
			return r.errorf(a.Line, mark.Col, "the answer %s is there twice; once is enough", a.Text)
		case b.Right && a.Right:
			return r.errorf(a.Line, mark.Col, "the question has a right answer already; the others begin with %c", wrongMark)
		}
	}
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

// answered reports what the newest question lacks.
func (r *blockReader) answered() {
	if len(r.asked) == 0 || r.doubt {
		return
	}
	q := r.asked[len(r.asked)-1]
	switch {
	case len(q.Answers) < 2:
		r.report(r.questionError(q, "the question has %d of at least 2 answers; they stand below it, the right one after %c, the others after %c", len(q.Answers), rightMark, wrongMark))
	case q.Right() < 0:
		r.report(r.questionError(q, "the question has no right answer; it begins with %c", rightMark))
	}
}

// noQuestion reports a question without a step.
func (r *blockReader) noQuestion() {
	if len(r.asked) > 0 && !r.doubt {
		r.report(r.questionError(r.asked[0], "there is no step to ask about; a question stands above its step, in the same block"))
	}
	r.asked, r.doubt = nil, false
}

// questionError returns an error about the line of a question.
func (r *blockReader) questionError(q Question, format string, args ...any) error {
	return r.errorf(q.Line, firstWord(r.lines[q.Line-1]).Col, format, args...)
}
