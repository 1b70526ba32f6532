package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// Live reports whether this system can have a live laboratory at all.
const Live = true

// Lab is the live laboratory. Start, Events, Err, Abilities and Close may be called from any
// goroutine; everything else belongs to its loop. It joins five parts: the journal, the
// programs, the sockets as read, the network, and the step in progress.
type Lab struct {
	requests chan request
	closing  chan struct{}
	done     chan struct{} // closed when the loop has ended and nothing is left
	close    sync.Once
	wakeLock sync.Mutex
	wake     int   // eventfd that interrupts the loop's poll; -1 when it is closed
	err      error // why the loop ended; read after done
	kept     error // what could not be given back; read after done

	setting  *sim.Setting
	net      network
	ports    *ports
	programs *programs
	sockets  *sockets
	journal  *journal
	step     *stepInProgress
	pollFD   []unix.PollFd
}

// Open opens a laboratory: it chooses a host, starts both programs and begins its log. Errors
// that come from the machine rather than from finwait are *UnavailableError.
func Open(o Options) (*Lab, error) {
	n, err := openNetwork(o)
	if err != nil {
		return nil, err
	}
	l := &Lab{
		requests: make(chan request, 1),
		closing:  make(chan struct{}),
		done:     make(chan struct{}),
		wake:     -1,
		net:      n,
		ports:    newPorts(n),
		programs: &programs{net: n},
		sockets:  &sockets{net: n},
	}
	l.journal = &journal{
		sockets: l.sockets, events: make(chan sim.Event, 256), closing: l.closing, start: time.Now(), probe: o.probe,
	}
	l.step = &stepInProgress{net: n, ports: l.ports, programs: l.programs, sockets: l.sockets, journal: l.journal}
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
	port, taken, err := l.ports.server(o)
	if err != nil {
		return err
	}
	l.sockets.server = netip.AddrPortFrom(l.net.address(sim.Server), port)
	if l.programs.cpu, err = firstCPU(); err != nil {
		return err
	}
	l.programs.commands, l.programs.port = o.Programs, port
	if l.programs.traced() {
		if err := l.watch(port); err != nil { // before the programs run
			return err
		}
	}
	started := l.programs.startFirst()
	l.describe(o, taken)
	both, err := started()
	if err != nil {
		return err
	}
	for _, p := range both {
		l.journal.addNow(p.at, sim.ProcessStarted{PID: p.PID()})
	}
	if l.programs.traced() {
		return nil
	}
	return l.watch(port)
}

// watch has segments reported from now on.
func (l *Lab) watch(port uint16) error {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if err := l.net.ready(at); err != nil {
			return err
		}
	}
	if err := l.net.watch(port); err != nil {
		return resource("capture", err)
	}
	return nil
}

// describe begins the log with the description of the lab. taken is the port that was asked for
// and is not free, else 0.
func (l *Lab) describe(o Options, taken int) {
	l.setting = &sim.Setting{
		Kernel: kernelRelease(), Client: l.net.address(sim.Client).String(), Server: l.sockets.server.String(), PortTaken: taken,
		Lesson: o.Lesson, Title: o.Title, Log: sim.LogVersion, Grammar: sim.GrammarVersion, Source: o.Source,
	}
	if len(o.Programs) > 0 && o.Net != sim.Wire { // no program chooses the address that finwait's own client has
		l.setting.Client = l.setting.Server[:strings.LastIndexByte(l.setting.Server, ':')]
	}
	l.net.describe(l.setting)
	l.journal.inferred = l.setting.Capture == sim.Inferred
	l.journal.add(pending{at: l.journal.start.UnixNano(), event: sim.Event{Body: sim.LabOpened{Setting: l.setting}}})
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
func (l *Lab) Events() <-chan sim.Event { return l.journal.events }

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
	return sim.Abilities{Steps: true, Hold: l.setting.Net == sim.Wire}
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

// release frees everything the lab holds. The network closes while the programs die: the kernel
// takes its time for either.
func (l *Lab) release() error {
	l.programs.kill()
	network := make(chan error, 1)
	go func() { network <- l.net.close() }()
	err := errors.Join(l.programs.close(), <-network, l.ports.close())
	l.wakeLock.Lock()
	defer l.wakeLock.Unlock()
	if l.wake >= 0 {
		err = errors.Join(err, unix.Close(l.wake))
		l.wake = -1
	}
	return err
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
