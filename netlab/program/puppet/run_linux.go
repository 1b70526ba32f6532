package puppet

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// The environment of a program.
const (
	cpuEnv     = "FINWAIT_CPU"     // the only CPU it may run on
	keepEnv    = "FINWAIT_FORKED"  // set in a child of fork, which keeps the descriptors it was given
	sigpipeEnv = "FINWAIT_SIGPIPE" // the disposition a child of fork inherits
)

// init ties a program to its main thread, the one that /proc/PID tells about. Later, in main,
// the Go runtime may have moved it to another thread.
func init() {
	if host.Role() == host.RoleProgram {
		runtime.LockOSThread()
	}
}

// Run is the main function of the program under test: call it first thing in main. It returns
// at once unless this process was started as a program; then it never returns.
func Run() {
	if host.Role() != host.RoleProgram {
		return
	}
	p, err := newRunner()
	if err == nil {
		err = p.serve()
	}
	if err != nil && err != io.EOF {
		os.Exit(1)
	}
	os.Exit(0)
}

// runner is the program under test, as it runs in its own process.
type runner struct {
	channel *ipc.Channel
	signals *signals
	sigpipe sim.Disposition
	last    int   // what sim.LastFD stands for
	given   []int // descriptors that came with the request
}

func newRunner() (*runner, error) {
	if err := host.DieWithParent(); err != nil {
		return nil, err
	}
	if os.Getenv(keepEnv) == "" {
		if err := host.CloseInherited(); err != nil {
			return nil, err
		}
	}
	if err := pin(os.Getenv(cpuEnv)); err != nil {
		return nil, err
	}
	p := &runner{channel: ipc.New(host.ControlFD), last: -1}
	var err error
	if p.signals, err = newSignals(); err != nil {
		return nil, err
	}
	p.sigpipe = sim.SigDfl
	if how := os.Getenv(sigpipeEnv); how != "" {
		p.sigpipe = sim.Disposition(how)
	}
	if err := p.signals.sigpipe(p.sigpipe); err != nil {
		return nil, err
	}
	return p, p.channel.Send(Reply{Kind: ReplyReady, At: now(), Ret: os.Getpid()})
}

// pin binds this thread to one CPU. Both programs share it, so that a FIN and
// what it wakes up follow each other as on a machine with one CPU.
func pin(cpu string) error {
	if cpu == "" {
		return nil
	}
	n, err := strconv.Atoi(cpu)
	if err != nil {
		return fmt.Errorf("%s: %w", cpuEnv, err)
	}
	var set unix.CPUSet
	set.Set(n)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("sched_setaffinity: %w", err)
	}
	return nil
}

func now() int64 { return time.Now().UnixNano() }

// serve makes the calls it is asked to make until the lab is gone.
func (p *runner) serve() error {
	for {
		var ask Request
		fds, err := p.channel.Recv(&ask)
		if err != nil {
			return err
		}
		p.given = fds
		if err := p.perform(ask); err != nil {
			return err
		}
	}
}

// perform makes the calls of one request.
func (p *runner) perform(ask Request) error {
	for i, c := range ask.Calls {
		if c.FD == sim.LastFD {
			c.FD = p.last
		}
		if err := p.channel.Send(Reply{Kind: ReplyCall, Index: i, FD: c.FD, At: now()}); err != nil {
			return err
		}
		answer := p.call(c)
		answer.Index, answer.FD = i, c.FD
		answer.Last = i == len(ask.Calls)-1 || ask.Stop && answer.Ret < 0
		if p.sigpipe == sim.SigHandler && p.signals.caught() {
			if err := p.channel.Send(Reply{Kind: ReplySignal, Index: i, At: answer.At, Note: "SIGPIPE"}); err != nil {
				return err
			}
		}
		if err := p.channel.Send(answer); err != nil {
			return err
		}
		if answer.Last {
			return nil
		}
	}
	return nil
}

// call makes one call and notes the descriptor it opened.
func (p *runner) call(c sim.Call) Reply {
	switch c.Name {
	case sim.CallSigaction:
		return p.sigaction(c)
	case sim.CallFork:
		return p.fork()
	}
	r := makeCall(c)
	if r.Ret >= 0 && c.Name.Opens() {
		p.last = r.Ret
	}
	return r
}

func (p *runner) sigaction(c sim.Call) Reply {
	err := p.signals.sigpipe(c.Disposition)
	if err == nil {
		p.sigpipe = c.Disposition
	}
	return reply(0, err)
}

// fork starts a second process that shares every descriptor, as fork(2) would
// leave it: the sockets are not CLOEXEC, so they are open there under the same
// numbers. Its channel came with the request.
func (p *runner) fork() Reply {
	if len(p.given) != 1 {
		return reply(-1, unix.EINVAL)
	}
	control := p.given[0]
	p.given = nil
	defer unix.Close(control)
	pid, err := host.SpawnSibling(os.Args[0], host.RoleProgram, control, []string{
		keepEnv + "=1", sigpipeEnv + "=" + string(p.sigpipe), cpuEnv + "=" + os.Getenv(cpuEnv),
	})
	if err != nil {
		return reply(-1, err)
	}
	return reply(pid, nil)
}

// signals sets what signals do to the program.
type signals struct {
	handler kernelSigaction // the Go runtime's own for SIGPIPE, which feeds ran
	ran     chan os.Signal
}

// newSignals gives the signals that may end a program the kernel's default
// action, past the Go runtime.
func newSignals() (*signals, error) {
	s := &signals{ran: make(chan os.Signal, 1)}
	signal.Notify(s.ran, unix.SIGPIPE)
	var err error
	if s.handler, err = getSigaction(unix.SIGPIPE); err != nil {
		return nil, err
	}
	for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGPIPE} {
		if err := setSigaction(sig, kernelSigaction{Handler: sigDfl}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// sigpipe sets the disposition of SIGPIPE. It must come after any other use of
// os/signal: that would install the runtime's handler again.
func (s *signals) sigpipe(how sim.Disposition) error {
	switch how {
	case sim.SigDfl:
		return setSigaction(unix.SIGPIPE, kernelSigaction{Handler: sigDfl})
	case sim.SigIgn:
		return setSigaction(unix.SIGPIPE, kernelSigaction{Handler: sigIgn})
	case sim.SigHandler:
		return setSigaction(unix.SIGPIPE, s.handler)
	}
	return unix.EINVAL
}
