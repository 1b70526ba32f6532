package traced

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// manner is how a call is told.
type manner uint8

const (
	passing manner = iota // the call goes on at once, and is not told
	prelude               // the call is told once its socket turns out to be one of the lab's port
	shown                 // the call goes on at once, and is told
	waiting               // the call goes on at once, and is told if it blocks
	held                  // the call is told, and waits until it is released
)

// shortestSleep is the shortest sleep that is held.
const shortestSleep = 200 * time.Millisecond

// The errors that the kernel keeps to itself (linux/errno.h): the call goes on, or fails with
// EINTR.
const (
	errRestartSys   = 512
	errRestartBlock = 516
)

// thread is one thread of a program.
type thread struct {
	*tracer
	tid, pid int
	stopped  bool
	holds    bool // the thread is stopped before the call, until it is released
	inCall   bool // the exit of the call is awaited
	told     bool // the call has been told
	skipped  bool // the call is a sleep that is not slept
	redo     bool // the call gives way to a signal, and is made after it
	broken   bool // the call was interrupted, and goes on or fails with EINTR
	raw      rawCall
	call     sim.Call
	manner   manner
	inode    uint64  // of the socket of the call, 0 for none
	late     *notice // a return of EPIPE that SIGPIPE may prevent
	below    []frame // what handlers have interrupted, the newest last
}

// frame is a call that the handler of a signal has interrupted: asleep in it, or about to see
// its return.
type frame struct {
	raw    rawCall
	call   sim.Call
	manner manner
	inode  uint64
	told   bool
	broken bool
	late   *notice
}

// resume lets a thread run, with a signal or without (0).
func (k *thread) resume(sig unix.Signal) {
	k.stopped = false
	if k.inCall {
		_ = unix.PtraceSyscall(k.tid, int(sig)) // it was killed meanwhile, or it runs
		return
	}
	_ = unix.PtraceCont(k.tid, int(sig))
}

// notice returns a notice about the thread, of now.
func (k *thread) notice(kind noticeKind) notice {
	return notice{Kind: kind, At: now(), PID: k.pid, TID: k.tid, Call: k.call}
}

// enters takes in that the thread is stopped at the entry of a call.
func (k *thread) enters() {
	info, err := getSyscallInfo(k.tid)
	if err != nil {
		return // it was killed meanwhile
	}
	raw := rawCall{number: info.number(), kind: tracedCalls[info.number()], args: info.Args}
	switch raw.kind {
	case callSigreturn:
		if len(k.below) > 0 {
			k.raw, k.told, k.inCall = raw, false, true
		}
		k.resume(0)
		return
	case callRestart:
		k.inCall, k.broken = k.broken, false
		k.resume(0)
		return
	}
	if k.broken {
		k.broken = false
		if raw == k.raw {
			k.inCall = true // the same call goes on
			k.resume(0)
			return
		}
		k.interrupted(k.told)
	}
	k.raw = raw
	k.describe()
	switch k.manner {
	case passing:
		k.resume(0)
	case held:
		k.holds = true
		k.concerns()
		n := k.notice(noticeHeld)
		n.Sleep = k.raw.kind == callSleep || k.raw.kind == callClockSleep
		k.tell(n)
	default:
		k.enter()
	}
}

// interrupted tells that the call has failed since a signal came, if the call was told.
func (k *thread) interrupted(told bool) {
	if told {
		n := k.notice(noticeReturned)
		n.Ret = sim.Result{Ret: -1, Errno: unix.ErrnoName(unix.EINTR)}
		k.tell(n)
	}
}

// enter lets the thread into its call; the exit stops it.
func (k *thread) enter() {
	k.holds, k.inCall, k.told = false, true, k.manner >= shown && !k.redo
	if k.told {
		k.concerns()
		n := k.notice(noticeEntered)
		if k.manner == waiting {
			n.Kind = noticeWaiting
		}
		if k.raw.kind == callConnect {
			if s := k.socket(k, k.call.FD); s.bound() {
				n.Addr = s.local
			}
		}
		k.tell(n)
	}
	k.resume(0)
}

// skip has a held sleep return at once.
func (k *thread) skip() {
	if skipCall(k.tid, 0) == nil {
		k.skipped = true
	}
	k.enter()
}

// giveWay has a held call give way to a signal; it is made after it.
func (k *thread) giveWay() {
	if skipCall(k.tid, 0) == nil {
		k.redo = true
	}
	k.enter()
}

// exits takes in that the thread is stopped at the exit of its call.
func (k *thread) exits() {
	info, err := getSyscallInfo(k.tid)
	if err != nil {
		return
	}
	ret := info.returned()
	k.inCall = false
	switch {
	case k.redo:
		k.redo = false
		_ = remakeCall(k.tid, k.raw.number, k.raw.args[0])
	case k.raw.kind == callSigreturn:
		k.handlerReturns(ret)
	case ret == -int64(unix.EINTR) && (k.manner == waiting || k.raw.kind == callSleep) && k.onlyIgnored():
		_ = remakeCall(k.tid, k.raw.number, k.raw.args[0]) // untraced, nothing would have interrupted it
		k.broken = true
	case ret <= -errRestartSys && ret >= -errRestartBlock:
		k.broken = true // nobody sees these
	default:
		k.returns(ret)
	}
	k.resume(0)
}

