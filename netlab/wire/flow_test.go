package wire

import (
	"net/netip"
	"testing"

	"finwait/sim"
)

// The flag sets that the tables use.
const (
	syn    = sim.SYN
	synAck = sim.SYN | sim.ACK
	fin    = sim.FIN | sim.ACK
	ack    = sim.ACK
	rst    = sim.RST
	rstAck = sim.RST | sim.ACK
)

// step is a segment with its raw numbers, from one of the ends "a" and "b", and
// the text it is to have.
type step struct {
	from     string
	flags    sim.Flags
	seq, ack sim.Seq
	size     int
	want     string
}

// after returns a handshake, with initial numbers 1000 and 5000, and more.
func after(more ...step) []step {
	return append([]step{
		{"a", syn, 1000, 0, 0, "SYN seq 0"},
		{"b", synAck, 5000, 1001, 0, "SYN ACK seq 0 ack 1"},
		{"a", ack, 1001, 5001, 0, "ACK ack 1"},
	}, more...)
}

type flowTest struct {
	name  string
	steps []step
}

// play plays each test on a Flow of its own.
func play(t *testing.T, tests []flowTest) {
	t.Helper()
	a, b := netip.MustParseAddrPort("127.0.0.2:40000"), netip.MustParseAddrPort("127.0.0.1:8088")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var flow Flow
			for i, s := range tt.steps {
				p := Packet{Src: a, Dst: b, Flags: s.flags, Seq: s.seq, Ack: s.ack, Len: s.size}
				if s.from == "b" {
					p.Src, p.Dst = b, a
				}
				if got := flow.Segment(p); got.String() != s.want || got.Fate != sim.Delivered {
					t.Errorf("segment %d: got %q %s, want %q", i+1, got, got.Fate, s.want)
				}
			}
		})
	}
}

func TestFlow(t *testing.T) {
	const top = 1<<32 - 1 // a sequence number after which comes 0
	play(t, []flowTest{
		{"both close", after(
			step{"a", fin, 1001, 5001, 0, "FIN ACK seq 1 ack 1"},
			step{"b", fin, 5001, 1002, 0, "FIN ACK seq 1 ack 2"},
			step{"a", ack, 1002, 5002, 0, "ACK ack 2"},
		)},
		{"numbers that wrap", []step{
			{"a", syn, top, 0, 0, "SYN seq 0"},
			{"b", synAck, top - 3, 0, 0, "SYN ACK seq 0 ack 1"},
			{"b", ack | sim.PSH, top - 2, 0, 10, "PSH ACK seq 1 ack 1 len 10"},
			{"a", ack, 0, 7, 0, "ACK ack 11"},
		}},
	})
}

func TestFlowResets(t *testing.T) {
	play(t, []flowTest{
		{"a reset without ACK takes its number from the segment it answers", after(
			step{"a", fin, 1001, 5001, 0, "FIN ACK seq 1 ack 1"},
			step{"b", ack, 5001, 1002, 13, "ACK seq 1 ack 2 len 13"},
			step{"a", rst, 1002, 0, 0, "RST seq 2"},
		)},
		{"the ack field of a reset without the flag means nothing", after(
			step{"a", rst, 1001, 77777, 0, "RST seq 1"},
		)},
		{"an active reset", after(step{"a", rstAck, 1001, 5001, 0, "RST ACK seq 1 ack 1"})},
		{"a refused connection", []step{
			{"a", syn, 1000, 0, 0, "SYN seq 0"},
			{"b", rstAck, 0, 1001, 0, "RST ACK seq 0 ack 1"},
		}},
		{"refused, then tried again from the same port", []step{
			{"a", syn, 1000, 0, 0, "SYN seq 0"},
			{"b", rstAck, 0, 1001, 0, "RST ACK seq 0 ack 1"},
			{"a", syn, 9000, 0, 0, "SYN seq 0"},
			{"b", synAck, 5000, 9001, 0, "SYN ACK seq 0 ack 1"},
			{"b", ack, 5001, 9001, 1, "ACK seq 1 ack 1 len 1"},
		}},
		{"a SYN into what was a connection, answered by a reset", after(
			step{"a", syn, 900000, 0, 0, "SYN seq 0"},
			step{"b", rstAck, 0, 900001, 0, "RST ACK seq 0 ack 1"},
		)},
	})
}

