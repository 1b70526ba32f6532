package sockdiag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"finwait/sim"
)

// Socket is one TCP socket as the kernel describes it (struct inet_diag_msg,
// include/uapi/linux/inet_diag.h). It is a value; nothing in it is shared.
type Socket struct {
	// State is idiag_state. A connection request that waits for its ACK
	// (TCP_NEW_SYN_RECV, a request_sock) is SYN_RECV too.
	State sim.State
	// Local and Remote are the addresses seen from this end: both ends of a
	// connection on loopback are sockets of their own. A listener's Remote is
	// 0.0.0.0:0.
	Local, Remote netip.AddrPort
	// Cookie is the number that SO_COOKIE gives (socket(7)). A connection keeps it
	// from its first segment to the end of TIME_WAIT (sock_gen_cookie, and
	// inet_twsk_alloc, which copies it).
	Cookie uint64
	// Inode is the socket's inode, 0 when no descriptor leads to it: an orphan, a
	// minisocket, a connection request, or a connection that nobody has accepted
	// yet.
	Inode uint32
	// Timer is the timer that runs, one of the names sim.Timer…. Of several the
	// kernel names one: retransmit before persist before keepalive
	// (inet_sk_diag_fill).
	Timer string
	// Expires is the time until Timer fires (idiag_expires, milliseconds; their
	// grain is the kernel's tick). It may be 0 while the timer is being handled.
	Expires time.Duration
	// Retransmits is idiag_retrans: retransmissions in a row without an answer,
	// or probes when Timer is persist or keepalive.
	Retransmits int
	// RecvQ and SendQ are bytes not read and bytes not acknowledged. A FIN counts
	// as one in both. Of a listener: connections waiting for accept, and its
	// backlog.
	RecvQ, SendQ int
}

// Error is a failed request. Op is the operation. Err is a syscall.Errno if the kernel refused
// the request, so that errors.Is(err, unix.ENOENT) works.
type Error struct {
	Op  string
	Err error
}

