package tcp

import (
	"math/bits"

	"finwait/sim"
)

// kind is what the kernel keeps an end of a connection in.
type kind uint8

const (
	free    kind = iota
	full         // a socket, with a descriptor or as an orphan
	request      // a handshake that a listener answers: SYN_RECV (struct request_sock)
	mini         // what is left of one in TIME_WAIT, or as an orphan in FIN_WAIT2 (struct inet_timewait_sock)
)

// socket is one end of a connection, or a listener (conn 0).
type socket struct {
	kind   kind
	id     uint8 // its place in World.sockets
	side   Side
	state  sim.State
	shown  sim.State // as it was told
	orphan bool      // as it was told
	conn   uint16

	refs     uint8 // descriptors of all processes (f_count)
	opened   bool  // its connect has led to ESTABLISHED
	closing  bool  // a close with SO_LINGER waits for it
	listener int8  // index of the one that it came from, while it waits to be accepted; -1
	queue    uint16
	backlog  uint8
	isn      uint32 // of a listener: what its SYN ACKs begin with
	bound    bool   // it has the server's port
	keeps    bool   // and was bound by a program: it keeps the port while there is a descriptor
	reuse    bool   // SO_REUSEADDR

	linger    bool // SO_LINGER is on
	lingerFor Time
	linger2   Time  // TCP_LINGER2: in place of the time of FIN_WAIT2, below 0 for none
	keepalive bool  // SO_KEEPALIVE
	idle      Time  // TCP_KEEPIDLE
	every     Time  // TCP_KEEPINTVL
	probes    uint8 // TCP_KEEPCNT
	patience  Time  // TCP_USER_TIMEOUT, 0 for none

	err     Errno // sk_err: one slot
	late    bool  // or it is ETIMEDOUT, for a timer may have come first; of a World that is Lazy
	done    bool  // a FIN was taken in (SOCK_DONE)
	rcvShut bool  // RCV_SHUTDOWN: nothing more will be read, or nothing more can come
	sndShut bool  // SEND_SHUTDOWN

	tx sender
	rx receiver
	tm timers
}

// sender is the sending half.
type sender struct {
	iss   uint32 // ISS
	una   uint32 // SND.UNA; ISS until the SYN was acknowledged
	nxt   uint32 // SND.NXT
	write uint32 // the number after all that was written, the FIN included
	wnd   uint32 // SND.WND
	wl    uint32 // SND.WL1
	fin   bool   // the last number is a FIN
	small uint32 // the number after the newest segment that was not full (snd_sml)
	tight bool   // one segment at a time, until something is acknowledged: see machine.establish
	lost  uint32 // all before it is taken for lost, after a retransmission
	most  uint32 // the number after all that was ever sent, for Resent
	syns  uint8  // which openings were sent: 1 SYN, 2 SYN ACK
	sent  [maxSent]part
	parts uint8

	retransmits uint8 // icsk_retransmits
	again       uint8 // of a request: SYN ACKs that were repeated because the SYN was
	backoff     uint8 // icsk_backoff: how often the timeout has doubled
	probing     bool  // a tail loss probe is out
	mended      bool  // what a SACK says is lost was repeated
	stamp       Time  // when the oldest segment was repeated for the first time (retrans_stamp); 0
	at          Time  // when the newest segment was sent for the first time
	ackedAt     Time  // when something was acknowledged
	begun       Time  // since when something is not acknowledged
	last        Time  // when anything was sent
	hurried     Time  // when its patience may have become less
	unanswered  uint8 // probes of a window or of an idle peer (icsk_probes_out)
	doubtful    uint8 // in a Lazy world: older ones that may still count; see heardFrom
}

// part is a segment in the retransmission queue.
type part struct {
	to     uint32 // the number after it
	syn    bool   // the SYN ACK of a socket that was closed in SYN_RECV
	fin    bool
	push   bool
	sacked bool // it has arrived, beyond a hole

	at    Time  // when it was sent, or sent again after a while; of a World that is Lazy
	again uint8 // how often it was sent again since then
}

// receiver is the receiving half.
type receiver struct {
	irs    uint32 // IRS
	nxt    uint32 // RCV.NXT
	read   uint32 // the number after all that was read; after the FIN once the end of file was
	acked  uint32 // the newest acknowledgement that was sent (rcv_wup)
	edge   uint32 // the number after the window that was offered
	holes  [maxHoles]span
	spans  uint8
	fin    bool   // a FIN lies beyond a hole
	finAt  uint32 // the number after it
	talks  bool   // it answers what it gets (pingpong mode): it delays its acknowledgements
	heard  bool   // data have come (icsk_ack.ato is set)
	newest uint32 // the Nth of the segment that was sent last of those that were taken in (ts_recent)
	recent Time   // when that was; of a World that is Lazy
	quick  uint8  // how many acknowledgements still leave at once
	last   Time   // when data came
	alive  Time   // when anything came
	oow    Time   // when the newest answer to something unacceptable left (last_oow_ack_time)
}

