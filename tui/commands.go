package tui

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
	"finwait/sim/lesson"
)

// This file is all that the model does outside of itself: each command stands beside the
// message that it returns with. The messages of a lesson carry the number of the play that
// they belong to; those of an older play are dropped.

// Limits.
const (
	slowAfter     = 150 * time.Millisecond // what takes longer is said to be slow
	firstFrame    = 60 * time.Millisecond  // the first frame is out this long after the start
	answerTimeout = 400 * time.Millisecond // a terminal answers within this time, or never
	burstEvents   = 64                     // events of one message, at most
)

// shell is everything outside that commands may touch.
type shell struct {
	ctx  context.Context
	labs *labPool
	now  func() time.Time
	wire func() error // tries whether there is a wire on this machine; nil where nobody asks
	// saveLesson writes a lesson to a file; nil where that cannot be done.
	saveLesson func(name, text string, over bool) error
	save       saver // nil where a screen cannot be saved
	beside     bool  // the labs are opened beside another
	// finished remembers that a lesson was played to its end; nil where nobody does.
	finished func(lesson string)
}

// openedMsg says that the lab is open, or why it is not.
type openedMsg struct {
	play int
	lab  sim.Lab
	err  error
}

// openLab opens a lab, on the model if that is asked for, after the one before it is closed for
// certain: two labs would fight for the port.
func (s shell) openLab(play int, l *lesson.Lesson, onModel bool, before sim.Lab) tea.Cmd {
	open := s.labs.open
	switch {
	case onModel:
		open = s.labs.openModel
	case s.beside && s.labs.openBeside != nil:
		open = s.labs.openBeside
	}
	return func() tea.Msg {
		s.labs.drop(before)
		lab, err := s.labs.lab(s.ctx, open, l)
		return openedMsg{play, lab, err}
	}
}

// wireMsg says why there is no wire on this machine, nil if there is one.
type wireMsg struct{ err error }

// tryWire tries whether there is a wire on this machine.
func (s shell) tryWire() tea.Cmd {
	if s.wire == nil {
		return nil
	}
	return func() tea.Msg { return wireMsg{s.wire()} }
}

// lessonSavedMsg says in which file a lesson was saved, or why it was not.
type lessonSavedMsg struct {
	name string
	err  error
}

// writeLesson writes a lesson to a file.
func (s shell) writeLesson(name, text string, over bool) tea.Cmd {
	return func() tea.Msg { return lessonSavedMsg{name, s.saveLesson(name, text, over)} }
}

// savedMsg says in which files a screen was saved, or why it was not.
type savedMsg struct {
	files []string
	err   error
}

// saveScreen saves a screen.
func (s shell) saveScreen(screen Screen) tea.Cmd {
	return func() tea.Msg {
		files, err := s.save(screen)
		return savedMsg{files, err}
	}
}

// rememberedMsg says that it is remembered that a lesson was played to its end.
type rememberedMsg struct{ lesson string }

// remember remembers that a lesson was played to its end.
func (s shell) remember(name string) tea.Cmd {
	if s.finished == nil {
		return nil
	}
	return func() tea.Msg {
		s.finished(name)
		return rememberedMsg{name}
	}
}

// closedMsg says that a lab is closed.
type closedMsg struct{}

// closeLab closes a lab that nobody looks at any more.
func (s shell) closeLab(lab sim.Lab) tea.Cmd {
	if lab == nil {
		return nil
	}
	return func() tea.Msg {
		s.labs.drop(lab)
		return closedMsg{}
	}
}

// startedMsg says that the lab has begun a step, or why it cannot.
type startedMsg struct {
	play int
	err  error
}

// startStep begins step n.
func (s shell) startStep(play int, lab sim.Lab, n int, step sim.Step) tea.Cmd {
	return func() tea.Msg { return startedMsg{play, lab.Start(n, step)} }
}

// eventsMsg carries the events that the lab had ready at one time, in order.
type eventsMsg struct {
	play   int
	events []sim.Event
	at     time.Time
}

// endedMsg says that the lab has ended, and why; err is nil after Close.
type endedMsg struct {
	play int
	err  error
}

// waitEvents waits for the next event and returns it with those that are there
// already. The stream is this command, started again after each message.
func (s shell) waitEvents(play int, lab sim.Lab) tea.Cmd {
	return func() tea.Msg {
		stream := lab.Events()
		e, ok := <-stream
		if !ok {
			return endedMsg{play, lab.Err()}
		}
		events := []sim.Event{e}
		for len(events) < burstEvents {
			select {
			case e, ok = <-stream:
				if ok {
					events = append(events, e)
					continue
				}
			default:
			}
			break
		}
		return eventsMsg{play, events, s.now()}
	}
}

