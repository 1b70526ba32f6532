package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// framesPerSecond is how often the screen is drawn when it changes, also for the first time: the
// framework waits for that long before the first frame. A key then shows its effect within 25 ms
// and the time to work it out. At 80 an idle screen costs twice as much.
const framesPerSecond = 40

// Config is what Run needs to know.
type Config struct {
	Lessons func() []*lesson.Lesson // the menu; called once, when it is needed; nil for none
	First   *lesson.Lesson          // a lesson to play at once, without the menu; nil for the menu
	// From is the step of First at which it begins: those before it are made without a key; 0 for
	// the first.
	From int

	// Compare is what is compared at once, without a menu; nil for nothing. First is nil then.
	Compare *[2]Side

	// Open opens a lab for a lesson. It returns soon after its context has
	// ended. Run closes every lab that Open returned.
	Open func(ctx context.Context, l *lesson.Lesson) (sim.Lab, error)

	// OpenModel opens a lab on the model for a lesson, as Open does. It is nil where Open does so
	// already.
	OpenModel func(ctx context.Context, l *lesson.Lesson) (sim.Lab, error)
	// OpenBeside opens a lab as Open does, beside another that is open: the two are compared. It is nil
	// where Open can do that.
	OpenBeside func(ctx context.Context, l *lesson.Lesson) (sim.Lab, error)
	// Wire tries whether lessons with a wire can be played live, and returns why not. The menu
	// asks once. It is nil where nobody is to ask.
	Wire func() error

	// Save saves a screen and returns the names of the files. It is nil where that cannot be done.
	Save func(Screen) (files []string, err error)
	// SaveLesson writes the text of a lesson to the file of that name, over one that is there only
	// if over is set. The error is one sentence. It is nil where that cannot be done.
	SaveLesson func(name, text string, over bool) error

	// Done returns the names of the lessons that were played to their end; Finished remembers one more
	// of them. Each is nil where nothing is remembered.
	Done     func() []string
	Finished func(lesson string) // may be called twice for one, by two goroutines

	Model bool // lessons of the menu are played on the model

	// Auto is the shortest pause before each step of a lesson that plays by itself. Such a lesson
	// leaves more time where there is more to read, and its clocks stand still between two events.
	// It is 0 where each step needs a key.
	Auto time.Duration
	Hide Hidden // the parts of lessons that are not shown at first
	Keys bool   // the key that was pressed last is shown
	// Width and Height are the size to draw at, whatever the terminal's is; 0 for the terminal's.
	Width, Height int

	Lang    *lang.Catalogue       // the words of the screen; nil for English
	Animate bool                  // arrows grow
	ASCII   bool                  // draw with ASCII alone
	Dark    *bool                 // whether the background is dark; nil to ask the terminal
	Color   *colorprofile.Profile // nil for what the terminal and the environment say
}

// Why Run ended when nobody pressed q. The terminal is restored in each case.
var (
	ErrInterrupted = errors.New("interrupted")   // ctrl-c or SIGINT
	ErrTerminated  = errors.New("terminated")    // SIGTERM
	ErrHangup      = errors.New("terminal gone") // SIGHUP
)

// Outcome is what the lesson came to that was on the screen at the end.
type Outcome struct {
	Failures int   // expectations that fell short and steps that were refused, as far as the lesson was played
	Err      error // why the lab did not open, or ended by itself
	Differ   bool  // a comparison was on the screen, and there was a difference
	// Screen is the last one, as it was drawn in 24-bit colours. It is filled in where the menu was
	// on the screen, too.
	Screen string
}

// Run shows the screen until the person at it quits, and closes every lab. Stdin
// and stdout are terminals; the caller has made sure of that. The error is one of
// those above (errors.Is), the context's, or about the terminal.
func Run(ctx context.Context, c Config) (Outcome, error) { return run(ctx, c) }