// TestFlowAgain: a SYN on ports that have been seen before.
func TestFlowAgain(t *testing.T) {
	play(t, []flowTest{
		{"a SYN again, and its answer again", []step{
			{"a", syn, 1000, 0, 0, "SYN seq 0"},
			{"b", synAck, 5000, 1001, 0, "SYN ACK seq 0 ack 1"},
			{"a", syn, 1000, 0, 0, "SYN seq 0"},
			{"b", synAck, 5000, 1001, 0, "SYN ACK seq 0 ack 1"},
			{"b", ack, 5001, 1001, 1, "ACK seq 1 ack 1 len 1"},
		}},
		{"the same ports again", after(
			step{"a", syn, 77, 0, 0, "SYN seq 0"},
			step{"b", synAck, 88, 78, 0, "SYN ACK seq 0 ack 1"},
			step{"a", ack, 78, 89, 5, "ACK seq 1 ack 1 len 5"},
		)},
		{"the same ports again, from the other side", after(
			step{"b", syn, 88, 0, 0, "SYN seq 0"},
			step{"a", synAck, 77, 89, 0, "SYN ACK seq 0 ack 1"},
		)},
		{"simultaneous open", []step{
			{"a", syn, 1000, 0, 0, "SYN seq 0"},
			{"b", syn, 5000, 0, 0, "SYN seq 0"},
			{"a", synAck, 1000, 5001, 0, "SYN ACK seq 0 ack 1"},
			{"b", synAck, 5000, 1001, 0, "SYN ACK seq 0 ack 1"},
			{"a", fin, 1001, 5001, 0, "FIN ACK seq 1 ack 1"},
		}},
	})
}

// TestFlowFromTheMiddle: the SYN has not been seen.
func TestFlowFromTheMiddle(t *testing.T) {
	play(t, []flowTest{
		{"seen from the SYN ACK on", []step{
			{"b", synAck, 5000, 1001, 0, "SYN ACK seq 0 ack 1"},
			{"a", ack, 1001, 5001, 3, "ACK seq 1 ack 1 len 3"},
		}},
		{"seen from the middle on", []step{
			{"a", ack, 1500, 5700, 10, "ACK seq 1 ack 1 len 10"},
			{"b", ack, 5700, 1510, 0, "ACK ack 11"},
			{"b", rst, 5700, 0, 0, "RST seq 1"},
		}},
		{"seen from a reset on", []step{{"a", rst, 1500, 0, 0, "RST seq 1"}}},
		{"a keepalive probe", after(step{"a", ack, 1000, 5001, 0, "ACK ack 1"})},
	})
}

// TestFlowManyConnections: connections do not disturb each other.
func TestFlowManyConnections(t *testing.T) {
	server := netip.MustParseAddrPort("127.0.0.1:8088")
	var flow Flow
	for port := range uint16(100) {
		client := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), 40000+port)
		flow.Segment(Packet{Src: client, Dst: server, Flags: sim.SYN, Seq: sim.Seq(port) * 1000})
	}
	for port := range uint16(100) {
		client := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), 40000+port)
		s := flow.Segment(Packet{Src: client, Dst: server, Flags: sim.ACK, Seq: sim.Seq(port)*1000 + 1, Ack: 9})
		if s.Seq != 1 || s.Ack != 1 {
			t.Errorf("port %d: %+v", client.Port(), s)
		}
	}
}

func BenchmarkFlow(b *testing.B) {
	var flow Flow
	p := Packet{
		Src: netip.MustParseAddrPort("127.0.0.2:40000"), Dst: netip.MustParseAddrPort("127.0.0.1:8088"),
		Flags: sim.ACK, Seq: 1000, Ack: 1000,
	}
	b.ReportAllocs()
	for b.Loop() {
		flow.Segment(p)
	}
}
