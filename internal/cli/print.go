package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/lesson"
)

// transcriptWidth is the width of a transcript in cells; it fits a mail.
const transcriptWidth = 78

// printer prints a lesson while it is played: the prose before each block and the sentence
// below a step, each event, and what follows the last step.
type printer struct {
	prose func(markdown string) error // prints nothing if it is empty
	event func(sim.Event) error
	end   func() error
	from  int // the first step whose prose is printed, 0 for all
}

// newPrinter returns a printer of the lesson to w.
func newPrinter(w io.Writer, l *lesson.Lesson, form output, ascii bool) printer {
	if form.json {
		return jsonPrinter(w)
	}
	t := &ladder.Transcript{Width: form.width, ASCII: ascii, Plain: form.plain, Lesson: l}
	prose := func(md string) error {
		if md == "" {
			return nil
		}
		return printLines(w, t.Story(md))
	}
	return printer{
		prose: prose,
		event: func(e sim.Event) error {
			if hidden(e, form.from) {
				t.Skip(e)
				return nil
			}
			return printLines(w, t.Apply(e))
		},
		from: form.from,
		end: func() error {
			if err := prose(l.Outro); err != nil {
				return err
			}
			return printLines(w, t.Flush())
		},
	}
}

// hidden reports whether an event is not printed, since it is from before the first step that is.
// What falls short is always printed.
func hidden(e sim.Event, from int) bool {
	if b, ok := e.Body.(sim.ExpectationChecked); ok && !b.OK {
		return false
	}
	return e.Step < from && from > 1 && e.Kind() != sim.KindLab
}

// jsonPrinter prints the log, one JSON object a line, and nothing else.
func jsonPrinter(w io.Writer) printer {
	enc := json.NewEncoder(w)
	return printer{
		prose: func(string) error { return nil },
		event: func(e sim.Event) error { return enc.Encode(e) },
		end:   func() error { return nil },
	}
}

func printLines(w io.Writer, lines []string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}
