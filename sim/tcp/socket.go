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
	kind           kind
	id             uint8 // its place in World.sockets
	side           Side
	state          sim.State
	reportedState  sim.State // as it was told
	reportedOrphan bool      // as it was told
	conn           uint16

	refs           uint8 // descriptors of all processes (f_count)
	wasEstablished bool  // its connect has led to ESTABLISHED
	lingering      bool  // a close with SO_LINGER waits for it
	listener       int8  // index of the one that it came from, while it waits to be accepted; -1
	acceptSeq      uint16
	backlog        uint8
	listenISN      uint32 // of a listener: what its SYN ACKs begin with
	bound          bool   // it has the server's port
	portLocked     bool   // and was bound by a program: it keeps the port while there is a descriptor
	reuseAddr      bool   // SO_REUSEADDR

	linger      bool // SO_LINGER is on
	lingerTime  Time
	linger2     Time  // TCP_LINGER2: in place of the time of FIN_WAIT2, below 0 for none
	keepalive   bool  // SO_KEEPALIVE
	keepIdle    Time  // TCP_KEEPIDLE
	keepIntvl   Time  // TCP_KEEPINTVL
	keepCnt     uint8 // TCP_KEEPCNT
	userTimeout Time  // TCP_USER_TIMEOUT, 0 for none

	err             Errno // sk_err: one slot
	errMayBeTimeout bool  // or it is ETIMEDOUT, for a timer may have come first; of a World that is Lazy
	finReceived     bool  // a FIN was taken in (SOCK_DONE)
	rcvShutdown     bool  // RCV_SHUTDOWN: nothing more will be read, or nothing more can come
	sndShutdown     bool  // SEND_SHUTDOWN

	snd    sender
	rcv    receiver
	timers timers
}

// sender is the sending half.
type sender struct {
	ISS       uint32 // ISS
	UNA       uint32 // SND.UNA; ISS until the SYN was acknowledged
	NXT       uint32 // SND.NXT
	writeSeq  uint32 // the number after all that was written, the FIN included
	WND       uint32 // SND.WND
	WL1       uint32 // SND.WL1
	finQueued bool   // the last number is a FIN
	smallEnd  uint32 // the number after the newest segment that was not full (snd_sml)
	cwndOne   bool   // one segment at a time, until something is acknowledged: see machine.establish
	lossHigh  uint32 // all before it is taken for lost, after a retransmission
	maxSent   uint32 // the number after all that was ever sent, for Resent
	synsSent  uint8  // which openings were sent: 1 SYN, 2 SYN ACK
	rtxQueue  [maxRtxQueue]rtxSegment
	rtxLen    uint8

	retransmits       uint8 // icsk_retransmits
	dupSYNs           uint8 // of a request: SYN ACKs that were repeated because the SYN was
	backoff           uint8 // icsk_backoff: how often the timeout has doubled
	tlpOut            bool  // a tail loss probe is out
	fastRetransmitted bool  // what a SACK says is lost was repeated
	retransStamp      Time  // when the oldest segment was repeated for the first time (retrans_stamp); 0
	newestSentAt      Time  // when the newest segment was sent for the first time
	ackedAt           Time  // when something was acknowledged
	unackedSince      Time  // since when something is not acknowledged
	lastSentAt        Time  // when anything was sent
	userTimeoutSetAt  Time  // when its patience may have become less
	probesOut         uint8 // probes of a window or of an idle peer (icsk_probes_out)
	probesMaybeOut    uint8 // in a Lazy world: older ones that may still count; see heardFrom
}

// part is a segment in the retransmission queue.
type rtxSegment struct {
	end    uint32 // the number after it
	syn    bool   // the SYN ACK of a socket that was closed in SYN_RECV
	fin    bool
	psh    bool
	sacked bool // it has arrived, beyond a hole

	sentAt  Time  // when it was sent, or sent again after a while; of a World that is Lazy
	resends uint8 // how often it was sent again since then
}

// receiver is the receiving half.
type receiver struct {
	IRS           uint32 // IRS
	NXT           uint32 // RCV.NXT
	copiedSeq     uint32 // the number after all that was read; after the FIN once the end of file was
	lastACKSent   uint32 // the newest acknowledgement that was sent (rcv_wup)
	wndEdge       uint32 // the number after the window that was offered
	outOfOrder    [maxOutOfOrder]seqRange
	nOutOfOrder   uint8
	finOutOfOrder bool   // a FIN lies beyond a hole
	finEnd        uint32 // the number after it
	pingpong      bool   // it answers what it gets (pingpong mode): it delays its acknowledgements
	gotData       bool   // data have come (icsk_ack.ato is set)
	tsRecent      uint32 // the Nth of the segment that was sent last of those that were taken in (ts_recent)
	tsRecentAt    Time   // when that was; of a World that is Lazy
	quickACKs     uint8  // how many acknowledgements still leave at once
	lastDataAt    Time   // when data came
	lastHeardAt   Time   // when anything came
	lastOOWACKAt  Time   // when the newest answer to something unacceptable left (last_oow_ack_time)
}