// returns tells what the call has returned.
func (k *thread) returns(ret int64) {
	n := k.notice(noticeReturned)
	n.Ret.Ret = int(ret)
	if ret < 0 && ret > -4096 {
		n.Ret.Ret, n.Ret.Errno = -1, unix.ErrnoName(unix.Errno(-ret))
	} else {
		n.Ret.Data, n.Ret.Note = brought(k.raw, memory{k.tid}, ret)
	}
	if k.skipped {
		k.skipped, n.Ret.Note = false, noteSkipped
	}
	k.brings(&n)
	switch {
	case k.manner == prelude:
		k.remember(n)
	case k.told && n.Ret.Errno == unix.ErrnoName(unix.EPIPE):
		k.late = &n
	case k.told:
		k.tell(n)
	}
}

// noteSkipped is the note on a sleep that was not slept.
const noteSkipped = "skipped"

// brings takes in which socket a call has brought, or named.
func (k *thread) brings(n *notice) {
	switch failed := n.Ret.Errno != ""; {
	case k.call.Name == sim.CallConnect:
		n.Addr = k.socket(k, k.call.FD).local
	case failed:
	case k.call.Name == sim.CallAccept:
		s := k.socket(k, n.Ret.Ret)
		n.Addr = s.remote
		k.sockets[s.inode] = &knownSocket{ours: true}
	case k.call.Name == sim.CallSocket:
		if inode, ok := inodeOf(k.tid, n.Ret.Ret); ok {
			k.inode = inode
			k.sockets[inode] = &knownSocket{}
		}
	}
}

// signals takes in that a signal is about to be delivered.
func (k *thread) signals(sig unix.Signal) {
	status := readStatus(k.tid)
	n := k.notice(noticeHandled)
	n.Text = unix.SignalName(sig)
	late := k.late
	k.late = nil
	switch {
	case status.has("SigIgn", sig):
		if n.Kind = noticeIgnored; sig == unix.SIGPIPE {
			k.tell(n)
		}
		k.tellLate(late)
	case status.has("SigCgt", sig):
		if sig != unix.SIGURG && sig != unix.SIGCHLD {
			k.tell(n)
		}
		k.below = append(k.below, frame{k.raw, k.call, k.manner, k.inode, k.told, k.broken, late})
		k.broken = false
	case ignoredByDefault&bit(sig) != 0, sig == unix.SIGTSTP, sig == unix.SIGTTIN, sig == unix.SIGTTOU, sig == unix.SIGSTOP:
		k.tellLate(late)
	default:
		n.Kind = noticeDeadly
		k.tell(n)
	}
	k.resume(sig)
}

// tellLate tells a return that was held back, if there is one.
func (k *thread) tellLate(n *notice) {
	if n != nil {
		n.At = now()
		k.tell(*n)
	}
}

// handlerReturns takes in that a handler has returned: what it has interrupted goes on, or the
// program sees its return. ret is the register that a call's value is in.
func (k *thread) handlerReturns(ret int64) {
	f := k.below[len(k.below)-1]
	k.below = k.below[:len(k.below)-1]
	k.raw, k.call, k.manner, k.inode, k.told = f.raw, f.call, f.manner, f.inode, f.told
	switch {
	case f.late != nil:
		k.tellLate(f.late)
	case f.broken && ret == -int64(unix.EINTR):
		k.interrupted(f.told)
	case f.broken:
		k.broken = true // it is made again
	}
}

// ignoredByDefault are the signals that do nothing by default, as a mask of proc_pid_status(5).
const ignoredByDefault = 1<<(unix.SIGCHLD-1) | 1<<(unix.SIGURG-1) | 1<<(unix.SIGWINCH-1) | 1<<(unix.SIGCONT-1)

func bit(sig unix.Signal) uint64 { return 1 << (uint(sig) - 1) }

// onlyIgnored reports whether signals are pending, and every one of them does nothing.
func (k *thread) onlyIgnored() bool {
	s := readStatus(k.tid)
	pending := (s.mask("SigPnd") | s.mask("ShdPnd")) &^ s.mask("SigBlk")
	return pending != 0 && pending&^(s.mask("SigIgn")|ignoredByDefault&^s.mask("SigCgt")) == 0
}

// status is what proc_pid_status(5) says of a thread.
type status []byte

func readStatus(tid int) status {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		return nil // it is gone
	}
	return b
}

// field returns the value of a field, empty where there is none.
func (s status) field(name string) string {
	_, rest, _ := bytes.Cut(s, []byte("\n"+name+":"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return strings.TrimSpace(string(line))
}

// number returns the value of a field that is a number.
func (s status) number(name string) int {
	n, err := strconv.Atoi(s.field(name))
	if err != nil {
		return 0
	}
	return n
}

// mask returns the value of a field that is a set of signals.
func (s status) mask(name string) uint64 {
	n, err := strconv.ParseUint(s.field(name), 16, 64)
	if err != nil {
		return 0
	}
	return n
}

func (s status) has(set string, sig unix.Signal) bool { return s.mask(set)&bit(sig) != 0 }
