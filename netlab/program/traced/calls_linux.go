package traced

import "golang.org/x/sys/unix"

// kindOfCall is what a call is, whatever its number on an architecture.
type kindOfCall uint8

// The kinds of the calls at which a program stops.
const (
	callNone kindOfCall = iota
	callSocket
	callBind
	callListen
	callConnect
	callAccept
	callRead
	callReadv
	callRecvfrom
	callRecvmsg
	callWrite
	callWritev
	callSendto
	callSendmsg
	callSendfile
	callSplice
	callShutdown
	callClose
	callCloseRange
	callSetsockopt
	callGetsockopt
	callDup
	callFcntl
	callPoll
	callSelect
	callEpoll
	callSleep
	callClockSleep
	callExitGroup
	callSigaction
	callSigreturn
	callRestart
	callIOUring
)

// tracedCalls are the calls at which a program stops, by their numbers. All others run at full
// speed: since Linux 5.11 the kernel does not even run the filter for them.
var tracedCalls = allCalls()

func allCalls() map[int]kindOfCall {
	calls := map[int]kindOfCall{
		unix.SYS_SOCKET: callSocket, unix.SYS_BIND: callBind, unix.SYS_LISTEN: callListen, unix.SYS_CONNECT: callConnect,
		unix.SYS_ACCEPT: callAccept, unix.SYS_ACCEPT4: callAccept,
		unix.SYS_READ: callRead, unix.SYS_READV: callReadv, unix.SYS_RECVFROM: callRecvfrom, unix.SYS_RECVMSG: callRecvmsg,
		unix.SYS_WRITE: callWrite, unix.SYS_WRITEV: callWritev, unix.SYS_SENDTO: callSendto, unix.SYS_SENDMSG: callSendmsg,
		unix.SYS_SENDFILE: callSendfile, unix.SYS_SPLICE: callSplice,
		unix.SYS_SHUTDOWN: callShutdown, unix.SYS_CLOSE: callClose, unix.SYS_CLOSE_RANGE: callCloseRange,
		unix.SYS_SETSOCKOPT: callSetsockopt, unix.SYS_GETSOCKOPT: callGetsockopt,
		unix.SYS_DUP: callDup, unix.SYS_DUP3: callDup, unix.SYS_FCNTL: callFcntl,
		unix.SYS_PPOLL: callPoll, unix.SYS_PSELECT6: callSelect, unix.SYS_EPOLL_PWAIT: callEpoll, unix.SYS_EPOLL_PWAIT2: callEpoll,
		unix.SYS_NANOSLEEP: callSleep, unix.SYS_CLOCK_NANOSLEEP: callClockSleep,
		unix.SYS_EXIT_GROUP: callExitGroup, unix.SYS_RT_SIGACTION: callSigaction, unix.SYS_RT_SIGRETURN: callSigreturn,
		unix.SYS_RESTART_SYSCALL: callRestart, unix.SYS_IO_URING_SETUP: callIOUring,
	}
	for number, kind := range ownCalls() {
		calls[number] = kind
	}
	return calls
}

// narrowed are the calls that stop a program only where an argument has one of some values.
var narrowed = map[kindOfCall]struct {
	arg    uint32
	values []uint32
}{
	callFcntl:     {1, []uint32{unix.F_DUPFD, unix.F_DUPFD_CLOEXEC, unix.F_SETFL}},
	callSigaction: {0, []uint32{uint32(unix.SIGPIPE)}},
}
