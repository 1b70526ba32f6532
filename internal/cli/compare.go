package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/tui"
)

// pairWidth is the usual width of two ladders beside each other, in cells.
const pairWidth = 120

func newCompare() *cobra.Command {
	f := &flags{}
	var asText bool
	var width int
	cmd := &cobra.Command{
		Use:   "compare LESSON|FILE.md [LESSON|FILE.md]",
		Short: "Two runs of a lesson, two lessons, or kernel and model, side by side",
		Long: `Compare what happens in two plays, step by step: two lessons; two runs of a lesson
that has runs; or one lesson on a kernel and on the model. Without a terminal, or
with --text, both ladders are printed beside each other.
The exit status is that of diff: 0 if nothing differs, 1 if something does.`,
		Example:           "  finwait compare client-gone\n  finwait compare --net sim --text four-way server-first",
		Args:              oneOrTwoLessons,
		ValidArgsFunction: completeLesson,
		RunE: func(cmd *cobra.Command, args []string) error {
			sides, err := sidesOf(f, args)
			switch {
			case err != nil:
				return err
			case width < ladder.MinPairWidth || width > maxTranscriptWidth:
				return usageError{fmt.Errorf("--width %d: it is a number of columns from %d to %d", width, ladder.MinPairWidth, maxTranscriptWidth)}
			case asText || !onTerminal():
				return compareText(cmd, f, sides, width)
			}
			return compareScreen(cmd.Context(), f, sides)
		},
	}
	f.addScreen(cmd)
	f.addLab(cmd)
	cmd.Flags().BoolVar(&asText, "text", false, "print both ladders, also on a terminal")
	cmd.Flags().IntVar(&width, "width", pairWidth, "the width of the text in columns")
	return cmd
}

// oneOrTwoLessons accepts one or two arguments.
func oneOrTwoLessons(cmd *cobra.Command, args []string) error {
	if len(args) != 1 && len(args) != 2 {
		return usageError{fmt.Errorf("%s needs one lesson or two: a name from `finwait lessons`, or a file", cmd.Name())}
	}
	return nil
}

// sidesOf returns what is to be compared.
func sidesOf(f *flags, names []string) (sides [2]tui.Side, err error) {
	if err := f.check(); err != nil {
		return sides, err
	}
	var lessons []*lesson.Lesson
	for _, name := range names {
		l, err := load(name)
		if err != nil {
			return sides, err
		}
		lessons = append(lessons, l)
	}
	if len(lessons) == 1 {
		sides, ok := tui.Sides(lessons[0], !f.modelled(), lang.English())
		if !ok {
			return sides, usageError{fmt.Errorf("the lesson %s has no runs, and is played on the model alone: there is nothing to compare it with", lessons[0].Name)}
		}
		return sides, nil
	}
	for i, l := range lessons {
		sides[i] = tui.Side{Name: l.Name, Lesson: l}
	}
	return sides, nil
}

// openSide opens the lab of a side, beside that of the other.
func openSide(f *flags, s tui.Side) (sim.Lab, error) {
	if s.OnModel {
		return openModel(f, s.Lesson), nil
	}
	return openBeside(f, s.Lesson)
}

// compareScreen shows both sides on the screen until the person leaves it.
func compareScreen(ctx context.Context, f *flags, sides [2]tui.Side) error {
	c := screenConfig(f)
	c.Compare = &sides
	outcome, err := tui.Run(context.WithoutCancel(ctx), c)
	if err == nil && outcome.Differ {
		return errDiffer
	}
	return err
}

// compareText plays both sides at the same time and prints both ladders when they are over.
func compareText(cmd *cobra.Command, f *flags, sides [2]tui.Side, width int) error {
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var labs [2]sim.Lab
	for i, side := range sides {
		lab, err := openSide(f, side)
		if err != nil {
			return withWayOut(err, side.Lesson, cmd.Name(), "")
		}
		defer lab.Close() //nolint:errcheck // an error that matters has been told before
		labs[i] = lab
	}
	var logs [2][]sim.Event
	var errs [2]error
	var playing sync.WaitGroup
	for i, side := range sides {
		playing.Go(func() {
			if logs[i], errs[i] = logOf(ctx, labs[i], side.Lesson); errs[i] != nil {
				cancel()
			}
		})
	}
	playing.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) { // which is what the other side has of it
			return err
		}
	}
	t := ladder.PairTranscript{Names: [2]string{sides[0].Name, sides[1].Name}, Held: sides[0].Lesson.HasWire() && sides[1].Lesson.HasWire(), Width: width, ASCII: f.ascii}
	for i, log := range logs {
		for _, e := range log {
			t.Apply(i, e)
		}
	}
	lines, differ := t.Lines()
	if err := printLines(cmd.OutOrStdout(), lines); err != nil {
		return err
	}
	if differ {
		return errDiffer
	}
	return nil
}

// logOf plays a lesson to its end and returns its log. It closes the lab.
func logOf(ctx context.Context, lab sim.Lab, l *lesson.Lesson) ([]sim.Event, error) {
	player := lesson.NewPlayer(l)
	silent := printer{
		prose: func(string) error { return nil },
		event: func(sim.Event) error { return nil },
		end:   func() error { return nil },
	}
	err := playThrough(ctx, lab, player, silent)
	return player.Log().All(), errors.Join(err, lab.Close())
}