// frameMsg says that it is time to draw the next frame of an arrow.
type frameMsg struct {
	play int
	at   time.Time
}

// nextFrame waits for the next frame of an arrow.
func (s shell) nextFrame(play int) tea.Cmd {
	return s.after(frameTime, func(at time.Time) tea.Msg { return frameMsg{play, at} })
}

// tickMsg says that it is time to draw a countdown again.
type tickMsg struct {
	play, tick int
	at         time.Time
}

// tickAfter waits until a countdown has to be drawn again.
func (s shell) tickAfter(play, tick int, d time.Duration) tea.Cmd {
	return s.after(d, func(at time.Time) tea.Msg { return tickMsg{play, tick, at} })
}

// pressMsg says that the wait before a press is over.
type pressMsg struct{ play, mark int }

// pressAfter waits before a press.
func (s shell) pressAfter(play, mark int, d time.Duration) tea.Cmd {
	return s.after(d, func(time.Time) tea.Msg { return pressMsg{play, mark} })
}

// slowMsg says that what began under the mark is slow if it has not ended since.
type slowMsg struct {
	play, mark int
	at         time.Time
}

// slowLater waits until what begins now under the mark may be called slow.
func (s shell) slowLater(play, mark int) tea.Cmd {
	return s.after(slowAfter, func(at time.Time) tea.Msg { return slowMsg{play, mark, at} })
}

// fenceMsg says that the first frame is out, and with it the framework's questions to the
// terminal.
type fenceMsg struct{}

// fenceLater waits until the first frame is out.
func (s shell) fenceLater() tea.Cmd {
	return s.after(firstFrame, func(time.Time) tea.Msg { return fenceMsg{} })
}

// askFence asks the terminal what it is. Terminals answer in order: when this
// answer is in, so are those to all earlier questions, and none can arrive in the
// shell after the end.
func (s shell) askFence() tea.Cmd { return tea.Raw(ansi.RequestPrimaryDeviceAttributes) }

// answerTimeoutMsg says that the terminal had its time to answer.
type answerTimeoutMsg struct{}

// waitForTerminal waits as long as an answer may take.
func (s shell) waitForTerminal() tea.Cmd {
	return s.after(answerTimeout, func(time.Time) tea.Msg { return answerTimeoutMsg{} })
}

// signalMsg says that the process was told to end.
type signalMsg struct{ signal os.Signal }

// after is a timer that tells the time of the shell's own clock.
func (s shell) after(d time.Duration, msg func(at time.Time) tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return msg(s.now()) })
}

// opener opens a lab for a lesson.
type opener func(ctx context.Context, l *lesson.Lesson) (sim.Lab, error)

// labPool holds the labs that are open, so that all of them are closed at the end of the
// program, however it ends. It may be used by several goroutines.
type labPool struct {
	open, openModel opener
	openBeside      opener // opens a lab beside another; nil where open does
	mu              sync.Mutex
	opening         sync.WaitGroup
	ended           bool
	labs            map[sim.Lab]bool
}

func newLabPool(open, openModel opener) *labPool {
	return &labPool{open: open, openModel: openModel, labs: map[sim.Lab]bool{}}
}

// lab opens a lab and remembers it.
func (k *labPool) lab(ctx context.Context, open opener, l *lesson.Lesson) (sim.Lab, error) {
	k.mu.Lock()
	if k.ended {
		k.mu.Unlock()
		return nil, context.Canceled
	}
	k.opening.Add(1)
	k.mu.Unlock()
	defer k.opening.Done()
	lab, err := open(ctx, l)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.labs[lab] = true
	return lab, nil
}

// drop closes a lab, waits until nothing is left of it, and forgets it. Nobody is left
// who could use the error.
func (k *labPool) drop(lab sim.Lab) {
	if lab == nil {
		return
	}
	_ = lab.Close()
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.labs, lab)
}

// close closes every lab, those included that are just being opened, and opens no
// more.
func (k *labPool) close() error {
	k.mu.Lock()
	k.ended = true
	k.mu.Unlock()
	k.opening.Wait()
	k.mu.Lock()
	labs := slices.Collect(maps.Keys(k.labs)) // drop may remove one meanwhile
	k.mu.Unlock()
	var errs []error
	for _, lab := range labs {
		errs = append(errs, lab.Close())
	}
	return errors.Join(errs...)
}
