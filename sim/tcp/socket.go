package tcp

import (
	"slices"

	"finwait/sim"
)

// kind is the structure in which the kernel keeps an end of a connection.
type kind uint8

const (
	free    kind = iota
	full         // a whole socket, with a descriptor or as an orphan (struct tcp_sock)
	request      // the handshake of a listener, in SYN_RECV (struct request_sock)
	mini         // a minisock in TIME_WAIT, or of an orphan in FIN_WAIT2 (struct inet_timewait_sock)
)

// socket is one end of a connection. Connection 0 is a listener or a socket that was never
// connected.
type socket struct {
	kind  kind
	id    uint8 // index in World.sockets
	side  Side
	state sim.State
	conn  uint16

	reportedState  sim.State // state in the newest StateChanged effect
	reportedOrphan bool      // Orphan in the newest StateChanged effect

	refs           uint8 // number of descriptors, in all processes (f_count)
	wasEstablished bool  // the newest connect reached ESTABLISHED
	lingering      bool  // a close with SO_LINGER is blocked on the socket

	listener  int8    // index of the listener of a request, or of a connection in the accept queue; otherwise -1
	acceptSeq uint16  // position in the order of the accept queue
	backlog   uint8   // limit of the accept queue of a listener
	listenISN sim.Seq // first sequence number of a listener's next SYN ACK

	bound      bool // the socket uses the server's port
	portLocked bool // bind chose the port; the port outlives the connection (SOCK_BINDPORT_LOCK)
	reuseAddr  bool // SO_REUSEADDR

	linger      bool  // SO_LINGER is on
	lingerTime  Time  // time of SO_LINGER
	linger2     Time  // TCP_LINGER2: time in FIN_WAIT2; 0 for the default, below 0 for no FIN_WAIT2
	keepalive   bool  // SO_KEEPALIVE
	keepIdle    Time  // TCP_KEEPIDLE
	keepIntvl   Time  // TCP_KEEPINTVL
	keepCnt     uint8 // TCP_KEEPCNT
	userTimeout Time  // TCP_USER_TIMEOUT; 0 for none

	err             Errno // pending error; there is room for one (sk_err)
	errMayBeTimeout bool  // the kernel may report ETIMEDOUT instead of err; observed World only
	finReceived     bool  // the peer's FIN was received in order (SOCK_DONE)
	rcvShutdown     bool  // RCV_SHUTDOWN: nobody will read more, or no more can arrive
	sndShutdown     bool  // SEND_SHUTDOWN: nobody can write

	snd    sender
	rcv    receiver
	timers timers
}

// sender is the sending half of a connection: the send sequence variables of RFC 9293
// section 3.3.1, and the retransmission queue.
//
//	       1         2          3          4
//	  ----------|----------|----------|----------
//	         SND.UNA    SND.NXT    SND.UNA
//	                              +SND.WND
//
//	1  sequence numbers that have been acknowledged
//	2  sequence numbers of unacknowledged data, all in rtxQueue
//	3  sequence numbers that may be sent
//	4  sequence numbers beyond the window
type sender struct {
	ISS sim.Seq // initial send sequence number
	UNA sim.Seq // oldest unacknowledged sequence number; the ISS until the SYN is acknowledged
	NXT sim.Seq // next sequence number to be sent
	WND uint32  // send window
	WL1 sim.Seq // sequence number of the segment that last updated WND

	writeSeq  sim.Seq // sequence number after all written data and the FIN (write_seq)
	finQueued bool    // the last sequence number before writeSeq is a FIN
	smallEnd  sim.Seq // sequence number after the newest segment below the MSS (snd_sml)
	cwndOne   bool    // the congestion window is one segment until the next new acknowledgement
	lossHigh  sim.Seq // sequence numbers before it are taken for lost after a retransmission (high_seq)
	maxSent   sim.Seq // sequence number after everything ever sent
	synsSent  uint8   // bit 0: a SYN was sent; bit 1: a SYN ACK was sent

	rtxQueue [maxRtxQueue]rtxSegment // the retransmission queue, oldest first
	rtxLen   uint8                   // length of rtxQueue

	retransmits       uint8 // timeouts since the last new acknowledgement (icsk_retransmits)
	dupSYNs           uint8 // SYN ACKs that a request sent because the SYN came again
	backoff           uint8 // number of times the timeout has doubled (icsk_backoff)
	tlpOut            bool  // a tail loss probe was sent and not acknowledged
	fastRetransmitted bool  // the segment that SACK blocks show as lost was sent again
	retransStamp      Time  // time of the first retransmission of the oldest segment; 0 for none (retrans_stamp)

	newestSentAt     Time // time at which the newest segment was sent first
	ackedAt          Time // time of the last new acknowledgement
	unackedSince     Time // time at which the retransmission queue last became nonempty
	lastSentAt       Time // time at which any segment was sent
	userTimeoutSetAt Time // time at which TCP_USER_TIMEOUT, or losing the last descriptor, may have shortened the limit

	probesOut      uint8 // unanswered probes of a window or of an idle peer (icsk_probes_out)
	probesMaybeOut uint8 // older probes that a kernel may still count, see resetProbes; observed World only
}

// rtxSegment is a segment in the retransmission queue. The segment begins where the one
// before it ends.
type rtxSegment struct {
	end    sim.Seq // sequence number after the segment
	syn    bool    // the SYN ACK of a socket that was closed in SYN_RECV
	fin    bool
	psh    bool
	sacked bool // a SACK block says that the segment has arrived

	sentAt  Time  // start of the burst that resends counts; observed World only
	resends uint8 // retransmissions since sentAt; observed World only
}

