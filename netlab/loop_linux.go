package netlab

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// occurrence is something that happened and has not been emitted: an event, or a
// segment that has yet to become one. at is the wall clock in nanoseconds, 0 while
// it is not known.
type occurrence struct {
	at     int64
	event  sim.Event
	packet *wire.Packet // of a segment that was captured
	conn   *conn        // of the segment
	deeds  []deed       // what the event did to connections
	late   bool         // a segment that was read after it was sent; at is when it was read
}

// Pauses of the loop while it waits for something that no descriptor announces.
const (
	unsettledPause = 500 * time.Microsecond // the acknowledgement, the thread falling asleep
	capturePause   = 200 * time.Microsecond // a segment that has arrived already, on another CPU
	restlessPause  = 20 * time.Microsecond  // the way of a program into its sleep, or into its end
	overduePause   = 50 * time.Millisecond  // a timer that should have fired: the kernel's timer wheel is coarse
)

// run is the loop. It ends when the lab is closed or has failed.
func (l *Lab) run() {
	err := l.loop()
	if errors.Is(err, sim.ErrClosed) {
		err = nil
	}
	l.err, l.kept = err, l.release()
	close(l.done) // first: when Events is closed, Err says why
	close(l.events)
}

func (l *Lab) loop() error {
	for {
		if err := l.collect(); err != nil {
			return err
		}
		if err := l.settle(); err != nil {
			return err
		}
		if err := l.nextRequest(); err != nil {
			return err
		}
		if err := l.poll(l.pause()); err != nil {
			return err
		}
	}
}

// nextRequest begins the next step if the last is over.
func (l *Lab) nextRequest() error {
	select {
	case <-l.closing:
		return sim.ErrClosed
	default:
	}
	if l.step.running {
		return nil
	}
	select {
	case r := <-l.requests:
		return l.begin(r)
	default:
		return nil
	}
}

// add puts an occurrence into the batch.
func (l *Lab) add(o occurrence) { l.batch = append(l.batch, o) }

// collect takes in all that has happened, until no program runs and nothing more
// is there: then nothing can still arrive that belongs before it. It reads the
// states, and emits everything in the order of the clock.
func (l *Lab) collect() error {
	for {
		select {
		case <-l.closing:
			return sim.ErrClosed
		default:
		}
		if err := l.drainAll(); err != nil {
			return err
		}
		changed, err := l.read()
		if err != nil {
			return err
		}
		if !changed && len(l.batch) == 0 {
			break
		}
		// What happened may be the death of a program that nobody told to die: its
		// sockets are closed before its channel.
		if l.restless() {
			if err := l.poll(restlessPause); err != nil {
				return err
			}
			continue
		}
		if !changed {
			break
		}
		l.step.still = false
		// The segment that changed a state on another CPU may be about to be
		// captured: it belongs before the state.
		if err := l.poll(min(capturePause, l.net.again())); err != nil {
			return err
		}
		if found, err := l.drain(); err != nil {
			return err
		} else if !found {
			break
		}
	}
	l.flush()
	return nil
}

// drainAll drains until no program runs and nothing more is there.
func (l *Lab) drainAll() error {
	for {
		found, err := l.drain()
		switch {
		case err != nil:
			return err
		case found:
			l.step.still = false
			continue
		case !l.programRuns():
			return nil
		}
		if err := l.poll(unsettledPause); err != nil {
			return err
		}
		select {
		case <-l.closing:
			return sim.ErrClosed
		default:
		}
	}
}

// drain takes in the segments and replies that are there. Segments first: a call
// that sent one has been reported before it was made.
func (l *Lab) drain() (bool, error) {
	found := false
	err := l.net.drain(func(m movement) {
		if l.moved(m) {
			found = true
		}
	})
	if err != nil {
		return found, err
	}
	if found {
		if err := l.tellMissed(); err != nil {
			return found, err
		}
	}
	replied, err := l.drainProcesses()
	return found || replied, err
}

// tellMissed says that the log has gaps. Nobody can say then what the model would.
func (l *Lab) tellMissed() error {
	n, err := l.net.missed()
	if err != nil || n == 0 {
		return err
	}
	l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{
		Body: sim.ModelSilent{
			Why: fmt.Sprintf("%d segments were not captured, there was no room for them", n),
		},
	}})
	return nil
}

// moved takes in news of a segment and reports whether it belongs to a connection.
func (l *Lab) moved(m movement) bool {
	c := l.connOf(m.packet)
	if c == nil {
		return false
	}
	s := l.flow.Segment(m.packet)
	s.Fate = m.fate
	if m.held != nil {
		s.ID, s.Copies, s.Resent = m.held.ID, m.held.Copies, m.held.Resent
		l.travels(c, m.from, s)
	}
	o := occurrence{at: m.at, packet: &m.packet, conn: c, event: sim.Event{
		At: m.from, Body: sim.SegmentMoved{
			Conn: c.n, Segment: s, By: sim.ByKernel,
		},
	}}
	if m.at == 0 {
		o.at, o.late = time.Now().UnixNano(), s.Sent()
	}
	l.add(o)
	return true
}

// programRuns reports whether a program is neither idle nor asleep in its call, or
// is dying, which closes its sockets.
func (l *Lab) programRuns() bool {
	for _, e := range l.ends {
		for _, p := range e.all {
			dying := !p.dead && (p.gone || p.killed != 0)
			if dying || p.busy() && !p.asleep() {
				return true
			}
		}
	}
	return false
}

