package tcp

import "finwait/sim"

// How much a World can hold. What would need more fails as on a machine without
// memory: ENFILE, EMFILE, EAGAIN.
const (
	maxSockets      = 28
	maxProcesses    = 8
	maxFD           = 28
	maxFlight       = 40
	initCwnd        = 10 // the initial congestion window (RFC 6928)
	maxRtxQueue     = 2 * initCwnd
	maxDelivered    = 16
	maxOutOfOrder   = (maxRtxQueue + 1) / 2 // every second segment is missing
	maxCountedConns = 32                    // connections whose ends can be begun more than once
	maxSACKBlocks   = 3                     // that fit beside timestamps (RFC 2018 section 3)
	maxReadable     = 8                     // how often a read that sleeps is told what is there
)

// Time is a moment or a span, in milliseconds of virtual time.
type Time int64

// Second is a span of one second.
const Second Time = 1000

// Side is one of the two hosts.
type Side uint8

// The two hosts. A server is the one that listens, no more.
const (
	Client Side = iota
	Server
)

// End returns the host's name.
func (s Side) End() sim.End {
	if s == Client {
		return sim.Client
	}
	return sim.Server
}

// SideOf returns the host of that name.
func SideOf(at sim.End) Side {
	if at == sim.Client {
		return Client
	}
	return Server
}

// peer returns the other host.
func (s Side) peer() Side { return 1 - s }

// Settings are what both hosts' kernels are set to, and the network between them.
type Settings struct {
	// Loopback delivers every segment at once. Otherwise it is held on the wire.
	Loopback bool
	// Lazy leaves to an input of its own what the kernel does in its own time: an
	// acknowledgement that it may delay to TimerACK, the waking of a process whose call
	// sleeps to OpWake, what it sends again, or late, to OpSend, the death by SIGPIPE to
	// OpKill.
	Observed bool

	MSS           int  // bytes of data in a segment
	Window        int  // bytes that a receiver takes in before somebody reads
	SendBuffer    int  // bytes that a sender queues before write blocks
	FinTimeout    Time // net.ipv4.tcp_fin_timeout
	SynRetries    int  // net.ipv4.tcp_syn_retries
	SynAckRetries int  // net.ipv4.tcp_synack_retries
	Retries       int  // net.ipv4.tcp_retries2
	OrphanRetries int  // net.ipv4.tcp_orphan_retries

	// NextISN is how far each connection of a listener begins beyond the one before; at
	// 0 they all begin with the same number.
	ISNStep uint32
}

// Defaults returns the settings of an untouched kernel, on lo or on a wire with an
// MTU of 1500.
func Defaults(loopback bool) Settings {
	s := Settings{
		Loopback: loopback, MSS: 1448, Window: 64240, SendBuffer: 87040,
		FinTimeout: 60 * Second, SynRetries: 6, SynAckRetries: 5, Retries: 15, OrphanRetries: 0,
	}
	if loopback {
		s.MSS, s.Window, s.SendBuffer = 65483, 65483, 2626560
	}
	return s
}

// World is two hosts and the wire between them. New returns one; Do changes it.
type World struct {
	Settings
	now                    Time
	sockets                [maxSockets]socket
	procs                  [maxProcesses]process
	flight                 [maxFlight]Segment
	nFlight                uint8                          // how many entries of flight are in use
	delivered              [maxDelivered]deliveredSegment // have arrived, and their acknowledgements have not
	nDelivered             uint8
	lastID                 uint16
	nSent                  uint32                    // segments, copies included
	lastAcceptSeq          uint16                    // connections that have come into the accept queue
	incarnations           [2][maxCountedConns]uint8 // how often an end of a connection was begun, by its number
	cableCut               bool
	unsupported            bool
	dirty                  uint32 // sockets whose state may have to be told, a bit each
	beforeLastSegment      socket // the one that got the newest segment, as it was before that; of a World that is Lazy
	beforeLastSegmentUntil Time   // until when
	maxRTT                 Time   // the longest that anything has waited for its acknowledgement
}

// New returns a world in which nothing has happened. Its time begins at 1: for a timer
// 0 is never.
func New(s Settings) World { return World{Settings: s, now: 1} }

// anew counts how often an end of a connection was begun, and returns by how much its
// initial sequence number differs from that of the first time (RFC 9293 section 3.4.1).
func (w *World) nextIncarnation(side Side, conn uint16) uint32 {
	if int(conn) >= maxCountedConns {
		w.unsupported = true
		return 0
	}
	n := &w.incarnations[side][conn]
	*n++
	return uint32(*n-1) * isnGap
}

// Beyond reports that something has come that a World has no room for, or that is not
// modelled. What it says from then on may be wrong.
func (w *World) Unsupported() bool { return w.unsupported }

// Now returns the time of the newest input.
func (w *World) Now() Time { return w.now }

// machine is a world while it takes one input, and what that has brought so far.
type machine struct {
	*World
	out      []Effect
	emitting bool   // what is sent is what OpSend says
	copyOf   uint16 // the segment that it is a copy of, 0 for none

	// doubt: what is in doubt in a World that is Lazy is the less likely. That is whether a
	// segment is too old, which probes count, how FIN_WAIT2 ends, and what ended a connection.
	alternative bool
}

// Do takes one input. It appends what happens to effects, in the order in which it
// happens, and returns the extended slice. An input that cannot be, such as a call of
// a process that is dead or blocked, does nothing. To keep a moment, copy the World.
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

// run lets everything take its course that needs no further input: what is on lo
// arrives, and calls that can return do, the caller's first.
func (m *machine) settle(caller int) {
	for {
		m.deliverLoopback()
		m.reportStates()
		if !m.wakeCalls(caller) {
			return
		}
	}
}

// arriveAll delivers what is on lo, and what that brings.
func (m *machine) deliverLoopback() {
	for m.Loopback && m.nFlight > 0 {
		m.reportStates()
		seg := m.flight[0]
		m.takeOffWire(0)
		m.receive(seg)
	}
}

// emit appends an effect.
func (m *machine) effect(e Effect) { m.out = append(m.out, e) }
