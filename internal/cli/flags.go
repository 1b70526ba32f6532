package cli

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"finwait/sim"
)

// flags are the values of the options that several commands share.
type flags struct {
	port        int
	portAsked   func() bool // reports whether --port was given
	net         sim.Net
	private     bool
	run         string // the name of a run of the lesson, empty if none was asked for
	ascii       bool
	noAnimation bool
	color       string
	theme       string
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

// addScreen adds the options of a command that draws a screen.
func (f *flags) addScreen(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noAnimation, "no-animation", false, "draw arrows at once")
	cmd.Flags().StringVar(&f.color, "color", "auto", "auto, always or never")
	cmd.Flags().StringVar(&f.theme, "theme", "auto", "auto, dark or light")
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