// span is a range of sequence numbers that lies beyond a hole.
type seqRange struct{ from, to uint32 }

// timers are the moments at which something happens; 0 is never.
type timers struct {
	retransmit        Time // retransmission, tail loss probe, SYN
	fastRetransmit    bool // resend repeats what a SACK says is lost
	tlp               bool // resend is a tail loss probe
	persist           bool // resend probes a closed window
	ack               Time // the acknowledgement that is owed
	ackPendingSince   Time // since when
	ackOptional       bool // one may leave that is not owed; of a World that is Lazy
	optionalChallenge bool // and that would be an answer to something suspicious
	keepalive         Time // keepalive, or FIN_WAIT2 before its last minute
	timewait          Time // TIME_WAIT, or FIN_WAIT2 of an orphan
}

// after reports whether a is later in the sequence than b (RFC 9293 section 3.4).
func after(a, b uint32) bool { return int32(a-b) > 0 }

// unread returns how many bytes can be read. A FIN does not count.
func (s *socket) unread() uint32 {
	n := s.rcv.NXT - s.rcv.copiedSeq
	if s.finReceived && n > 0 {
		n--
	}
	return n
}

// held reports whether a process has the socket, or is still in its close.
func (s *socket) hasProcess() bool { return s.refs > 0 || s.lingering }

// alone reports whether no process has the socket nor ever will.
func (s *socket) isOrphan() bool { return !s.hasProcess() && s.listener < 0 }

// opens sets the numbers of an end that begins at isn.
func (t *sender) start(isn uint32) {
	t.ISS, t.UNA, t.lossHigh = isn, isn, isn
	t.NXT, t.writeSeq, t.maxSent, t.smallEnd = isn+1, isn+1, isn+1, isn+1
}

// repairs reports whether something that a timeout has taken for lost is not acknowledged
// yet (TCP_CA_Loss).
func (t *sender) inLoss() bool { return after(t.lossHigh, t.UNA) }

// opens sets the numbers that follow from the peer's SYN, and its timestamp
// (tcp_store_ts_recent).
func (r *receiver) start(syn *Segment) {
	irs := syn.Seq
	r.IRS, r.NXT, r.copiedSeq, r.lastACKSent, r.wndEdge = irs, irs+1, irs+1, irs+1, irs+1
	r.tsRecent, r.tsRecentAt = syn.SendOrder, syn.SentAt
}

// maySend reports whether the state is one that sends data (RFC 9293 section
// 3.10.2).
func (s *socket) maySend() bool { return s.state == sim.Established || s.state == sim.CloseWait }

// socketOf returns the socket that gets the segments of a connection on a side: not
// one whose connection is over, which only a descriptor remembers.
func (w *World) lookup(side Side, conn uint16) *socket {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind != free && s.conn == conn && s.side == side && s.state != sim.Close && s.state != sim.Closed && conn != 0 {
			return s
		}
	}
	return nil
}

// listening returns the listener of a side, nil without.
func (w *World) listener(side Side) *socket {
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
	w.unsupported = true
	return nil
}

// set changes a state. It is told before anything else moves.
func (w *World) setState(s *socket, state sim.State) {
	s.state = state
	w.markDirty(s)
}

// touch has the state of a socket told, should it differ from what was told.
func (w *World) markDirty(s *socket) { w.dirty |= 1 << s.id }

// visible returns what the kernel says of a socket (tcp_diag_dump): nothing of
// one in CLOSE, and of a connection whose descriptor outlives it neither.
func (s *socket) diagState() (state sim.State, orphan bool) {
	switch s.state {
	case sim.Close:
		return sim.Closed, false
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return s.state, s.isOrphan()
	}
	return s.state, false
}

// report tells the states that have changed, and frees the sockets that nobody can
// reach any more.
func (m *machine) reportStates() {
	for m.dirty != 0 {
		i := bits.TrailingZeros32(m.dirty)
		m.dirty &^= 1 << i
		s := &m.sockets[i]
		state, orphan := s.diagState()
		if state != s.reportedState || orphan != s.reportedOrphan {
			m.effect(Effect{Kind: StateChanged, Side: s.side, Conn: s.conn, From: s.reportedState, To: state, Orphan: orphan})
			s.reportedState, s.reportedOrphan = state, orphan
		}
		if s.state == sim.Close && s.isOrphan() {
			*s = socket{}
		}
	}
}
