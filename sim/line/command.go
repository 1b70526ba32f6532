package line

import (
	"strconv"
	"strings"

	"finwait/sim"
)

// Command is what a line asks for: Step, Jump or Save.
type Command interface{ command() }

// Step is a step for the lab.
type Step struct{ sim.Step }

// Jump goes to where step N of the lesson is the next.
type Jump struct{ N int }

// Save writes what was done as a lesson.
type Save struct {
	Name string // of the file
	Over bool   // a file of that name may be overwritten
}

func (Step) command() {}
func (Jump) command() {}
func (Save) command() {}

// The words of the commands that are no steps.
const (
	save     = "save"
	saveOver = "save!"
)

// saveUsage is how save is written.
const saveUsage = "save NAME.md"

// maxJump is above the number of steps of any lesson.
const maxJump = 1 << 20

// Parse reads a line. The error is a *sim.SyntaxError.
func Parse(text string) (Command, error) {
	words, err := wordsOf(text)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, &sim.SyntaxError{Col: 1, Msg: "there is nothing to do"}
	}
	first := words[0]
	switch {
	case first.Quoted:
	case first.Text == save, first.Text == saveOver:
		x := sim.NewLexer(words)
		x.Next("")
		c := Save{Name: x.Next("the name of a file, as in " + saveUsage).Text, Over: first.Text == saveOver}
		x.End("it is written " + saveUsage)
		return c, x.Err()
	case isNumber(first.Text):
		x := sim.NewLexer(words)
		c := Jump{x.Number("the number of a step", 1, maxJump)}
		x.End("the number of a step stands alone")
		return c, x.Err()
	}
	s, err := sim.StepOf(words)
	return Step{s}, err
}

// wordsOf returns the words of a line. A colon before the first is left out: who has learned to
// begin with one types it.
func wordsOf(text string) ([]sim.Word, error) {
	return sim.Words(strings.TrimPrefix(strings.TrimLeft(text, " "), ":"))
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}