// restless reports whether a program that has nothing to do does not sleep.
func (l *Lab) restless() bool {
	for _, e := range l.ends {
		for _, p := range e.all {
			if !p.dead && !p.gone && !p.busy() && !p.Resting() {
				return true
			}
		}
	}
	return false
}

// flush emits the batch in the order of the clock, then the states that were
// read. A state that a segment led to but that was over when the kernel was read
// comes right after its segment, as inferred.
func (l *Lab) flush() {
	l.placeLate()
	l.dateKills()
	slices.SortStableFunc(l.batch, func(a, b occurrence) int { return int(min(max(a.at-b.at, -1), 1)) })
	switch {
	case l.info.Capture == sim.Inferred:
		l.batch = l.infer()
	case l.witness != nil:
		l.testify()
	}
	passed := make([][]sim.Event, len(l.batch))
	for i := range l.batch {
		o := &l.batch[i]
		if o.conn != nil {
			passed[i] = o.conn.follow(o.event.At, o.event.Segment())
		}
	}
	l.dropRead(passed)
	for i, o := range l.batch {
		l.emit(o.at, o.event)
		for _, e := range passed[i] {
			c := l.conns[e.Conn()-1]
			sim.Edit(&e, func(b *sim.StateChanged) {
				b.Orphan = sim.Of[sim.StateChanged](e).To.Connected() && !l.held(c, e.At) && !l.letsGoAfter(i, e.At)
			})
			w := c.end(e.At)
			w.state, w.orphan = sim.Of[sim.StateChanged](e).To, sim.Of[sim.StateChanged](e).Orphan
			l.emit(o.at, e)
		}
	}
	l.batch = l.batch[:0]
	l.emitStates()
}

// letsGoAfter reports whether a program of the end closes a descriptor or dies
// later in the batch than occurrence i, so that until then it held what it had.
func (l *Lab) letsGoAfter(i int, at sim.End) bool {
	for _, o := range l.batch[i+1:] {
		if e := o.event; e.At == at && (e.Kind() == sim.KindCall && e.Call().Name == sim.CallClose || e.Kind() == sim.KindSignal && sim.Of[sim.SignalTaken](e).Action == sim.Killed) {
			return true
		}
	}
	return false
}

// dropRead takes out of the passed states those that are not over: of each end,
// the last one that equals what was read, which comes as by kernel, and what would
// come after it. An end that still is where it was has passed through nothing.
func (l *Lab) dropRead(passed [][]sim.Event) {
	done := map[*watched]bool{} // what came before the state that was read
	for _, c := range l.conns {
		for _, w := range []*watched{&c.client, &c.server} {
			done[w] = !c.passes(w, passed) && w.now.State != w.state
		}
	}
	for i := len(passed) - 1; i >= 0; i-- {
		for k := len(passed[i]) - 1; k >= 0; k-- {
			e := passed[i][k]
			w := l.conns[e.Conn()-1].end(e.At)
			if !done[w] {
				done[w] = sim.Of[sim.StateChanged](e).To == w.now.State && w.now.State != w.state
				passed[i] = slices.Delete(passed[i], k, k+1)
			}
		}
	}
}

// passes reports whether the states that an end passed through lead to the one
// that was read.
func (c *conn) passes(w *watched, passed [][]sim.Event) bool {
	for _, events := range passed {
		for _, e := range events {
			if e.Conn() == c.n && e.At == w.at && sim.Of[sim.StateChanged](e).To == w.now.State {
				return true
			}
		}
	}
	return false
}

// emitStates emits what the last reading says that the one before did not.
func (l *Lab) emitStates() {
	now := time.Now().UnixNano()
	if l.listen.now != l.listen.state {
		l.emit(now, sim.Event{At: sim.Server, Body: sim.StateChanged{From: l.listen.state, To: l.listen.now, By: sim.ByKernel}})
		l.listen.state = l.listen.now
	}
	for _, c := range l.conns {
		for _, w := range []*watched{&c.client, &c.server} {
			orphan := isOrphan(w)
			if w.state == w.now.State && w.orphan == orphan {
				continue
			}
			from := w.state
			if from == sim.Closed && w.now.State.Connected() {
				from = w.before
			}
			l.emit(now, sim.Event{At: w.at, Body: sim.StateChanged{Conn: c.n, From: from, To: w.now.State, Orphan: orphan, By: sim.ByKernel}})
			w.state, w.orphan = w.now.State, orphan
			w.passage.State = w.state
		}
	}
}

// emit appends one event. Its time never runs backwards.
func (l *Lab) emit(at int64, e sim.Event) {
	l.last = max(l.last, (sim.Seconds(at-l.start.UnixNano()) / 1e9).Rounded(1e6))
	e.T, e.Step = l.last, l.step.n
	select {
	case l.events <- e:
	case <-l.closing:
	}
}

// poll waits until something happens, at most for d; for ever if d is negative.
func (l *Lab) poll(d time.Duration) error {
	l.pollFD = append(l.pollFD[:0], unix.PollFd{Fd: int32(l.wake), Events: unix.POLLIN})
	for _, fd := range l.net.fds() {
		l.pollFD = append(l.pollFD, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	for _, e := range l.ends {
		for _, p := range e.all {
			switch {
			case p.dead:
			case p.gone:
				l.pollFD = append(l.pollFD, unix.PollFd{Fd: int32(p.PidFD()), Events: unix.POLLIN})
			default:
				l.pollFD = append(l.pollFD, unix.PollFd{Fd: int32(p.FD()), Events: unix.POLLIN})
			}
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
