package cli

import (
	"context"
	"io"
	"os"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/tui"
)

func newPlay() *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "play LESSON|FILE.md",
		Short: "Play a lesson on the screen, one step per key press",
		Long: `Play a lesson on the screen, one step per key press.
The exit status is that of run: 1 if an expectation does not hold or a step is refused.`,
		Example:           "  finwait play client-gone\n  finwait play --no-animation my-lesson.md",
		Args:              oneLesson,
		ValidArgsFunction: completeLesson,
		RunE:              func(cmd *cobra.Command, args []string) error { return play(cmd, f, args[0]) },
	}
	f.addScreen(cmd)
	f.addLab(cmd)
	f.addRun(cmd, "the first")
	f.addPart(cmd)
	return cmd
}

// menu shows the menu on a terminal, and prints the list of lessons elsewhere.
func menu(cmd *cobra.Command, f *flags) error {
	if err := f.check(); err != nil {
		return err
	}
	if !onTerminal() {
		return listLessons(cmd.OutOrStdout())
	}
	return screen(cmd.Context(), f, nil)
}

// play plays a lesson on the screen, or prints its transcript where there is no
// terminal.
func play(cmd *cobra.Command, f *flags, name string) error {
	if err := f.check(); err != nil {
		return err
	}
	if !onTerminal() {
		return run(cmd, f, output{width: transcriptWidth}, name)
	}
	l, err := load(name)
	if err != nil {
		return err
	}
	if l, err = l.FindRun(f.run); err != nil {
		return usageError{err}
	}
	if l, err = f.part(l); err != nil {
		return err
	}
	return withWayOut(screen(cmd.Context(), f, l), l, cmd.Name(), name)
}

// screen runs the screen until the person leaves it: with the lesson first, or with the menu
// if first is nil. What the lesson on the screen has come to by then is the error, as of run.
func screen(ctx context.Context, f *flags, first *lesson.Lesson) error {
	c := screenConfig(f)
	c.First, c.From = first, f.from
	// The screen handles signals itself, so that it can leave the terminal in order.
	outcome, err := tui.Run(context.WithoutCancel(ctx), c)
	if f.auto > 0 {
		leave(outcome.Screen, c.Color)
	}
	if err != nil {
		return err
	}
	if outcome.Failures > 0 && outcome.Err == nil {
		return errFellShort
	}
	return outcome.Err
}

// screenConfig returns what the flags say of the screen.
func screenConfig(f *flags) tui.Config {
	c := tui.Config{
		Lessons: lesson.Embedded, Model: f.modelled(), Animate: !f.noAnimation, ASCII: f.ascii,
		Auto: f.auto, Keys: f.keys, Hide: f.hidden, Width: f.columns, Height: f.rows,
		Open:       func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) { return openLab(f, l) },
		OpenBeside: func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) { return openBeside(f, l) },
		Save:       saveScreen, SaveLesson: saveLesson, Done: doneLessons,
	}
	if f.auto == 0 { // a recording is nobody's progress
		c.Finished = finished
	}
	if !f.modelled() {
		c.OpenModel = func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) { return openModel(f, l), nil }
		c.Wire = netlab.Wire
	}
	if f.theme != "auto" {
		dark := f.theme == "dark"
		c.Dark = &dark
	}
	switch f.color {
	case "always":
		profile := colorprofile.TrueColor
		c.Color = &profile
	case "never":
		profile := colorprofile.ASCII
		c.Color = &profile
	}
	return c
}

// leave leaves the last screen standing in the terminal: a recording would end with an empty one
// otherwise. The colours are those that the terminal has if color is nil.
func leave(screen string, color *colorprofile.Profile) {
	w := colorprofile.NewWriter(os.Stdout, os.Environ())
	if color != nil {
		w.Profile = *color
	}
	_, _ = io.WriteString(w, screen+"\n") // nothing is left to be done about an error
}

// onTerminal reports whether standard input and output are a terminal that can draw.
func onTerminal() bool {
	return term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()) && os.Getenv("TERM") != "dumb"
}