// receiver is the receiving half of a connection: the receive sequence variables of RFC 9293
// section 3.3.1, and the ranges beyond a hole.
//
//	      1          2          3
//	  ----------|----------|----------
//	         RCV.NXT    RCV.NXT
//	                   +RCV.WND
//
//	1  sequence numbers that have been acknowledged, or will be with the next ACK
//	2  sequence numbers that may arrive
//	3  sequence numbers beyond the window
//
// World.rcvWindow computes RCV.WND.
type receiver struct {
	IRS sim.Seq // initial receive sequence number
	NXT sim.Seq // next sequence number expected

	copiedSeq   sim.Seq // sequence number after everything read; end of file counts as reading the FIN (copied_seq)
	lastACKSent sim.Seq // newest acknowledgement number that was sent (rcv_wup; Last.ACK.sent of RFC 7323)
	wndEdge     sim.Seq // sequence number after the newest offered window

	outOfOrder    [maxOutOfOrder]sim.Span // ranges received beyond a hole, in order, not adjacent
	nOutOfOrder   uint8                   // length of outOfOrder
	finOutOfOrder bool                    // a FIN was received beyond a hole
	finEnd        sim.Seq                 // sequence number after that FIN

	pingpong    bool  // the program answers what it receives, so acknowledgements are delayed (pingpong mode)
	gotData     bool  // data have arrived (icsk_ack.ato is set)
	quickACKs   uint8 // number of acknowledgements that still leave at once
	lastDataAt  Time  // time at which data last arrived
	lastHeardAt Time  // time at which anything last arrived

	tsRecent     uint32 // highest SendOrder among the segments taken in (ts_recent)
	tsRecentAt   Time   // SentAt of that segment; observed World only
	lastOOWACKAt Time   // time of the newest answer to an unacceptable segment (last_oow_ack_time)
}

// timers are the times at which the socket's timers fire; 0 means that a timer does not run.
type timers struct {
	retransmit     Time // retransmission, tail loss probe, window probe, SYN or SYN ACK again
	fastRetransmit bool // retransmit sends again what SACK blocks show as lost
	tlp            bool // retransmit sends a tail loss probe
	persist        bool // retransmit probes a closed window

	ack               Time // the pending acknowledgement leaves
	ackPendingSince   Time // time at which the acknowledgement became pending
	ackOptional       bool // an ACK is permitted but not required; observed World only
	optionalChallenge bool // the optional ACK would be a rate-limited challenge ACK

	keepalive Time // keepalive, or the time of an orphan in FIN_WAIT2 beyond timewaitLen
	timewait  Time // end of a minisock
}

// start sets the sequence variables of an end whose initial sequence number is isn.
func (t *sender) start(isn sim.Seq) {
	t.ISS, t.UNA, t.lossHigh = isn, isn, isn
	t.NXT, t.writeSeq, t.maxSent, t.smallEnd = isn+1, isn+1, isn+1, isn+1
}

// inLoss reports whether something that a timeout has taken for lost is still unacknowledged
// (TCP_CA_Loss).
func (t *sender) inLoss() bool { return t.lossHigh.After(t.UNA) }

// hasSACKed reports whether the peer has received something beyond a hole. How much a kernel
// sends then depends on its congestion control (TCP_CA_Disorder, TCP_CA_Recovery; RFC 6937).
func (t *sender) hasSACKed() bool {
	return slices.ContainsFunc(t.rtxQueue[:t.rtxLen], func(p rtxSegment) bool { return p.sacked })
}

// queued returns how much of what was written is not acknowledged, a FIN included.
func (t *sender) queued() uint32 { return uint32(t.writeSeq - t.UNA) }

// wndEdge returns the sequence number after the peer's window.
func (t *sender) wndEdge() sim.Seq { return t.UNA.Add(int(t.WND)) }

// startOf returns the sequence number at which segment i of the retransmission queue begins.
func (t *sender) startOf(i int) sim.Seq {
	if i == 0 {
		return t.UNA
	}
	return t.rtxQueue[i-1].end
}

// start sets the variables that follow from the peer's SYN, its timestamp included
// (tcp_store_ts_recent).
func (r *receiver) start(syn *Segment) {
	irs := syn.Seq
	r.IRS, r.NXT, r.copiedSeq, r.lastACKSent, r.wndEdge = irs, irs+1, irs+1, irs+1, irs+1
	r.tsRecent, r.tsRecentAt = syn.SendOrder, syn.SentAt
}

// unread returns the number of bytes that can be read. A FIN does not count.
func (s *socket) unread() uint32 {
	n := uint32(s.rcv.NXT - s.rcv.copiedSeq)
	if s.finReceived && n > 0 {
		n--
	}
	return n
}

// hasProcess reports whether a process has a descriptor of the socket, or is blocked in its
// close.
func (s *socket) hasProcess() bool { return s.refs > 0 || s.lingering }

// isOrphan reports whether no process has the socket and none can accept it.
func (s *socket) isOrphan() bool { return !s.hasProcess() && s.listener < 0 }

// maySend reports whether data can be sent in the state (RFC 9293 section 3.10.2).
func (s *socket) maySend() bool { return s.state == sim.Established || s.state == sim.CloseWait }
