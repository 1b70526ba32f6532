package tcp

import "finwait/sim"

// Time is a moment or a span, in milliseconds of virtual time.
type Time int64

// Second is a span of one second.
const Second Time = 1000

// Side is one of the two hosts.
type Side uint8

// The two hosts. The server is the host that listens; nothing else tells them apart.
const (
	Client Side = iota
	Server
)

// End returns the host's name in the vocabulary of the log.
func (s Side) End() sim.End {
	if s == Client {
		return sim.Client
	}
	return sim.Server
}

// SideOf returns the host that has this name.
func SideOf(at sim.End) Side {
	if at == sim.Client {
		return Client
	}
	return Server
}

// peer returns the other host.
func (s Side) peer() Side { return 1 - s }

// Settings are what the kernels of both hosts are set to, and the network between them.
type Settings struct {
	// Loopback delivers every segment at once. Otherwise a segment stays on the wire until an
	// input delivers or drops it.
	Loopback bool

	// Observed leaves to inputs what a kernel does at a moment of its own choice: OpTimer with
	// TimerACK sends a delayed acknowledgement, OpRecheck wakes a process whose call is
	// blocked, OpEmit sends a segment again or late, OpKill ends a process after SIGPIPE.
	Observed bool

	MSS           int  // bytes of data in one segment (RFC 9293 section 3.7.1)
	Window        int  // bytes that a receiver buffers until a process reads them
	SendBuffer    int  // bytes that a sender buffers before write blocks
	FinTimeout    Time // net.ipv4.tcp_fin_timeout
	SynRetries    int  // net.ipv4.tcp_syn_retries
	SynAckRetries int  // net.ipv4.tcp_synack_retries
	Retries       int  // net.ipv4.tcp_retries2
	OrphanRetries int  // net.ipv4.tcp_orphan_retries

	// ISNStep is the distance between the initial sequence numbers of successive connections
	// of one listener. With 0 they all begin with the same number.
	ISNStep sim.Seq
}

// Defaults returns the settings of an unmodified kernel, for lo or for a wire whose MTU is
// 1500.
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
