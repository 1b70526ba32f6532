package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/tui"
)

func newSandbox() *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Two ends and a line: make the steps yourself",
		Long: `A lab without a lesson: two processes, and a line for your own steps.
In it, save NAME.md writes what you did as a lesson.`,
		Example: "  finwait lab\n  finwait lab --net wire",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return sandbox(cmd, f) },
	}
	f.addScreen(cmd)
	f.addLab(cmd)
	return cmd
}

// sandbox shows a lab without a lesson.
func sandbox(cmd *cobra.Command, f *flags) error {
	if err := f.check(); err != nil {
		return err
	}
	if !onTerminal() {
		return usageError{errors.New("lab needs a terminal; a lesson in a file needs none: finwait run FILE.md")}
	}
	net := sim.Loopback
	if f.net == sim.Wire {
		net = sim.Wire
	}
	w := lang.English()
	l := lesson.Sandbox(net, w.SandboxTitle, w.SandboxStory)
	c := screenConfig(f)
	c.First = l
	outcome, err := tui.Run(context.WithoutCancel(cmd.Context()), c)
	if err != nil {
		return err
	}
	return withWayOut(outcome.Err, l, cmd.Name(), "")
}

// saveLesson writes the text of a lesson to a file, over one that is there only if over is set.
func saveLesson(name, text string, over bool) error {
	if ext := filepath.Ext(name); ext != ".md" && ext != ".markdown" {
		return fmt.Errorf("the name of a lesson ends in .md: save %s.md", name)
	}
	var err error
	if over {
		err = os.WriteFile(name, []byte(text), 0o644)
	} else {
		err = create(name, text)
	}
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s is there already; save! %[1]s overwrites it", name)
	case errors.As(err, &path):
		return fmt.Errorf("cannot write %s: %w", name, path.Err)
	}
	return err
}
