package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"finwait/netlab"
	"finwait/netlab/conform"
	"finwait/sim"
	"finwait/sim/check"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// errDisagree says that the kernel did not do what the model says. The lesson on standard
// output shows the difference.
var errDisagree = errors.New("the model and the kernel disagree")

func newConform() *cobra.Command {
	o := conform.Options{Judge: func() conform.Judge { return check.New() }}
	logs := ""
	cmd := &cobra.Command{
		Use:   "conform",
		Short: "Ask whether this machine's kernel does what the model says",
		Long: `Ask whether this machine's kernel does what the model says. Random walks over everything
that steps can do are made on real sockets, and compared with the model after every step.
A walk that disagrees is played again, up to five times, with no other walk beside it. If it
disagrees again, the exit status is 1, and the shortest such walk is printed as a lesson
that replays it. If not, the report lists it as seen once.

What walks leave out:
` + leftOut("  %s\n    %s.\n"),
		Example: "  finwait conform\n  finwait conform --net loopback --walks 1000 --seed 7\n  finwait conform > differs.md || finwait run differs.md",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runConform(cmd, o, logs) },
	}
	cmd.Flags().StringVar((*string)(&o.Net), "net", string(sim.Wire), "wire or loopback")
	cmd.Flags().IntVar(&o.Walks, "walks", 200, "number of walks")
	cmd.Flags().IntVar(&o.Steps, "steps", 30, "number of random steps in a walk, after its beginning")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "seed of the random choices; the same seed makes the same walks")
	cmd.Flags().StringVar(&logs, "logs", "", "folder for the logs of walks that disagreed, even if only once, as JSON")
	return cmd
}

// leftOut returns a list of what walks leave out. The format has two verbs: for what is
// left out, and for the reason.
func leftOut(format string) string {
	var b strings.Builder
	for _, l := range conform.LeftOuts() {
		fmt.Fprintf(&b, format, l.What, l.Why)
	}
	return b.String()
}

// checkConform returns a usageError for options out of range.
func checkConform(o conform.Options) error {
	switch {
	case o.Net == sim.Model:
		return usageError{errors.New("--net sim: the model cannot be compared with itself; it is wire or loopback")}
	case o.Net != sim.Wire && o.Net != sim.Loopback:
		return usageError{fmt.Errorf("--net %q: it is wire or loopback", o.Net)}
	case o.Walks < 1 || o.Walks > conform.MaxWalks:
		return usageError{fmt.Errorf("--walks %d: %s", o.Walks, numberUpTo(conform.MaxWalks))}
	case o.Steps < 1 || o.Steps > conform.MaxSteps:
		return usageError{fmt.Errorf("--steps %d: %s", o.Steps, numberUpTo(conform.MaxSteps))}
	}
	return nil
}

// runConform makes the walks and prints the report. The logs of the walks that disagree go
// into the folder logs, unless it is "".
func runConform(cmd *cobra.Command, o conform.Options, logs string) error {
	if err := checkConform(o); err != nil {
		return err
	}
	if logs != "" {
		if err := os.MkdirAll(logs, 0o777); err != nil {
			return usageError{fmt.Errorf("cannot keep the logs: %w", err)}
		}
	}
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	o.Open = func(kernelTimers bool) (sim.Lab, error) { return openWalk(o.Net, kernelTimers) }
	progress, clear := progressOn(os.Stderr)
	o.Progress = progress
	report, err := conform.Run(ctx, o)
	clear()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), report); err != nil {
		return err
	}
	if logs != "" {
		if err := writeLogs(logs, report); err != nil {
			return err
		}
	}
	if len(report.Disagreements) == 0 {
		return nil
	}
	return errDisagree
}

// writeLogs writes into a folder the log of each walk that disagrees, the log of each that was
// seen once, and the log of the shortest disagreement after it was made shorter.
func writeLogs(dir string, report *conform.Report) error {
	for _, d := range report.Disagreements {
		if err := writeLog(filepath.Join(dir, fmt.Sprintf("walk-%d.jsonl", d.Walk)), d.Log); err != nil {
			return err
		}
	}
	for _, d := range report.SeenOnce {
		if err := writeLog(filepath.Join(dir, fmt.Sprintf("walk-%d-seen-once.jsonl", d.Walk)), d.Log); err != nil {
			return err
		}
	}
	if report.Shortest == nil {
		return nil
	}
	return writeLog(filepath.Join(dir, "shortest.jsonl"), report.Shortest.Log)
}

func writeLog(name string, log []sim.Event) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	p := jsonPrinter(file)
	for _, e := range log {
		if err := p.event(e); err != nil {
			return err
		}
	}
	return nil
}

// openWalk opens the lab of a walk. On loopback the lab has a network namespace of its own
// where the kernel permits one, so that hundreds of connections in TIME_WAIT stay out of
// the machine's.
func openWalk(net sim.Net, kernelTimers bool) (sim.Lab, error) {
	o := netlab.Options{Net: net, KernelTimers: kernelTimers, Host: netlab.HostPrivate}
	lab, err := netlab.Open(o)
	if refused := new(netlab.UnavailableError); errors.As(err, &refused) && net == sim.Loopback {
		o.Host = netlab.HostAuto
		lab, err = netlab.Open(o)
	}
	if err != nil {
		return nil, err
	}
	return lab, nil
}

// progressOn returns two functions: show draws the progress on one line of the terminal w,
// clear removes that line. If w is no terminal, show is nil and clear does nothing.
func progressOn(w *os.File) (show func(conform.Progress), clear func()) {
	if !term.IsTerminal(w.Fd()) {
		return nil, func() {}
	}
	const width = 78
	show = func(p conform.Progress) {
		text := fmt.Sprintf("%d walks, %d steps, %d that disagree", p.Walks, p.Steps, p.Differ)
		switch {
		case p.Replaying > 0:
			text += fmt.Sprintf("; walk %d again", p.Replaying)
		case p.Shrinking > 0:
			text += fmt.Sprintf("; the shortest has %d steps", p.Shrinking)
		}
		fmt.Fprintf(w, "\r%-*s", width, text)
	}
	return show, func() { io.WriteString(w, "\r"+strings.Repeat(" ", width)+"\r") }
}
