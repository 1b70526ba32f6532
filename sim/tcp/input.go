package tcp

import "finwait/sim"

// Op is what an Input does.
type Op uint8

// The calls of a process, and then what happens to processes, to segments and by
// itself. FD is the descriptor of every call but socket and fork.
const (
	OpNone          Op = iota
	OpSocket           // socket
	OpReuseAddr        // setsockopt SO_REUSEADDR: N
	OpLinger           // setsockopt SO_LINGER: N seconds, -1 for off
	OpLinger2          // setsockopt TCP_LINGER2: N seconds, -1 for no FIN_WAIT2
	OpKeepaliveTime    // setsockopt TCP_KEEPIDLE: Idle; TCP_KEEPINTVL: Every; TCP_KEEPCNT: N; one of them, the others are 0
	OpKeepalive        // setsockopt SO_KEEPALIVE, its times set: Idle, Every, N probes
	OpUserTimeout      // setsockopt TCP_USER_TIMEOUT: Idle
	OpBind             // bind: of a server, to the one port there is
	OpListen           // listen: N is the backlog, ISN what it answers a SYN with
	OpConnect          // connect: Conn is the number of the connection, which stands for its ports; ISN
	OpAccept           // accept
	OpRead             // read: up to N bytes
	OpWrite            // write: N bytes; NoSignal: send with MSG_NOSIGNAL
	OpShutdown         // shutdown: N is ShutRead, ShutWrite or ShutBoth
	OpClose            // close
	OpDup              // dup
	OpFork             // fork
	OpPoll             // poll for every event, without waiting
	OpSigpipe          // rt_sigaction of SIGPIPE: N is a Disposition
	OpSoError          // getsockopt SO_ERROR: Errno is what it brings
	endOfCalls

	OpKill  // Proc is killed by the signal N
	OpStart // a process starts on Side

	OpDeliver   // segment ID arrives
	OpDrop      // segment ID is lost
	OpDuplicate // a copy of segment ID arrives
	OpSwap      // the second segment of Side overtakes its first
	OpCut       // the cable is cut: what is on it is lost, and all that is sent from now on
	OpMend      // the cable is mended

	OpTimer // Timer of the end of Conn on Side fires

	// Of a World that is Lazy.
	OpRecheck // Proc, whose call sleeps, looks whether it can return; N: it has looked before, see rouse
	OpForget  // all that was sent by now was seen: none of it will be told by OpSend any more
	OpEmit    // the end of Conn on Side sends N bytes from Seq on, with Flags and Ack, again or late: as a copy of ID, if not 0
)

// The N of a shutdown.
const (
	ShutRead = iota
	ShutWrite
	ShutBoth
)

// Disposition is what SIGPIPE does to a process.
type Disposition uint8

// The dispositions.
const (
	Default Disposition = iota
	Ignore
	Handler
)

// Signal is the number of a signal.
type Signal uint8

// The signals that the model knows.
const (
	SIGINT  Signal = 2
	SIGKILL Signal = 9
	SIGPIPE Signal = 13
	SIGTERM Signal = 15
)

// String returns the signal's name.
func (s Signal) String() string {
	switch s {
	case SIGINT:
		return "SIGINT"
	case SIGKILL:
		return "SIGKILL"
	case SIGPIPE:
		return "SIGPIPE"
	case SIGTERM:
		return "SIGTERM"
	}
	return unnamed("signal", int(s))
}

// Input is one thing that happens to a World. Which fields mean something depends
// on Op. Now is when; a time before that of the input before is taken for the same.
type Input struct {
	Op          Op
	Now         Time
	Proc        int // number of the process, as the start of it said
	FD          int
	N           int // see Op
	NoSignal    bool
	Alternative bool // of a World that is Lazy: what is in doubt is the less likely (machine.doubt)
	Idle        Time
	Interval    Time
	Side        Side
	Conn        int
	ID          int
	Timer       Timer
	ISN         uint32 // the initial sequence number (RFC 9293 section 3.4.1); 0 leaves it to the model
	Seq         uint32
	Ack         uint32
	Flags       sim.Flags
}

// EffectKind is the kind of an Effect; it decides which fields mean something.
type EffectKind uint8

// The kinds of effects.
const (
	Started      EffectKind = iota // Side, Proc
	Returned                       // Side, Proc, Op, FD, Ret, Errno; of a read: Conn, At; of a poll: Events
	Blocked                        // Side, Proc, Op, FD: the call sleeps
	Signaled                       // Side, Proc, Signal; Ret is 1 when a handler ran, 0 when it kills
	Exited                         // Side, Proc, Signal: the process is dead; Ret is what its write had queued
	StateChanged                   // Side, Conn, From, To, Orphan: one end's state, as the kernel would tell it
	SegmentMoved                   // Segment: news of a segment
	CableChanged                   // Ret is 1: the cable was cut; 0: mended
)

// Effect is one thing that somebody outside could notice.
type Effect struct {
	Kind     EffectKind
	Side     Side
	Op       Op
	Errno    Errno
	Signal   Signal
	Orphan   bool
	From, To sim.State
	Events   Events
	Proc     int16
	FD       int16
	Conn     uint16
	Ret      int32
	Offset   uint32 // where in the peer's stream the bytes of a read begin, 0 is the first
	Segment  Segment
}

// Segment is one segment. On lo it has no ID.
type Segment struct {
	Flags       sim.Flags
	From        Side
	Fate        Fate
	Resent      bool                    // its numbers were on the wire before, and are not any more
	SACK        [maxSACKBlocks]seqRange // what its sender has got beyond a hole (RFC 2018)
	Conn        uint16
	ID          uint16
	Copies      uint16
	Seq         uint32
	Ack         uint32
	Len         uint32
	Window      uint32
	SendOrder   uint32 // how many segments were sent up to it, or to its newest copy
	SentAt      Time   // when that was; of a World that is Lazy
	FirstSentAt Time   // when it was sent for the first time; of a World that is Lazy
}

// Fate is what became of a segment.
type Fate uint8

// The fates; they are those of sim.Fate.
const (
	Delivered Fate = iota
	Held
	Dropped
	Duplicated
	Retransmitted
	Overtaken
)

// String returns the fate as sim.Fate spells it.
func (f Fate) String() string {
	switch f {
	case Delivered:
		return string(sim.Delivered)
	case Held:
		return string(sim.Held)
	case Dropped:
		return string(sim.Dropped)
	case Duplicated:
		return string(sim.Duplicated)
	case Retransmitted:
		return string(sim.Retransmitted)
	case Overtaken:
		return string(sim.Overtaken)
	}
	return unnamed("fate", int(f))
}

// next returns the sequence number after the segment.
func (s *Segment) end() uint32 {
	n := s.Seq + s.Len
	if s.Flags&(sim.SYN|sim.FIN) != 0 {
		n++
	}
	return n
}

// within reports whether a segment lies in a window (tcp_in_window).
func (s *Segment) inWindow(from, edge uint32) bool {
	end := s.end()
	return s.Seq == from || after(end, from) && after(edge, s.Seq) || s.Seq == edge && end == edge
}

// Sim returns the segment in the vocabulary of the log.
func (s Segment) Sim() sim.Segment {
	return sim.Segment{
		Flags: s.Flags, Seq: s.Seq, Ack: s.Ack, Len: int(s.Len), Fate: sim.Fate(s.Fate.String()),
		ID: int(s.ID), Copies: int(s.Copies), Resent: s.Resent,
	}
}
