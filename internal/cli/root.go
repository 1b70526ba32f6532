package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

// Main runs finwait with the arguments that follow the name of the program, on the streams
// of the process. It prints what went wrong on standard error, and returns the exit status.
func Main(args []string) int {
	reserve()
	root := newRoot()
	root.SetArgs(args)
	err := root.Execute()
	status := exitStatus(err)
	if err != nil && status < exitSignal && !saysAll(err) {
		var mistakes lesson.Errors
		switch {
		case errors.As(err, &mistakes): // each names its file, as a compiler does
			fmt.Fprintln(os.Stderr, shown(mistakes.Error(), plainLocale()))
		case status == exitUsage:
			fmt.Fprintln(os.Stderr, "finwait:", shown(err.Error(), plainLocale()))
			fmt.Fprintln(os.Stderr, "Try: finwait --help")
		default:
			fmt.Fprintln(os.Stderr, "finwait:", shown(err.Error(), plainLocale()))
		}
	}
	return status
}

// saysAll reports whether the output of the command has said what the error is about.
func saysAll(err error) bool {
	for _, said := range []error{errFellShort, errDisagree, errDiffer, errNotRead, errNotPlayed} {
		if errors.Is(err, said) {
			return true
		}
	}
	return false
}

// shown returns a message as a terminal may have it: in ASCII alone if ascii is set.
func shown(message string, ascii bool) string {
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		lines[i] = text.GlyphsFor(ascii).ShowCode(text.Clean(strings.ReplaceAll(line, "\t", "    ")))
	}
	return strings.Join(lines, "\n")
}

// reserve makes the Go runtime open the descriptors that it needs for timers. If it opened
// them later and none were left, it would end the program with a stack trace.
func reserve() { time.AfterFunc(time.Hour, func() {}).Stop() }

func newRoot() *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "finwait",
		Short: "See how a TCP connection really ends, on real sockets",
		Long: `finwait drives real sockets, one system call per key press, and draws what the
kernel did: both ends' states, the segments, what each call returned, which
signal killed whom.`,
		Example: `  finwait                          choose a lesson
  finwait play client-gone         play it, one step per press of space
  finwait run client-gone          the same as text, all steps at once
  finwait run my-lesson.md --json  one JSON object per event
  finwait doctor                   what works on this machine, and why`,
		Version:       version(),
		Args:          unknownCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return menu(cmd, f) },
	}
	root.SetFlagErrorFunc(flagError)
	f.addScreen(root)
	f.addLab(root)
	root.AddCommand(newPlay(), newSandbox(), newRun(), newCompare(), newLessons(), newShow(), newExec(), newNew(), newCheck(), newConform(), newDoctor())
	return root
}

// unknownCommand refuses an argument of finwait itself, and names the command that was
// perhaps meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	err := fmt.Errorf("%q is not a command", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		err = fmt.Errorf("%w; did you mean %q?", err, near[0])
	} else if l, findErr := lesson.Find(args[0]); findErr == nil {
		err = fmt.Errorf("%w; a lesson is played with: finwait play %s", err, l.Name)
	}
	return usageError{err}
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no argument, got %q", cmd.Name(), args[0])}
	}
	return nil
}

// version returns the version of the module, or the revision, as the build recorded it, and
// the version of Go.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "(devel)" {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	return fmt.Sprintf("%s (%s)", v, info.GoVersion)
}
