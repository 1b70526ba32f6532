package netlab

import (
	"errors"
	"strings"
	"time"

	"finwait/netlab/program"
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"

	"golang.org/x/sys/unix"
)

// The pauses of the loop while it waits for something that no descriptor announces.
const (
	capturePause  = 200 * time.Microsecond // a segment that has arrived already, on another CPU
	stirringPause = 20 * time.Microsecond  // the way of a program into its sleep, or into its end
)

// run is the loop. It ends when the lab is closed or has failed.
func (l *Lab) run() {
	err := l.loop()
	if errors.Is(err, sim.ErrClosed) {
		err = nil
	}
	l.err, l.kept = err, l.release()
	close(l.done) // first: when Events is closed, Err says why
	close(l.journal.events)
}

func (l *Lab) loop() error {
	for {
		if err := l.collect(); err != nil {
			return err
		}
		l.step.settle()
		if err := l.nextRequest(); err != nil {
			return err
		}
		pause := l.step.pause()
		if len(l.journal.batch) > 0 || len(l.requests) > 0 && !l.step.running {
			pause = 0
		}
		if err := l.poll(pause); err != nil {
			return err
		}
	}
}

// nextRequest begins the next step if the last is over.
func (l *Lab) nextRequest() error {
	if err := l.closed(); err != nil || l.step.running {
		return err
	}
	select {
	case r := <-l.requests:
		return l.step.begin(r)
	default:
		return nil
	}
}

// closed returns sim.ErrClosed once the lab is to close.
func (l *Lab) closed() error {
	select {
	case <-l.closing:
		return sim.ErrClosed
	default:
		return nil
	}
}

// collect takes in all that has happened, until no program runs and nothing more is there:
// then nothing can still arrive that belongs before it. It reads the states, and emits
// everything in the order of the clock.
func (l *Lab) collect() error {
	for {
		if err := l.drainAll(); err != nil {
			return err
		}
		changed, err := l.sockets.read()
		if err != nil {
			return err
		}
		if !changed && len(l.journal.batch) == 0 {
			break
		}
		// What happened may be the death of a program that nobody told to die: its sockets are
		// closed before its end is seen.
		if l.programs.stirring() {
			if err := l.poll(stirringPause); err != nil {
				return err
			}
			continue
		}
		if !changed {
			break
		}
		l.step.stable = false
		// The segment that changed a state on another CPU may be about to be captured: it
		// belongs before the state.
		if err := l.poll(min(capturePause, l.net.settleDelay())); err != nil {
			return err
		}
		if found, err := l.drain(); err != nil {
			return err
		} else if !found {
			break
		}
	}
	l.journal.flush()
	return nil
}

// drainAll drains until no program runs and nothing more is there.
func (l *Lab) drainAll() error {
	for {
		if err := l.closed(); err != nil {
			return err
		}
		found, err := l.drain()
		switch {
		case err != nil:
			return err
		case found:
			l.step.stable = false
			continue
		case !l.programs.running():
			return nil
		}
		if err := l.poll(unsettledPause); err != nil {
			return err
		}
	}
}

// drain takes in the segments and the events of programs that are there, segments first: a
// call that sent one was reported before it was made.
func (l *Lab) drain() (found bool, err error) {
	var discovery error
	err = l.net.drain(func(n segmentNews) {
		// The first segment of a connection comes of a connect that was reported before it.
		if l.sockets.connOf(n.packet) == nil && discovery == nil {
			_, discovery = l.programs.drain(l.happened)
		}
		found = l.journal.moved(n) || found
	})
	if err := errors.Join(err, discovery); err != nil {
		return found, err
	}
	if found {
		if err := l.reportMissed(); err != nil {
			return found, err
		}
	}
	replied, err := l.programs.drain(l.happened)
	return found || replied, err
}

// reportMissed says that the log has gaps. What the model would say then is not known.
func (l *Lab) reportMissed() error {
	n, err := l.net.missed()
	if err != nil || n == 0 {
		return err
	}
	l.journal.addNow("", lang.Silent(sim.Silence{Kind: sim.SilentMissedSegment, Missed: n}))
	return nil
}

