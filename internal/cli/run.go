package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"finwait/sim"
	"finwait/sim/lesson"
)

func newRun() *cobra.Command {
	f := &flags{}
	var form output
	cmd := &cobra.Command{
		Use:   "run LESSON|FILE.md",
		Short: "Run a lesson without a screen and check what it expects",
		Long: `Run a lesson without a screen: the prose, the steps and the ladder as text.
The exit status is 1 if an expectation does not hold or a step is refused.`,
		Example:           "  finwait run four-way\n  finwait run --json client-gone | jq 'select(.kind==\"signal\")'",
		Args:              oneLesson,
		ValidArgsFunction: completeLesson,
		RunE:              func(cmd *cobra.Command, args []string) error { return run(cmd, f, form, args[0]) },
	}
	f.addLab(cmd)
	f.addRun(cmd, "one after the other")
	f.addPart(cmd)
	cmd.Flags().BoolVar(&form.json, "json", false, "print the log, one JSON object a line")
	cmd.Flags().BoolVar(&form.plain, "plain", false, "print one sentence per event, for a screen reader")
	cmd.Flags().IntVar(&form.width, "width", transcriptWidth, "the width of the transcript in columns")
	return cmd
}

// output is the form in which run prints: a transcript if neither json nor plain is set.
type output struct {
	json, plain bool
	width       int // of the transcript and of its prose, in cells
	from        int // the first step that is printed, 0 for all
}

// The widths that a transcript can have, in cells.
const (
	minTranscriptWidth = 40
	maxTranscriptWidth = 400
)

// check returns a usageError for a form that there is not.
func (o output) check() error {
	switch {
	case o.json && o.plain:
		return usageError{errors.New("--json and --plain are two forms of the same: choose one")}
	case o.json && o.from > 0:
		return usageError{errors.New("--from leaves out what is before that step, and --json prints the whole log: choose one")}
	case o.width < minTranscriptWidth || o.width > maxTranscriptWidth:
		return usageError{fmt.Errorf("--width %d: %s", o.width, widthRange)}
	}
	return nil
}

// run plays a lesson without a screen: every run of it, or the one that was asked for.
func run(cmd *cobra.Command, f *flags, form output, name string) error {
	form.from = f.from
	if err := cmp.Or(form.check(), f.check()); err != nil {
		return err
	}
	l, err := load(name)
	if err != nil {
		return err
	}
	runs := l.Runs()
	if f.run != "" {
		if l, err = l.FindRun(f.run); err != nil {
			return usageError{err}
		}
		runs = []*lesson.Lesson{l}
	}
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	failures := 0
	for i, l := range runs {
		if l, err = f.part(l); err != nil {
			return err
		}
		if i > 0 && !form.json {
			fmt.Fprintln(cmd.OutOrStdout())
		}
		fell, err := runOnce(ctx, f, l, newPrinter(cmd.OutOrStdout(), l, form, f.ascii))
		if err != nil {
			return withWayOut(err, l, cmd.Name(), name)
		}
		failures += fell
	}
	if failures > 0 {
		return errFellShort
	}
	return nil
}

// runOnce plays a lesson in a lab of its own and returns how much of it fell short.
func runOnce(ctx context.Context, f *flags, l *lesson.Lesson, p printer) (failures int, err error) {
	lab, err := openLab(f, l)
	if err != nil {
		return 0, err
	}
	player := lesson.NewPlayer(l)
	err = playThrough(ctx, lab, player, p)
	return player.Failures(), errors.Join(err, lab.Close())
}

// playThrough plays a lesson to its end: each step starts when the one before has settled. It begins after the first event of the lab, so that
// the title comes before the prose.
func playThrough(ctx context.Context, lab sim.Lab, player *lesson.Player, p printer) error {
	say := "" // the sentence of the step that was started last
	for {
		if !player.Busy() && player.Log().Len() > 0 {
			n, step, more := player.Next()
			if !more || n > p.from {
				if err := p.prose(say); err != nil {
					return err
				}
			}
			if !more {
				return p.end()
			}
			if step.First && n > p.from || n == p.from && n > 0 {
				if err := p.prose(step.Story); err != nil {
					return err
				}
			}
			if err := lab.Start(n, step.Step); err != nil {
				return ended(lab, err)
			}
			player.Started()
			say = step.Say
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e, open := <-lab.Events():
			if !open {
				return ended(lab, errors.New("the lab has ended"))
			}
			for _, e := range append([]sim.Event{e}, player.Observe(e)...) {
				if err := p.event(e); err != nil {
					return err
				}
			}
		}
	}
}

// ended returns why a lab ended: the lab's own error, or otherwise if it has none.
func ended(lab sim.Lab, otherwise error) error {
	if err := lab.Err(); err != nil {
		return err
	}
	return otherwise
}