// Error returns "sock_diag: lookup: no such file or directory".
func (e *Error) Error() string { return "sock_diag: " + e.Op + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// The errors of a malformed answer. No kernel has been seen to send one.
var (
	errShort   = errors.New("the kernel's answer is too short")
	errUnknown = errors.New("the kernel's answer is of an unknown type")
	errFamily  = errors.New("the address is not IPv4")
)

// Numbers of include/uapi/linux/netlink.h, sock_diag.h and inet_diag.h, repeated
// here because golang.org/x/sys/unix has them on Linux only.
const (
	sizeofHeader  = 16 // struct nlmsghdr
	sizeofRequest = 56 // struct inet_diag_req_v2
	sizeofSocket  = 72 // struct inet_diag_msg, without its attributes

	typeNoop      = 1  // NLMSG_NOOP
	typeError     = 2  // NLMSG_ERROR
	typeDone      = 3  // NLMSG_DONE
	typeByFamily  = 20 // SOCK_DIAG_BY_FAMILY
	typeDestroy   = 21 // SOCK_DESTROY
	flagRequest   = 1  // NLM_F_REQUEST
	flagAck       = 4  // NLM_F_ACK
	flagDump      = 0x300
	familyInet    = 2  // AF_INET
	familyInet6   = 10 // AF_INET6
	protoTCP      = 6
	allStates     = 1<<32 - 1
	newSynRecv    = 12 // TCP_NEW_SYN_RECV
	noCookie      = 1<<64 - 1
	offRequestID  = sizeofHeader + 8 // struct inet_diag_sockid in the request
	offCookie     = 40               // idiag_cookie in struct inet_diag_sockid
	offSocketID   = 4                // struct inet_diag_sockid in the answer
	offSocketTail = 52               // idiag_expires and what follows
)

// request is what Lookup, Dump and Destroy ask for. In a dump only the ports count, and 0
// matches all; else both addresses must be IPv4.
type request struct {
	seq           uint32
	dump          bool
	destroy       bool
	local, remote netip.AddrPort
	cookie        uint64 // 0: any
}

// encode writes the request into b: struct nlmsghdr and struct inet_diag_req_v2,
// numbers in the machine's byte order, addresses and ports in the network's.
func (r request) encode(b *[sizeofHeader + sizeofRequest]byte) {
	*b = [sizeofHeader + sizeofRequest]byte{}
	kind, flags := uint16(typeByFamily), uint16(flagRequest)
	if r.dump {
		flags |= flagDump
	}
	if r.destroy { // the kernel answers with an errno, which is 0 if the socket is gone
		kind, flags = typeDestroy, flags|flagAck
	}
	ne := binary.NativeEndian
	ne.PutUint32(b[0:], uint32(len(b)))
	ne.PutUint16(b[4:], kind)
	ne.PutUint16(b[6:], flags)
	ne.PutUint32(b[8:], r.seq) // the port id after it stays 0: the kernel fills it in

	b[16], b[17] = familyInet, protoTCP
	ne.PutUint32(b[20:], allStates)

	id := b[offRequestID:]
	binary.BigEndian.PutUint16(id[0:], r.local.Port())
	binary.BigEndian.PutUint16(id[2:], r.remote.Port())
	if !r.dump {
		src, dst := r.local.Addr().As4(), r.remote.Addr().As4()
		copy(id[4:], src[:])
		copy(id[20:], dst[:])
	}
	cookie := r.cookie
	if cookie == 0 {
		cookie = noCookie
	}
	ne.PutUint32(id[offCookie:], uint32(cookie))
	ne.PutUint32(id[offCookie+4:], uint32(cookie>>32))
}

// message is one netlink message of an answer. Its body is a part of the
// buffer that nextMessage was given.
type message struct {
	kind uint16
	seq  uint32
	body []byte
}

// nextMessage splits the first message off b. The rest begins at the next
// multiple of four (NLMSG_ALIGN); it is empty after the last message.
func nextMessage(b []byte) (m message, rest []byte, err error) {
	if len(b) < sizeofHeader {
		return message{}, nil, errShort
	}
	ne := binary.NativeEndian
	size := ne.Uint32(b)
	if size < sizeofHeader || uint64(size) > uint64(len(b)) {
		return message{}, nil, errShort
	}
	m = message{kind: ne.Uint16(b[4:]), seq: ne.Uint32(b[8:]), body: b[sizeofHeader:size]}
	aligned := min((uint64(size)+3)&^3, uint64(len(b)))
	return m, b[aligned:], nil
}

// parseErrno reads the error at the start of NLMSG_ERROR and NLMSG_DONE. The
// kernel sends it negative; 0 means that there was none. A DONE without a body
// is no error.
func parseErrno(m message) (errno int, err error) {
	if m.kind == typeDone && len(m.body) == 0 {
		return 0, nil
	}
	if len(m.body) < 4 {
		return 0, errShort
	}
	n := int32(binary.NativeEndian.Uint32(m.body))
	if n > 0 || n < -4095 { // MAX_ERRNO
		return 0, errUnknown
	}
	return int(-n), nil
}

// parseSocket reads a struct inet_diag_msg. Attributes after it are ignored.
func parseSocket(b []byte) (Socket, error) {
	if len(b) < sizeofSocket {
		return Socket{}, errShort
	}
	id, tail := b[offSocketID:], b[offSocketTail:]
	src, okSrc := parseAddr(b[0], id[4:20])
	dst, okDst := parseAddr(b[0], id[20:36])
	if !okSrc || !okDst {
		return Socket{}, errFamily
	}
	ne := binary.NativeEndian
	return Socket{
		State:       stateOf(b[1]),
		Timer:       timerName(b[2]),
		Retransmits: int(b[3]),
		Local:       netip.AddrPortFrom(src, binary.BigEndian.Uint16(id)),
		Remote:      netip.AddrPortFrom(dst, binary.BigEndian.Uint16(id[2:])),
		Cookie:      uint64(ne.Uint32(id[offCookie:])) | uint64(ne.Uint32(id[offCookie+4:]))<<32,
		Expires:     time.Duration(ne.Uint32(tail)) * time.Millisecond,
		RecvQ:       int(ne.Uint32(tail[4:])),
		SendQ:       int(ne.Uint32(tail[8:])),
		Inode:       ne.Uint32(tail[16:]),
	}, nil
}

// parseAddr reads an address of 4 or 16 bytes. An IPv6 socket that serves IPv4
// (a Go listener on ":8088") answers with mapped addresses; those are IPv4 here.
func parseAddr(family byte, b []byte) (netip.Addr, bool) {
	switch family {
	case familyInet:
		return netip.AddrFrom4([4]byte(b)), true
	case familyInet6:
		return netip.AddrFrom16([16]byte(b)).Unmap(), true
	}
	return netip.Addr{}, false
}

// stateOf converts by value, as sim.State is numbered like the kernel.
func stateOf(n byte) sim.State {
	if n == newSynRecv {
		return sim.SynRecv
	}
	return sim.State(n)
}

// timerName names idiag_timer (inet_sk_diag_fill, inet_twsk_diag_fill).
func timerName(n byte) string {
	switch n {
	case 0:
		return sim.TimerOff
	case 1: // ICSK_TIME_RETRANS, ICSK_TIME_LOSS_PROBE, ICSK_TIME_REO_TIMEOUT, or a request's SYN ACK
		return sim.TimerRetransmit
	case 2: // sk_timer; in FIN_WAIT2 it is the rest of tcp_fin_timeout above 60 s
		return sim.TimerKeepalive
	case 3:
		return sim.TimerTimewait
	case 4: // ICSK_TIME_PROBE0
		return sim.TimerPersist
	}
	return fmt.Sprintf("timer(%d)", n)
}