// happened takes in an event of a program: what it says of connections, and the event of the
// log that it becomes.
func (l *Lab) happened(p *process, e program.Event) error {
	add := func(at int64, body sim.Body, effects ...effect) {
		l.journal.add(pending{at: at, event: sim.Event{At: p.at, Body: body}, effects: effects})
	}
	if p.quiet != nil {
		if _, gone := e.(program.Gone); gone {
			return nil // nothing was told of it
		}
		p.quiet()
		p.quiet = nil
	}
	switch e := e.(type) {
	case program.Entered:
		on := l.journal.table.Socket(p.PID(), e.Call.FD)
		add(e.At, sim.CallEntered{PID: p.PID(), TID: e.TID, Call: e.Call, Refers: l.sockets.entered(p.at, on, e)})
	case program.Held:
		add(e.At, sim.CallHeld{PID: p.PID(), TID: e.TID, Call: e.Call})
	case program.Output:
		add(e.At, sim.Printed{PID: p.PID(), Text: printable(e.Text), More: e.More})
	case program.Ignored:
		add(e.At, sim.SignalTaken{PID: p.PID(), Signal: e.Signal, Action: sim.Ignored})
	case program.Forked:
		l.forked(p, e)
	case program.Handled:
		add(e.At, sim.SignalTaken{PID: p.PID(), Signal: e.Signal, Action: sim.Handled})
	case program.Returned:
		return l.returned(p, e)
	case program.Gone:
		effects := l.sockets.abandoned(&l.journal.table, p.at, p.PID())
		if e.Signal != "" {
			add(p.killedAt(e), sim.SignalTaken{PID: p.PID(), Signal: e.Signal, Action: sim.Killed})
		}
		add(e.At, sim.ProcessExited{PID: p.PID(), Status: e.Status, Signal: e.Signal}, effects...)
	}
	return nil
}

// returned takes in the return of a call.
func (l *Lab) returned(p *process, e program.Returned) (err error) {
	body := sim.CallReturned{PID: p.PID(), TID: e.TID, Call: e.Call, Result: e.Result}
	if e.Call.Name == sim.CallAccept && e.Result.Ret >= 0 {
		if body.Refers, err = l.sockets.accepted(e.Peer); err != nil {
			return err
		}
	}
	on := l.journal.table.Socket(p.PID(), e.Call.FD)
	if e.Call.Name == sim.CallConnect && on.Conn != 0 {
		l.sockets.connected(on.Conn, e)
	}
	l.journal.add(pending{at: e.At, event: sim.Event{At: p.at, Body: body}})
	newest := &l.journal.batch[len(l.journal.batch)-1]
	newest.effects = l.sockets.effectsOf(&l.journal.table, p.at, on, e) // by the table after the call
	if e.Child != nil {
		child := l.programs.adopt(p.at, e.Child)
		l.journal.addNow(p.at, sim.ProcessStarted{PID: child.PID(), Forked: true})
	}
	return nil
}

// forked takes in that a program that makes calls of its own has made a process. The log has the
// call, which the C library makes in one of several ways. A child that holds no socket of the lab's
// port is told of once it does something that is.
func (l *Lab) forked(p *process, e program.Forked) {
	child := l.programs.adopt(p.at, e.Child)
	started := sim.ProcessStarted{PID: child.PID(), Forked: true, Parent: p.PID()}
	if e.Quiet {
		child.quiet = func() { l.journal.addNow(p.at, started) }
		return
	}
	call := sim.Call{Name: sim.CallFork, FD: sim.NoFD}
	for _, body := range []sim.Body{
		sim.CallEntered{PID: p.PID(), Call: call},
		sim.CallReturned{PID: p.PID(), Call: call, Result: sim.Result{Ret: child.PID()}},
		started,
	} {
		l.journal.add(pending{at: e.At, event: sim.Event{At: p.at, Body: body}})
	}
}

// printable returns what a program has printed with every control character escaped, but for
// tabs and the end of the line.
func printable(s string) string {
	line, whole := strings.CutSuffix(s, "\n")
	line = text.Clean(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    "))
	if whole {
		line += "\n"
	}
	return line
}

// poll waits until something happens, at most for d; for ever if d is negative.
func (l *Lab) poll(d time.Duration) error {
	l.pollFD = append(l.pollFD[:0], unix.PollFd{Fd: int32(l.wake), Events: unix.POLLIN})
	for _, fd := range l.net.fds() {
		l.pollFD = append(l.pollFD, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	for p := range l.programs.living() {
		l.pollFD = append(l.pollFD, unix.PollFd{Fd: int32(p.FD()), Events: unix.POLLIN})
		if s, ok := p.Program.(program.Settler); ok {
			l.pollFD = append(l.pollFD, unix.PollFd{Fd: int32(s.OutputFD()), Events: unix.POLLIN}) // -1 is left out
		}
	}
	var timeout *unix.Timespec
	if d >= 0 {
		t := unix.NsecToTimespec(int64(d))
		timeout = &t
	}
	_, err := unix.Ppoll(l.pollFD, timeout, nil)
	if err != nil && !errors.Is(err, unix.EINTR) {
		return resource("wait", err)
	}
	if l.pollFD[0].Revents != 0 {
		var count [8]byte
		_, _ = unix.Read(l.wake, count[:]) // it only says that there is news
	}
	return nil
}
