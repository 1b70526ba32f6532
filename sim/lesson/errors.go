package lesson

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// MaxErrors is how many mistakes of one file are reported.
const MaxErrors = 20

// Errors are the mistakes of one file in the order of their places: at least one, at most
// MaxErrors.
type Errors []*Error

// Error returns one line for each mistake.
func (e Errors) Error() string {
	var lines []string
	for _, mistake := range e {
		lines = append(lines, mistake.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes.
func (e Errors) Unwrap() []error {
	var list []error
	for _, mistake := range e {
		list = append(list, mistake)
	}
	return list
}

// Error says what is wrong in the file of a lesson, and where. Line and Column count from
// 1, the column in characters.
type Error struct {
	File   string
	Line   int
	Column int
	Msg    string
}

// Error returns "file:line:column: what is wrong; what would be right".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", text.Clean(e.File), e.Line, e.Column, e.Msg)
}

// report takes in a mistake, which is an *Error.
func (s *source) report(err error) {
	var mistake *Error
	if errors.As(err, &mistake) && len(s.errs) < MaxErrors {
		s.errs = append(s.errs, mistake)
	}
}

// mistakes returns what was reported as Errors, nil if there is nothing.
func (s *source) mistakes() error {
	if len(s.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(s.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return s.errs
}

func (s *source) errorf(line, column int, format string, args ...any) *Error {
	return &Error{File: s.file, Line: line, Column: column, Msg: fmt.Sprintf(format, args...)}
}

// errorAt gives an error about one line its place in the file.
func (s *source) errorAt(line int, err error) *Error {
	var syntax *sim.SyntaxError
	if errors.As(err, &syntax) {
		return s.errorf(line, syntax.Col, "%s", syntax.Error())
	}
	return s.errorf(line, 1, "%s", err)
}
