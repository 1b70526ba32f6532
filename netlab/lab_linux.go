package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
	"finwait/sim/program"

	"golang.org/x/sys/unix"
)

// Live reports whether this system can have a live laboratory at all.
const Live = true

// Lab is the live laboratory. Start, Events, Err and Close may be called from
// any goroutine; everything else belongs to its loop.
type Lab struct {
	requests chan request
	events   chan sim.Event
	closing  chan struct{}
	done     chan struct{} // closed when the loop has ended and nothing is left
	close    sync.Once
	wakeLock sync.Mutex
	wake     int   // eventfd that interrupts the loop's poll; -1 when it is closed
	err      error // why the loop ended; read after done
	kept     error // what could not be given back; likewise

	net    network
	info   *sim.Setting
	server netip.AddrPort
	claim  int // socket that keeps other finwaits from the server's port; -1 where none is needed
	cpu    int
	start  time.Time // T 0, wall clock
	last   sim.Seconds
	ends   map[sim.End]*endpoint
	table  program.Table
	conns  []*conn
	listen listener
	flow   wire.Flow
	pollFD []unix.PollFd

	batch   []occurrence    // what happened and is not emitted yet
	witness func(sim.Event) // see Options
	step    stepState
}

// request is a step to begin.
type request struct {
	n    int
	step sim.Step
}

// stepState is how far the newest step is.
type stepState struct {
	n       int
	running bool
	until   time.Time    // a wait step: when it is over
	wait    program.Wait // a wait step
	still   bool         // the last look found nothing new
}

// Open opens a laboratory: it chooses a host, starts both programs and begins its
// log. Errors that come from the machine rather than from finwait are
// *UnavailableError.
func Open(o Options) (*Lab, error) {
	n, err := openNetwork(o)
	if err != nil {
		return nil, err
	}
	l := &Lab{
		requests: make(chan request, 1),
		events:   make(chan sim.Event, 256),
		closing:  make(chan struct{}),
		done:     make(chan struct{}),
		wake:     -1,
		claim:    -1,
		net:      n,
		witness:  o.witness,
		start:    time.Now(),
		ends:     map[sim.End]*endpoint{},
	}
	if err := l.open(o); err != nil {
		return nil, errors.Join(err, l.release())
	}
	go l.run()
	return l, nil
}

func (l *Lab) open(o Options) error {
	var err error
	if l.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		l.wake = -1
		return resource("eventfd", err)
	}
	port, err := l.serverPort(o.Port)
	if err != nil {
		return err
	}
	l.server = netip.AddrPortFrom(l.net.address(sim.Server), port)
	if err := l.net.watch(port); err != nil {
		return resource("capture", err)
	}
	l.info = &sim.Setting{
		Kernel: kernelRelease(), Client: l.net.address(sim.Client).String(), Server: l.server.String(),
		Lesson: o.Lesson, Title: o.Title, Log: sim.LogVersion, Grammar: sim.GrammarVersion, Source: o.Source,
	}
	l.net.describe(l.info)
	if l.cpu, err = firstCPU(); err != nil {
		return err
	}
	l.add(occurrence{at: l.start.UnixNano(), event: sim.Event{Body: sim.LabOpened{Setting: l.info}}})
	for _, at := range []sim.End{sim.Client, sim.Server} {
		l.ends[at] = &endpoint{at: at}
		if err := l.startProcess(l.ends[at]); err != nil {
			return resource("start the "+string(at), err)
		}
	}
	return nil
}

// resource turns a refusal of the machine into a sentence with a remedy.
func resource(what string, err error) error {
	switch {
	case errors.Is(err, unix.EMFILE):
		return &UnavailableError{Why: "no file descriptors are left to " + what, Remedy: "raise the limit: ulimit -n 256", Err: unix.EMFILE}
	case errors.Is(err, unix.ENFILE):
		return &UnavailableError{Why: "the machine has no file descriptors left to " + what, Err: unix.ENFILE}
	case errors.Is(err, unix.EAGAIN):
		return &UnavailableError{Why: "the machine allows no more processes to " + what, Remedy: "raise the limit: ulimit -u", Err: unix.EAGAIN}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Start begins a step. Its events follow on Events; the last is KindSettled. A
// step that comes while another is running waits for it.
func (l *Lab) Start(n int, step sim.Step) error {
	select { // even if there is room for a request
	case <-l.done:
		return errors.Join(sim.ErrClosed, l.err)
	case <-l.closing:
		return sim.ErrClosed
	default:
	}
	select {
	case <-l.done:
		return errors.Join(sim.ErrClosed, l.err)
	case <-l.closing:
		return sim.ErrClosed
	case l.requests <- request{n, step}:
		l.interrupt()
		return nil
	}
}

// Events returns the channel of everything that happens. It is closed when the
// lab has ended.
func (l *Lab) Events() <-chan sim.Event { return l.events }

// Err says why the lab has ended by itself: nil while it runs and after Close.
func (l *Lab) Err() error {
	select {
	case <-l.done:
		return l.err
	default:
		return nil
	}
}

// Abilities returns what the lab can do.
func (l *Lab) Abilities() sim.Abilities {
	return sim.Abilities{Steps: true, Hold: l.info.Net == sim.Wire}
}

// Close ends the laboratory and waits until its processes, sockets and namespaces
// are gone. The error says what could not be given back.
func (l *Lab) Close() error {
	l.close.Do(func() { close(l.closing) })
	l.interrupt()
	<-l.done
	return l.kept
}

// interrupt wakes the loop.
func (l *Lab) interrupt() {
	l.wakeLock.Lock()
	defer l.wakeLock.Unlock()
	if l.wake >= 0 {
		one := [8]byte{1}
		_, _ = unix.Write(l.wake, one[:]) // full means awake already
	}
}

// release frees everything the lab holds, in the order in which it depends on
// each other.
func (l *Lab) release() error {
	var errs []error
	for _, e := range l.ends {
		for _, p := range e.all {
			_ = p.Kill(unix.SIGKILL) // all of them first: they die at the same time
		}
	}
	for _, e := range l.ends {
		for _, p := range e.all {
			if !p.dead {
				errs = append(errs, p.Close(), p.abandon())
			}
		}
	}
	errs = append(errs, l.net.close())
	if l.claim >= 0 {
		errs = append(errs, unix.Close(l.claim))
		l.claim = -1
	}
	l.wakeLock.Lock()
	defer l.wakeLock.Unlock()
	if l.wake >= 0 {
		errs = append(errs, unix.Close(l.wake))
		l.wake = -1
	}
	return errors.Join(errs...)
}

// kernelRelease returns what uname -r prints.
func kernelRelease() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// firstCPU returns the first CPU this process may run on.
func firstCPU() (int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return 0, fmt.Errorf("sched_getaffinity: %w", err)
	}
	for cpu := range len(set) * 64 {
		if set.IsSet(cpu) {
			return cpu, nil
		}
	}
	return 0, errors.New("sched_getaffinity: no CPU")
}
