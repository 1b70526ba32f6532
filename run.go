package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/lesson"
	"finwait/sim/virtual"
	"finwait/tui"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// transcriptWidth is the width of a transcript, so that it fits a mail.
const transcriptWidth = 78

// output is the form in which run prints.
type output struct{ json, plain bool }

// menu shows the lessons: on a terminal to choose from, elsewhere as a list.
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
		return run(cmd, f, output{}, name)
	}
	l, err := load(name)
	if err != nil {
		return err
	}
	return screen(cmd.Context(), f, l)
}

// screen shows the menu, or one lesson.
func screen(ctx context.Context, f *flags, first *lesson.Lesson) error {
	c := tui.Config{
		Lessons: lesson.Embedded(), First: first, Model: f.modelled(), Animate: !f.noAnimation, ASCII: f.ascii,
		Open: func(_ context.Context, l *lesson.Lesson) (lesson.Lab, error) { return openLab(f, l) },
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
	// The screen handles signals itself, so that it can leave the terminal in order.
	return tui.Run(context.WithoutCancel(ctx), c)
}

// onTerminal reports whether there is a person at a terminal that can draw.
func onTerminal() bool {
	return term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()) && os.Getenv("TERM") != "dumb"
}

// plainLocale reports whether the terminal is not known to show more than ASCII.
func plainLocale() bool {
	if runtime.GOOS == "windows" {
		return false
	}
	if os.Getenv("TERM") == "linux" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return true
}

// load returns an embedded lesson by its name, or reads a file.
func load(name string) (*lesson.Lesson, error) {
	isFile := strings.ContainsRune(name, filepath.Separator) || filepath.Ext(name) != ""
	if !isFile {
		l, err := lesson.Find(name)
		if err == nil {
			return l, nil
		}
		if _, statErr := os.Stat(name); statErr != nil {
			return nil, usageError{err}
		}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, usageError{fmt.Errorf("cannot read the lesson: %w", err)}
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, lesson.MaxSize+1))
	if err != nil {
		return nil, usageError{fmt.Errorf("cannot read the lesson: %w", err)}
	}
	return lesson.Parse(name, src)
}

// modelled reports whether lessons are played on the model whatever they ask for: where
// it is wanted, and on a system that has no live laboratory.
func (f *flags) modelled() bool {
	return f.net == lesson.NetSim || f.net == "" && !netlab.Live && !f.private
}

// openLab opens the laboratory that a lesson asks for, or the model in its place.
func openLab(f *flags, l *lesson.Lesson) (lesson.Lab, error) {
	if f.modelled() || f.net == "" && l.Net == lesson.NetSim {
		return virtual.Open(virtual.Options{
			Lesson: l.Name, Title: l.Title, Port: f.port,
			Wire: l.Net != lesson.NetLoopback, KernelTimers: l.Timers == lesson.TimersKernel,
		}), nil
	}
	o := netlab.Options{Lesson: l.Name, Title: l.Title, Port: f.port, Net: l.Net, KernelTimers: l.Timers == lesson.TimersKernel}
	if f.net != "" {
		o.Net = f.net
		o.AutoDeliver = l.Net == netlab.NetLoopback
	}
	if o.Net == netlab.NetLoopback && l.Net == netlab.NetWire {
		return nil, usageError{fmt.Errorf("the lesson %s is about segments that are held: it plays on the wire only", l.Name)}
	}
	if f.private {
		o.Host = netlab.HostPrivate
	}
	lab, err := netlab.Open(o)
	if err != nil {
		return nil, err
	}
	return virtual.NewBeside(lab), nil
}

// run plays a lesson without a screen, as fast as the kernel settles.
func run(cmd *cobra.Command, f *flags, form output, name string) error {
	if form.json && form.plain {
		return usageError{errors.New("--json and --plain are two forms of the same: choose one")}
	}
	if err := f.check(); err != nil {
		return err
	}
	l, err := load(name)
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	lab, err := openLab(f, l)
	if err != nil {
		return err
	}
	player := lesson.NewPlayer(l)
	err = playThrough(ctx, lab, player, newPrinter(cmd.OutOrStdout(), form, f.ascii))
	if err = errors.Join(err, lab.Close()); err != nil {
		return err
	}
	if player.Failures() > 0 {
		return errFellShort
	}
	return nil
}

// playThrough plays a lesson to its end. It begins when the lab has introduced
// itself, so that the title comes before the prose.
func playThrough(ctx context.Context, lab lesson.Lab, player *lesson.Player, p printer) error {
	for {
		if !player.Busy() && player.Log().Len() > 0 {
			n, step, more := player.Next()
			if !more {
				return p.end(player.Lesson())
			}
			if step.First {
				if err := p.story(step.Story); err != nil {
					return err
				}
			}
			if err := lab.Start(n, step.Step); err != nil {
				return ended(lab, err)
			}
			player.Started()
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

// ended says why a lab is gone: its own reason, if it has one.
func ended(lab lesson.Lab, otherwise error) error {
	if err := lab.Err(); err != nil {
		return err
	}
	return otherwise
}

// printer prints what happens in one of the forms.
type printer struct {
	story func(markdown string) error
	event func(sim.Event) error
	end   func(*lesson.Lesson) error
}

func newPrinter(w io.Writer, form output, ascii bool) printer {
	if form.json {
		return jsonPrinter(w)
	}
	t := &ladder.Transcript{Width: transcriptWidth, ASCII: ascii, Plain: form.plain}
	story := func(md string) error { return printLines(w, t.Story(md)) }
	return printer{
		story: story,
		event: func(e sim.Event) error { return printLines(w, t.Apply(e)) },
		end: func(l *lesson.Lesson) error {
			if err := story(l.Outro); err != nil {
				return err
			}
			return printLines(w, t.Flush())
		},
	}
}

// jsonPrinter prints the log, one JSON object a line, and nothing else.
func jsonPrinter(w io.Writer) printer {
	enc := json.NewEncoder(w)
	return printer{
		story: func(string) error { return nil },
		event: func(e sim.Event) error { return enc.Encode(e) },
		end:   func(*lesson.Lesson) error { return nil },
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

// listLessons prints the lessons: name, title and length, then what it is about.
func listLessons(w io.Writer) error {
	for _, l := range lesson.Embedded() {
		lines := []string{fmt.Sprintf("%-21s %s (%d min)", l.Name, l.Title, l.Minutes)}
		for _, line := range lesson.Plain(l.Summary, transcriptWidth-22) {
			lines = append(lines, fmt.Sprintf("%-21s %s", "", line))
		}
		if err := printLines(w, lines); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "\nPlay one with: finwait play NAME. Without a terminal: finwait run NAME")
	return err
}
