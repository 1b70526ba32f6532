package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/text"
)

// allNets is the value of --net that plays a lesson on every network that fits it.
const allNets = "all"

func newCheck() *cobra.Command {
	var net string
	var ascii bool
	cmd := &cobra.Command{
		Use:   "check [LESSON|FILE.md|DIR]...",
		Short: "Check lessons: one line for each, and what does not hold",
		Long: `Check lessons without a screen: those named, those in the named directories, or
those of finwait. The exit status is 1 if something that a lesson says does not hold.`,
		Example:           "  finwait check\n  finwait check course/ --net all",
		ValidArgsFunction: completeLesson,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains([]string{"", string(sim.Loopback), string(sim.Wire), string(sim.Model), allNets}, net) {
				return usageError{fmt.Errorf("--net %q: it is loopback, wire, sim or all", net)}
			}
			checks, err := checksOf(args)
			if err != nil {
				return err
			}
			ctx, stop := untilSignal(cmd.Context())
			defer stop()
			ctx, cancel := context.WithCancel(ctx)
			r := checkReport{w: cmd.OutOrStdout(), glyphs: text.GlyphsFor(ascii), ascii: ascii}
			for _, c := range checks {
				r.width = max(r.width, text.Cells(c.name))
			}
			results := startChecks(ctx, checks, net)
			err = r.print(results)
			cancel()
			for _, result := range results {
				<-result // its lab is closed
			}
			return err
		},
	}
	cmd.Flags().StringVar(&net, "net", "", "loopback, wire, sim, or all that fit (default: what the lesson needs)")
	cmd.Flags().BoolVar(&ascii, "ascii", plainLocale(), "use ASCII characters only (default: by the locale)")
	return cmd
}

// candidate is a lesson to be checked.
type candidate struct {
	name     string // as it is listed
	lesson   *lesson.Lesson
	mistakes lesson.Errors // why there is no lesson
}

// checksOf returns the lessons that the arguments name, in their order: a lesson of finwait, a
// file, or a directory with files. Without arguments they are the lessons of finwait.
func checksOf(args []string) ([]candidate, error) {
	var list []candidate
	if len(args) == 0 {
		for _, l := range lesson.Embedded() {
			list = append(list, candidate{name: l.Name, lesson: l})
		}
		return list, nil
	}
	for _, arg := range args {
		names := []string{arg}
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			if names, err = lessonsIn(arg); err != nil {
				return nil, usageError{fmt.Errorf("cannot read the directory: %w", err)}
			}
			if len(names) == 0 {
				return nil, usageError{fmt.Errorf("%s has no lesson: no file *.md with a block ```finwait", arg)}
			}
		}
		for _, name := range names {
			l, err := load(name)
			c := candidate{name: name, lesson: l}
			if err != nil && !errors.As(err, &c.mistakes) {
				return nil, err
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// lessonsIn returns the names of the files in a directory, and in those below it, that have
// a block of steps.
func lessonsIn(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		src, err := io.ReadAll(io.LimitReader(f, lesson.MaxSize))
		if err == nil && lesson.HasBlock(src) {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// checkReport prints what came of checks.
type checkReport struct {
	w      io.Writer
	glyphs *text.Glyphs
	ascii  bool
	width  int // of the longest name, in cells

	played      bool               // at least one lesson was played
	fell        bool               // something fell short
	wrong       bool               // a file is no lesson
	unavailable map[sim.Net]string // why there is no such network here
}

// print prints each result as soon as it and those before it are there. The error says what
// the exit status is about.
func (r *checkReport) print(results []<-chan checkResult) error {
	r.unavailable = map[sim.Net]string{}
	for _, result := range results {
		c := <-result
		if c.err != nil {
			return c.err
		}
		if err := printLines(r.w, r.lines(c)); err != nil {
			return err
		}
	}
	if err := printLines(r.w, r.reasons()); err != nil {
		return err
	}
	switch {
	case r.fell:
		return errFellShort
	case r.wrong:
		return errNotRead
	case !r.played:
		return errNotPlayed
	}
	return nil
}

// lines returns the line of a lesson and, below it, what does not hold.
func (r *checkReport) lines(c checkResult) []string {
	sign, played := r.sign("✓", "ok    "), false
	var places, fell []string
	where := map[string][]string{} // on which networks something fell short
	for _, p := range c.plays {
		place := string(p.net)
		switch {
		case p.unavailable != "":
			r.unavailable[p.net] = p.unavailable
			place += " not played"
		case p.unfit != "":
			place = p.unfit
		default:
			played = true
		}
		if len(p.fell) > 0 {
			place += " fell short"
		}
		places = append(places, place)
		for _, what := range p.fell {
			if where[what] == nil {
				fell = append(fell, what)
			}
			where[what] = append(where[what], string(p.net))
		}
	}
	r.played, r.fell, r.wrong = r.played || played, r.fell || len(fell) > 0, r.wrong || len(c.mistakes) > 0
	switch {
	case len(fell)+len(c.mistakes) > 0:
		sign = r.sign("✗", "FAILED")
	case !played:
		sign = r.sign("-", "-     ")
	}
	name := r.show(c.name)
	line := sign + " " + name + strings.Repeat(" ", max(0, r.width-text.Cells(name))) + "  " + r.show(strings.Join(places, ", "))
	lines := []string{strings.TrimRight(line, " ")}
	for _, mistake := range c.mistakes {
		lines = append(lines, r.show(mistake.Error()))
	}
	for _, what := range fell {
		lines = append(lines, r.show(fmt.Sprintf("%s (%s)", what, strings.Join(where[what], ", "))))
	}
	return lines
}

// reasons returns why networks are not available.
func (r *checkReport) reasons() []string {
	var lines []string
	for _, net := range []sim.Net{sim.Loopback, sim.Wire} {
		if why := r.unavailable[net]; why != "" {
			lines = append(lines, r.show(fmt.Sprintf("%s is not available here: %s", net, why)))
		}
	}
	return lines
}

func (r *checkReport) sign(usual, ascii string) string {
	if r.ascii {
		return ascii
	}
	return usual
}

// show returns a text from outside as it may be printed.
func (r *checkReport) show(s string) string { return r.glyphs.Show(text.Clean(s)) }
