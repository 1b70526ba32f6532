package traced

import "golang.org/x/sys/unix"

// auditArch is what the filter asks of the calls that it looks at.
const auditArch = unix.AUDIT_ARCH_X86_64

// The calls that only this architecture has beside newer ones.
func ownCalls() map[int]kindOfCall {
	return map[int]kindOfCall{
		unix.SYS_POLL: callPoll, unix.SYS_SELECT: callSelect, unix.SYS_EPOLL_WAIT: callEpoll, unix.SYS_DUP2: callDup,
	}
}
