package tcp

import "finwait/sim"

// The limits of a World. A call that needs more fails as it does on a machine that has run
// out of memory: with ENFILE, EMFILE or EAGAIN.
const (
	maxSockets   = 28
	maxProcesses = 8
	maxFD        = 28

	// maxFlight is the number of segments on the wire, both directions together.
	maxFlight = 40
	// initCwnd is the initial congestion window, in segments (RFC 6928, TCP_INIT_CWND).
	initCwnd = 10
	// maxRtxQueue is the number of segments in one retransmission queue.
	maxRtxQueue = 2 * initCwnd
	// maxDelivered is the number of delivered segments that wait for an acknowledgement.
	maxDelivered = 16
	// maxOutOfOrder is the number of ranges beyond a hole: every second segment is missing.
	maxOutOfOrder = (maxRtxQueue + 1) / 2
	// maxCountedConns is the number of connections whose incarnations are counted.
	maxCountedConns = 32
	// maxSACKBlocks is the number of SACK blocks that fit beside the timestamp option
	// (RFC 2018 section 3).
	maxSACKBlocks = 3
	// maxReadable is the number of amounts that a blocked read remembers.
	maxReadable = 8
)

// World is two hosts and the wire between them. New returns one; Do changes it.
type World struct {
	Settings
	now     Time
	sockets [maxSockets]socket
	procs   [maxProcesses]process

	flight  [maxFlight]Segment // segments on the wire, in the order of delivery
	nFlight uint8              // length of flight

	delivered  [maxDelivered]deliveredSegment // delivered segments without an acknowledgement
	nDelivered uint8                          // length of delivered

	lastID        uint16 // ID of the newest segment on the wire
	nSent         uint32 // segments sent so far, copies included
	lastAcceptSeq uint16 // number of connections that have entered an accept queue

	// incarnations counts how often each host has begun its end of a connection, by the
	// connection's number (RFC 9293 section 3.4.1).
	incarnations [2][maxCountedConns]uint8

	cableCut    bool
	unsupported bool
	dirty       uint32 // sockets whose state may have changed, one bit each

	// beforeLastSegment is the socket that received the newest segment, as the socket was
	// before that segment. Only an observed World fills it.
	beforeLastSegment socket
	// beforeLastSegmentUntil is the time until which beforeLastSegment may still send.
	beforeLastSegmentUntil Time

	maxRTT Time // the longest time between a segment and its acknowledgement so far
}

// New returns a World in which nothing has happened. Its time begins at 1, because a timer
// of 0 does not run.
func New(s Settings) World { return World{Settings: s, now: 1} }

// nextIncarnation counts a new incarnation of one end of a connection. It returns the
// distance of the new initial sequence number from that of the first incarnation (RFC 9293
// section 3.4.1).
func (w *World) nextIncarnation(side Side, conn uint16) sim.Seq {
	if int(conn) >= maxCountedConns {
		w.unsupported = true
		return 0
	}
	n := &w.incarnations[side][conn]
	*n++
	return sim.Seq(*n-1) * isnGap
}

// Unsupported reports that something has happened that the model does not include, or that a
// World has no room for. Everything that the model says afterwards may be wrong.
func (w *World) Unsupported() bool { return w.unsupported }

// Now returns the time of the newest input.
func (w *World) Now() Time { return w.now }

// machine is a World while it takes one input.
type machine struct {
	*World
	out []Effect // effects of this input so far

	emitting bool   // an OpEmit decides what is sent
	copyOf   uint16 // ID of the segment that the OpEmit copies; 0 for a new segment

	// alternative selects the less likely of two outcomes between which a kernel may choose:
	// whether a segment fails PAWS, which probes count, how FIN_WAIT2 ends, and which error
	// ended a connection. Only an observed World uses it.
	alternative bool
}

// Do takes one input. It appends the effects to effects, in the order in which they happen,
// and returns the extended slice. An impossible input, such as a call of a process that is
// dead or blocked, changes nothing. A copy of the World made before the call is a snapshot.
func (w *World) Do(in Input, effects []Effect) []Effect {
	m := machine{World: w, out: effects, alternative: in.Alternative}
	w.now = max(w.now, in.Now)
	caller := 0
	switch {
	case in.Op == OpNone:
	case in.Op < endOfCalls:
		caller = in.Proc
		m.call(in)
	case in.Op == OpRecheck:
		caller = in.Proc
		m.recheck(in.Proc, in.N)
	case in.Op == OpForget:
		m.beforeLastSegment = socket{}
	case in.Op == OpEmit:
		m.emitSegment(in)
	case in.Op == OpKill:
		m.kill(in.Proc, Signal(in.N))
	case in.Op == OpStart:
		m.startProcess(in.Side)
	case in.Op == OpTimer:
		m.fireTimer(in.Side, in.Conn, in.Timer)
	default:
		m.handleWire(in)
	}
	m.settle(caller)
	return m.out
}

// settle does everything that needs no further input: segments on lo arrive, and calls that
// can return do so, the caller's call first.
func (m *machine) settle(caller int) {
	for {
		m.deliverLoopback()
		m.reportStates()
		if !m.wakeCalls(caller) {
			return
		}
	}
}

// deliverLoopback delivers the segments on lo, the answers to them included.
func (m *machine) deliverLoopback() {
	for m.Loopback && m.nFlight > 0 {
		m.reportStates()
		seg := m.flight[0]
		m.takeOffWire(0)
		m.receive(seg)
	}
}

// effect appends an effect.
func (m *machine) effect(e Effect) { m.out = append(m.out, e) }
