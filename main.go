// Command finwait shows how a TCP connection really ends, one key press at a
// time, on real sockets.
//
// This file is the command line: it parses, chooses what to do and turns errors
// into exit statuses. What it starts is in run.go (without a screen) and in the
// package tui (with one).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/tui"

	"github.com/spf13/cobra"
)

// The exit statuses.
const (
	exitOK          = 0
	exitExpectation = 1 // an expectation fell short, or the kernel did not do what the model says
	exitUsage       = 2
	exitUnavailable = 3 // not permitted or missing here
	exitSignal      = 128
)

func main() {
	netlab.RunRole()
	os.Exit(execute(os.Args[1:]))
}

// execute runs finwait with the given arguments and returns its exit status.
func execute(args []string) int {
	reserve()
	root := newRoot()
	root.SetArgs(args)
	err := root.Execute()
	status := exitStatus(err)
	if err != nil && status < exitSignal && !errors.Is(err, errFellShort) && !errors.Is(err, errDisagree) {
		fmt.Fprintln(os.Stderr, "finwait:", err)
		if mistake := (*lesson.Error)(nil); status == exitUsage && !errors.As(err, &mistake) {
			fmt.Fprintln(os.Stderr, "Try: finwait --help")
		}
	}
	return status
}

// reserve makes the Go runtime take the descriptors that it will need for timers
// now. When it finds none left later, it ends the program with a stack trace.
func reserve() { time.AfterFunc(time.Hour, func() {}).Stop() }

// signalError says which signal ended finwait.
type signalError struct{ sig syscall.Signal }

func (e signalError) Error() string { return e.sig.String() }

// untilSignal returns a context that ends with a signalError at the first signal
// that asks finwait to end. It is not for the screen, which has to give the
// terminal back first and sees to signals itself.
func untilSignal(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			if sig, ok := s.(syscall.Signal); ok {
				cancel(signalError{sig})
			}
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

// usageError is a mistake in how finwait was called.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }

func (e usageError) Unwrap() error { return e.err }

// errFellShort says that a lesson ran and something was not as expected; the
// transcript has said what.
var errFellShort = errors.New("an expectation fell short")

// exitStatus maps what a command returned to the status a script can rely on.
func exitStatus(err error) int {
	var sig signalError
	var usage usageError
	var mistake *lesson.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &sig):
		return exitSignal + int(sig.sig)
	case errors.Is(err, tui.ErrInterrupted):
		return exitSignal + int(syscall.SIGINT)
	case errors.Is(err, tui.ErrTerminated):
		return exitSignal + int(syscall.SIGTERM)
	case errors.Is(err, tui.ErrHangup):
		return exitSignal + int(syscall.SIGHUP)
	case errors.Is(err, errFellShort), errors.Is(err, errDisagree):
		return exitExpectation
	case errors.As(err, &usage), errors.As(err, &mistake):
		return exitUsage
	}
	return exitUnavailable
}

// flags are the options that several commands share.
type flags struct {
	port        int
	net         string
	private     bool
	ascii       bool
	noAnimation bool
	color       string
	theme       string
}

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
	root.AddCommand(newPlay(), newRun(), newLessons(), newConform(), newDoctor())
	return root
}

// addLab adds the options of what opens a laboratory.
func (f *flags) addLab(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.port, "port", sim.DefaultPort, "the server's port, 0 for any that is free")
	cmd.Flags().StringVar(&f.net, "net", "", "loopback, wire, or sim: the model alone (default: what the lesson needs)")
	cmd.Flags().BoolVar(&f.private, "private", false, "play in a network namespace of its own, unseen by this machine")
	cmd.Flags().BoolVar(&f.ascii, "ascii", plainLocale(), "draw with ASCII characters only (default: by the locale)")
}

// addScreen adds the options of what draws a screen.
func (f *flags) addScreen(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noAnimation, "no-animation", false, "draw arrows at once")
	cmd.Flags().StringVar(&f.color, "color", "auto", "auto, always or never")
	cmd.Flags().StringVar(&f.theme, "theme", "auto", "auto, dark or light")
}

// check refuses values that an option cannot have. An option that the command does
// not have is empty.
func (f *flags) check() error {
	switch {
	case f.port < 0 || f.port > 65535:
		return usageError{fmt.Errorf("--port %d: %s", f.port, portRange)}
	case !slices.Contains([]string{"", lesson.NetLoopback, lesson.NetWire, lesson.NetSim}, f.net):
		return usageError{fmt.Errorf("--net %q: it is loopback, wire or sim", f.net)}
	case !slices.Contains([]string{"", "auto", "always", "never"}, f.color):
		return usageError{fmt.Errorf("--color %q: it is auto, always or never", f.color)}
	case !slices.Contains([]string{"", "auto", "dark", "light"}, f.theme):
		return usageError{fmt.Errorf("--theme %q: it is auto, dark or light", f.theme)}
	}
	return nil
}

// unknownCommand refuses an argument of finwait itself, with the command that
// was perhaps meant.
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

// oneLesson accepts exactly one argument.
func oneLesson(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("%s needs one lesson: a name from `finwait lessons`, or a file", cmd.Name())}
	}
	return nil
}

func newPlay() *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:               "play LESSON|FILE.md",
		Short:             "Play a lesson on the screen, one step per key press",
		Example:           "  finwait play client-gone\n  finwait play --no-animation my-lesson.md",
		Args:              oneLesson,
		ValidArgsFunction: completeLesson,
		RunE:              func(cmd *cobra.Command, args []string) error { return play(cmd, f, args[0]) },
	}
	f.addScreen(cmd)
	f.addLab(cmd)
	return cmd
}

func newRun() *cobra.Command {
	f := &flags{}
	var form output
	cmd := &cobra.Command{
		Use:   "run LESSON|FILE.md",
		Short: "Run a lesson without a screen and check what it expects",
		Long: `Run a lesson without a screen: the prose, the steps and the ladder as text.
The exit status is 1 if an expectation fell short.`,
		Example:           "  finwait run four-way\n  finwait run --json client-gone | jq 'select(.kind==\"signal\")'",
		Args:              oneLesson,
		ValidArgsFunction: completeLesson,
		RunE:              func(cmd *cobra.Command, args []string) error { return run(cmd, f, form, args[0]) },
	}
	f.addLab(cmd)
	cmd.Flags().BoolVar(&form.json, "json", false, "print the log, one JSON object a line")
	cmd.Flags().BoolVar(&form.plain, "plain", false, "print one sentence per event, for a screen reader")
	return cmd
}

func newLessons() *cobra.Command {
	return &cobra.Command{
		Use:   "lessons",
		Short: "List the lessons",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return listLessons(cmd.OutOrStdout()) },
	}
}

func newDoctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what works on this machine, why, and what would change it",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(cmd.OutOrStdout(), netlab.Diagnose())
			return err
		},
	}
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no argument, got %q", cmd.Name(), args[0])}
	}
	return nil
}

// completeLesson completes the names of the lessons for the shell.
func completeLesson(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, l := range lesson.Embedded() {
		names = append(names, l.Name+"\t"+l.Title)
	}
	return names, cobra.ShellCompDirectiveDefault
}

// version returns the version of the module, as the build knows it.
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