func run(ctx context.Context, c Config, more ...tea.ProgramOption) (Outcome, error) {
	ctx, cancel := context.WithCancel(ctx)
	labs := newLabPool(c.Open, c.OpenModel)
	labs.openBeside = c.OpenBeside
	defer labs.close() //nolint:errcheck // nobody is left to hear of it
	defer cancel()

	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler()}
	if p := profile(c.Color, os.Getenv("NO_COLOR")); p != nil {
		options = append(options, tea.WithColorProfile(*p))
		c.Dark = background(c.Dark, *p)
	}
	m := newModel(c, shell{ctx: ctx, labs: labs, now: time.Now, wire: c.Wire, save: c.Save, saveLesson: c.SaveLesson, finished: c.Finished})
	program := tea.NewProgram(m, append(options, more...)...)
	stop := forwardSignals(program)
	_, err := program.Run()
	m.rememberRest()
	return m.outcome(), reason(stop(), m.ending, err)
}

// profile returns the colours to use, nil when the terminal decides. Any value of
// NO_COLOR but the empty one means no colours (https://no-color.org).
func profile(asked *colorprofile.Profile, noColor string) *colorprofile.Profile {
	if asked == nil && noColor != "" {
		none := colorprofile.ASCII
		return &none
	}
	return asked
}

// background returns the background to draw on, nil when the terminal is to be
// asked: without colours the answer would change nothing.
func background(dark *bool, p colorprofile.Profile) *bool {
	if dark == nil && p <= colorprofile.ASCII {
		either := true
		return &either
	}
	return dark
}

// forwardSignals turns the signals that end a program into messages. The function
// it returns stops that, and returns the first signal that came.
func forwardSignals(p *tea.Program) (stop func() os.Signal) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	first := make(chan os.Signal, 1)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			first <- s
			p.Send(signalMsg{s})
		case <-done:
		}
	}()
	return func() os.Signal {
		signal.Stop(signals)
		close(done)
		select {
		case s := <-first:
			return s
		case s := <-signals:
			return s
		default:
			return nil
		}
	}
}

// reason returns the error of Run: why the program ended.
func reason(sent, pressed os.Signal, err error) error {
	if sent == nil {
		sent = pressed
	}
	switch sent {
	case os.Interrupt:
		return ErrInterrupted
	case syscall.SIGTERM:
		return ErrTerminated
	case syscall.SIGHUP:
		return ErrHangup
	}
	if err != nil {
		return fmt.Errorf("screen: %w", err)
	}
	return nil
}

// terminal is what is known about the terminal's answers. The program ends only when the
// terminal has answered everything that it was asked: else an answer would be typed into
// the shell that comes back.
type terminal struct {
	fenced   bool // the last question was asked
	answered bool // the last question was answered, or the time for that is over
}

// quit ends the program.
func (m *model) quit() tea.Cmd {
	if m.terminal.answered {
		return tea.Quit
	}
	m.quitting = true
	if m.terminal.fenced {
		return m.shell.waitForTerminal()
	}
	return nil // onFence goes on
}

// interrupt ends the program as ctrl-c does.
func (m *model) interrupt() tea.Cmd {
	m.ending = os.Interrupt
	return m.quit()
}

// onSignal ends the program because it was told to.
func (m *model) onSignal(s os.Signal) tea.Cmd {
	if m.quitting {
		return nil
	}
	m.ending = s
	return m.quit()
}

// onFence asks the terminal its last question. The menu tries the wire now that the first frame
// is out: opening two hosts beside the start would delay that frame.
func (m *model) onFence() tea.Cmd {
	m.terminal.fenced = true
	switch {
	case m.quitting:
		return tea.Batch(m.shell.askFence(), m.shell.waitForTerminal())
	case m.modelling && !m.direct:
		return tea.Batch(m.shell.askFence(), m.shell.tryWire())
	}
	return m.shell.askFence()
}

// onAnswered takes the terminal's last answer, or the end of the time for it.
func (m *model) onAnswered() tea.Cmd {
	m.terminal.answered = true
	if m.quitting {
		return tea.Quit
	}
	return nil
}
