package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/tui"
)

// flags are the values of the options that several commands share.
type flags struct {
	port        int
	portAsked   func() bool // reports whether --port was given
	net         sim.Net
	private     bool
	run         string // the name of a run of the lesson, empty if none was asked for
	from        int    // the step at which a lesson begins, 0 for its first
	until       int    // the step with which a lesson ends, 0 for its last
	ascii       bool
	noAnimation bool
	color       string
	theme       string
	auto        time.Duration
	keys        bool
	hide        string
	hidden      tui.Hidden // what hide names
	size        string
	columns     int // of size, 0 for the terminal's
	rows        int
}

// addLab adds the options of a command that opens a lab.
func (f *flags) addLab(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.port, "port", sim.DefaultPort, "the server's port, 0 for any that is free")
	f.portAsked = func() bool { return cmd.Flags().Changed("port") }
	cmd.Flags().StringVar((*string)(&f.net), "net", "", "loopback, wire, or sim: the model alone (default: what the lesson needs)")
	cmd.Flags().BoolVar(&f.private, "private", false, "play in a network namespace of its own, unseen by this machine")
	cmd.Flags().BoolVar(&f.ascii, "ascii", plainLocale(), "draw with ASCII characters only (default: by the locale)")
}

// addRun adds the option that chooses a run of a lesson.
func (f *flags) addRun(cmd *cobra.Command, usual string) {
	cmd.Flags().StringVar(&f.run, "run", "", "the run of a lesson that has several (default: "+usual+")")
}

// addPart adds the options that choose a part of a lesson.
func (f *flags) addPart(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.from, "from", 0, "begin at this step: those before it are made first, unseen")
	cmd.Flags().IntVar(&f.until, "until", 0, "end with this step")
}

// part returns the lesson up to where it is to end.
func (f *flags) part(l *lesson.Lesson) (*lesson.Lesson, error) {
	of := len(l.Steps)
	switch {
	case f.from < 0 || f.from > of:
		return nil, usageError{fmt.Errorf("--from %d: the lesson %s has the steps 1 to %d", f.from, l.Name, of)}
	case f.until < 0 || f.until > of:
		return nil, usageError{fmt.Errorf("--until %d: the lesson %s has the steps 1 to %d", f.until, l.Name, of)}
	case f.until > 0 && f.until < f.from:
		return nil, usageError{fmt.Errorf("--until %d comes before --from %d", f.until, f.from)}
	case f.until > 0:
		return l.Until(f.until), nil
	}
	return l, nil
}

// addScreen adds the options of a command that draws a screen.
func (f *flags) addScreen(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noAnimation, "no-animation", false, "draw arrows at once")
	cmd.Flags().StringVar(&f.color, "color", "auto", "auto, always or never")
	cmd.Flags().StringVar(&f.theme, "theme", "auto", "auto, dark or light")
	cmd.Flags().DurationVar(&f.auto, "auto", 0, "play by itself, with a pause such as 3s before each step, longer where there is more to read")
	cmd.Flags().BoolVar(&f.keys, "keys", false, "show the key that was pressed last")
	cmd.Flags().StringVar(&f.hide, "hide", "", "do not show: next, story, steps, boxes, ladder (a comma between two)")
	cmd.Flags().StringVar(&f.size, "size", "", "draw at a size such as 100x30, whatever the terminal's is")
}

// check returns a usageError for a value that an option cannot have. An option that the
// command does not have is empty.
func (f *flags) check() error {
	switch {
	case f.port < 0 || f.port > 65535:
		return usageError{fmt.Errorf("--port %d: %s", f.port, portRange)}
	case !slices.Contains([]sim.Net{"", sim.Loopback, sim.Wire, sim.Model}, f.net):
		return usageError{fmt.Errorf("--net %q: it is loopback, wire or sim", f.net)}
	case !slices.Contains([]string{"", "auto", "always", "never"}, f.color):
		return usageError{fmt.Errorf("--color %q: it is auto, always or never", f.color)}
	case !slices.Contains([]string{"", "auto", "dark", "light"}, f.theme):
		return usageError{fmt.Errorf("--theme %q: it is auto, dark or light", f.theme)}
	case f.auto < 0 || f.auto > maxPause:
		return usageError{fmt.Errorf("--auto %s: %s", f.auto, pauseRange)}
	}
	return f.readSize()
}

// maxPause is the longest pause before a step.
const maxPause = 10 * time.Minute

// The largest size to draw at.
const (
	maxColumns = 500
	maxRows    = 200
)

// readSize reads the size to draw at, and what is not to be shown.
func (f *flags) readSize() error {
	hidden, err := tui.ParseHidden(f.hide)
	if err != nil {
		return usageError{fmt.Errorf("--hide: %w", err)}
	}
	f.hidden = hidden
	if f.size == "" {
		return nil
	}
	w, h, found := strings.Cut(f.size, "x")
	var errs [2]error
	f.columns, errs[0] = strconv.Atoi(w)
	f.rows, errs[1] = strconv.Atoi(h)
	if !found || errors.Join(errs[:]...) != nil || f.columns < tui.MinWidth || f.columns > maxColumns || f.rows < tui.MinHeight || f.rows > maxRows {
		return usageError{fmt.Errorf("--size %q: it is columns and rows, from %dx%d to %dx%d, such as 100x30", f.size, tui.MinWidth, tui.MinHeight, maxColumns, maxRows)}
	}
	return nil
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
