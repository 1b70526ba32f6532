package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
)

// execFlags are the options of exec that no other command has.
type execFlags struct {
	server, client string // the commands of both ends
	auto           bool
	skipSleeps     bool
	limit          time.Duration
}

func newExec() *cobra.Command {
	f := &flags{}
	var e execFlags
	var form output
	cmd := &cobra.Command{
		Use:   "exec --server 'CMD…' --client 'CMD…' --auto",
		Short: "Run your own server and client, unmodified, and see every call on their sockets",
		Long: `Run programs of your own at both ends, unmodified and without root: each is held
before every call on a socket of the lab's port, until it is let go. The log has
their calls, return values, signals and ends beside the segments and the states.

The client is started once the server listens. With --auto what is held first is
let go first, until both programs have ended or block.

A command is split into words as a shell does, and run without one. In it {server}
and {port} stand for the server's address and port, as FINWAIT_SERVER and
FINWAIT_PORT do in its environment. Both run in a network of their own, in which
the port is always free; --private=false runs them on this machine's lo.`,
		Example: `  finwait exec --server ./server --client 'nc {server} {port}' --auto
  finwait exec --server 'python3 -m http.server {port}' --client 'curl http://{server}:{port}/' --auto --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return execute(cmd, f, e, form) },
	}
	f.addLab(cmd)
	cmd.Flags().Lookup("private").DefValue = "true"
	f.private = true
	cmd.Flags().StringVar(&e.server, "server", "", "the command of the server's end")
	cmd.Flags().StringVar(&e.client, "client", "", "the command of the client's end")
	cmd.Flags().BoolVar(&e.auto, "auto", false, "let every call go by itself, what was held first before the others")
	cmd.Flags().BoolVar(&e.skipSleeps, "skip-sleeps", false, "have sleeps return at once; the log marks them")
	cmd.Flags().DurationVar(&e.limit, "limit", 5*time.Minute, "end both programs after this time")
	cmd.Flags().BoolVar(&form.json, "json", false, "print the log, one JSON object a line")
	cmd.Flags().BoolVar(&form.plain, "plain", false, "print one sentence per event, for a screen reader")
	cmd.Flags().IntVar(&form.width, "width", transcriptWidth, "the width of the transcript in columns")
	return cmd
}

// execute runs both programs and prints what happens.
func execute(cmd *cobra.Command, f *flags, e execFlags, form output) error {
	if err := cmp.Or(form.check(), f.check(), e.check(f)); err != nil {
		return err
	}
	o, err := e.options(f)
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, e.limit, errLimit)
	defer cancel()
	lab, err := netlab.Open(o)
	if err != nil {
		return err
	}
	p := newPrinter(cmd.OutOrStdout(), &lesson.Lesson{}, form, f.ascii)
	play := newAutoplay(lab, e.skipSleeps)
	err = play.run(ctx, p.event)
	if errors.Is(err, errLimit) {
		play.verdict, err = fmt.Sprintf("Not ended after %s.", e.limit), nil
	}
	if err = errors.Join(err, lab.Close()); err != nil {
		return err
	}
	if err := p.end(); err != nil {
		return err
	}
	if form.json {
		_, err = fmt.Fprintln(cmd.ErrOrStderr(), shown(play.verdict, f.ascii))
	} else {
		_, err = fmt.Fprintln(cmd.OutOrStdout(), shown(play.verdict, f.ascii))
	}
	if err == nil && play.refused {
		return errFellShort
	}
	return err
}

// errLimit says that the time of --limit is over.
var errLimit = errors.New("the time is over")

// check returns a usageError for options that do not fit together.
func (e execFlags) check(f *flags) error {
	switch {
	case e.server == "" || e.client == "":
		return usageError{errors.New("exec needs a command for each end: --server 'CMD…' --client 'CMD…'")}
	case !e.auto:
		return usageError{errors.New("exec has no screen yet: give --auto")}
	case f.net == sim.Model:
		return usageError{errors.New("--net sim: the model has no place for a program of your own")}
	case f.net == sim.Wire && strings.Contains(e.server+e.client, "127.0.0.1"):
		return usageError{errors.New("on the wire the server is another host than 127.0.0.1: write {server} in the command")}
	case e.limit <= 0:
		return usageError{fmt.Errorf("--limit %s: it is a time such as 30s", e.limit)}
	}
	return nil
}

// options returns the lab that the options ask for.
func (e execFlags) options(f *flags) (netlab.Options, error) {
	o := netlab.Options{Net: cmp.Or(f.net, sim.Loopback), Port: cmp.Or(f.port, sim.DefaultPort), AutoDeliver: true, KernelTimers: true}
	address := sim.LoopbackAddress(sim.Server)
	if o.Net == sim.Wire {
		address = sim.WireAddress(sim.Server)
	}
	if f.private {
		o.Host = netlab.HostPrivate
	}
	dir, err := os.Getwd()
	if err != nil {
		return o, err
	}
	fill := strings.NewReplacer("{server}", address, "{port}", fmt.Sprint(o.Port))
	o.Programs = map[sim.End]netlab.Command{}
	for at, line := range map[sim.End]string{sim.Server: e.server, sim.Client: e.client} {
		words, err := splitWords(line)
		if err != nil {
			return o, usageError{fmt.Errorf("--%s: %w", at, err)}
		}
		for i := range words {
			words[i] = fill.Replace(words[i])
		}
		o.Programs[at] = netlab.Command{Argv: words, Dir: dir, Env: append(os.Environ(), "FINWAIT_SERVER="+address, fmt.Sprintf("FINWAIT_PORT=%d", o.Port))}
	}
	return o, nil
}

// splitWords splits a command into words as a shell does: by spaces that are neither in quotes
// nor behind a backslash. Nothing is expanded.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quote, begun, escaped := rune(0), false, false
	for _, r := range line {
		switch {
		case escaped:
			if quote == '"' && !strings.ContainsRune("\"\\$`", r) {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, begun = true, true
		case r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, begun = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("a quote %c has no end", quote)
	case escaped:
		return nil, errors.New("nothing follows the backslash at the end")
	}
	if begun {
		words = append(words, word.String())
	}
	if len(words) == 0 {
		return nil, errors.New("the command is empty")
	}
	return words, nil
}