// span is a range of sequence numbers that lies beyond a hole.
type span struct{ from, to uint32 }

// timers are the moments at which something happens; 0 is never.
type timers struct {
	resend  Time // retransmission, tail loss probe, SYN
	fast    bool // resend repeats what a SACK says is lost
	tail    bool // resend is a tail loss probe
	persist bool // resend probes a closed window
	ack     Time // the acknowledgement that is owed
	owedAt  Time // since when
	may     bool // one may leave that is not owed; of a World that is Lazy
	suspect bool // and that would be an answer to something suspicious
	keep    Time // keepalive, or FIN_WAIT2 before its last minute
	wait    Time // TIME_WAIT, or FIN_WAIT2 of an orphan
}

// after reports whether a is later in the sequence than b (RFC 9293 section 3.4).
func after(a, b uint32) bool { return int32(a-b) > 0 }

// unread returns how many bytes can be read. A FIN does not count.
func (s *socket) unread() uint32 {
	n := s.rx.nxt - s.rx.read
	if s.done && n > 0 {
		n--
	}
	return n
}

// held reports whether a process has the socket, or is still in its close.
func (s *socket) held() bool { return s.refs > 0 || s.closing }

// alone reports whether no process has the socket nor ever will.
func (s *socket) alone() bool { return !s.held() && s.listener < 0 }

// opens sets the numbers of an end that begins at isn.
func (t *sender) opens(isn uint32) {
	t.iss, t.una, t.lost = isn, isn, isn
	t.nxt, t.write, t.most, t.small = isn+1, isn+1, isn+1, isn+1
}

// repairs reports whether something that a timeout has taken for lost is not acknowledged
// yet (TCP_CA_Loss).
func (t *sender) repairs() bool { return after(t.lost, t.una) }

// opens sets the numbers that follow from the peer's SYN, and its timestamp
// (tcp_store_ts_recent).
func (r *receiver) opens(syn *Segment) {
	irs := syn.Seq
	r.irs, r.nxt, r.read, r.acked, r.edge = irs, irs+1, irs+1, irs+1, irs+1
	r.newest, r.recent = syn.Nth, syn.At
}

// maySend reports whether the state is one that sends data (RFC 9293 section
// 3.10.2).
func (s *socket) maySend() bool { return s.state == sim.Established || s.state == sim.CloseWait }

// socketOf returns the socket that gets the segments of a connection on a side: not
// one whose connection is over, which only a descriptor remembers.
func (w *World) socketOf(side Side, conn uint16) *socket {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind != free && s.conn == conn && s.side == side && s.state != sim.Close && s.state != sim.Closed && conn != 0 {
			return s
		}
	}
	return nil
}

// listening returns the listener of a side, nil without.
func (w *World) listening(side Side) *socket {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == full && s.state == sim.Listen && s.side == side {
			return s
		}
	}
	return nil
}

// alloc returns a new socket, nil when there is no room.
func (w *World) alloc(k kind, side Side, conn uint16) *socket {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == free {
			*s = socket{kind: k, id: uint8(i), side: side, conn: conn, state: sim.Close, listener: -1}
			return s
		}
	}
	w.beyond = true
	return nil
}

// set changes a state. It is told before anything else moves.
func (w *World) set(s *socket, state sim.State) {
	s.state = state
	w.touch(s)
}

// touch has the state of a socket told, should it differ from what was told.
func (w *World) touch(s *socket) { w.dirty |= 1 << s.id }

// visible returns what the kernel says of a socket (tcp_diag_dump): nothing of
// one in CLOSE, and of a connection whose descriptor outlives it neither.
func (s *socket) visible() (state sim.State, orphan bool) {
	switch s.state {
	case sim.Close:
		return sim.Closed, false
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return s.state, s.alone()
	}
	return s.state, false
}

// report tells the states that have changed, and frees the sockets that nobody can
// reach any more.
func (m *machine) report() {
	for m.dirty != 0 {
		i := bits.TrailingZeros32(m.dirty)
		m.dirty &^= 1 << i
		s := &m.sockets[i]
		state, orphan := s.visible()
		if state != s.shown || orphan != s.orphan {
			m.emit(Effect{Kind: Changed, Side: s.side, Conn: s.conn, From: s.shown, To: state, Orphan: orphan})
			s.shown, s.orphan = state, orphan
		}
		if s.state == sim.Close && s.alone() {
			*s = socket{}
		}
	}
}
