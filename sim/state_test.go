package sim

import (
	"reflect"
	"testing"
)

// The numbers are the kernel's (include/net/tcp_states.h): sock_diag answers with
// them.
func TestStateNumbers(t *testing.T) {
	want := map[uint8]string{
		0: "CLOSED", 1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT1", 5: "FIN_WAIT2",
		6: "TIME_WAIT", 7: "CLOSE", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING",
	}
	all := States()
	if len(all) != len(want) {
		t.Errorf("%d states, want %d", len(all), len(want))
	}
	for _, s := range all {
		if s.String() != want[uint8(s)] {
			t.Errorf("state %d is %s, want %s", uint8(s), s, want[uint8(s)])
		}
		if again, ok := ParseState(s.String()); !ok || again != s {
			t.Errorf("%s reads as %s, %t", s, again, ok)
		}
	}
}

func TestStateUnknown(t *testing.T) {
	for s, want := range map[State]string{12: "state(12)", 255: "state(255)"} {
		if s.String() != want {
			t.Errorf("got %s, want %s", s, want)
		}
	}
	for _, name := range []string{"", "established", "FIN-WAIT-1", "state(12)"} {
		if s, ok := ParseState(name); ok {
			t.Errorf("%q is %s", name, s)
		}
	}
}

func TestStateConnected(t *testing.T) {
	not := map[State]bool{Closed: true, Close: true, Listen: true}
	for _, s := range States() {
		if s.Connected() == not[s] {
			t.Errorf("%s: connected %t", s, s.Connected())
		}
	}
}

func TestFlags(t *testing.T) {
	tests := []struct {
		flags Flags
		text  string
	}{
		{0, "none"},
		{SYN, "SYN"},
		{SYN | ACK, "SYN ACK"},
		{FIN | ACK, "FIN ACK"},
		{FIN | PSH | ACK, "FIN PSH ACK"},
		{RST, "RST"},
		{RST | ACK, "RST ACK"},
		{PSH | ACK, "PSH ACK"},
		{URG | ACK, "URG ACK"},
		{0xff, "SYN FIN RST PSH URG ACK"},
		{0xc0, "none"}, // ECE and CWR alone
	}
	for _, test := range tests {
		if got := test.flags.String(); got != test.text {
			t.Errorf("%#x is %q, want %q", uint8(test.flags), got, test.text)
		}
	}
}

// Byte 13 of the header, from the wire.
func TestFlagBits(t *testing.T) {
	want := map[string]Flags{"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16, "URG": 32}
	names := FlagNames()
	if len(names) != len(want) {
		t.Errorf("the flags are %v", names)
	}
	for _, name := range names {
		if f, ok := ParseFlags(name); !ok || f != want[name] {
			t.Errorf("%s is %#x, %t", name, uint8(f), ok)
		}
	}
}

func TestParseFlags(t *testing.T) {
	tests := []struct {
		text string
		want Flags
		ok   bool
	}{
		{"FIN ACK", FIN | ACK, true},
		{"ack  fin", FIN | ACK, true},
		{"RST", RST, true},
		{"RST RST", RST, true},
		{"", 0, false},
		{"none", 0, false},
		{"FIN,ACK", 0, false},
		{"FIN ACKK", 0, false},
	}
	for _, test := range tests {
		if got, ok := ParseFlags(test.text); got != test.want || ok != test.ok {
			t.Errorf("%q: got %s, %t", test.text, got, ok)
		}
	}
}

func TestSegmentString(t *testing.T) {
	tests := []struct {
		segment Segment
		want    string
	}{
		{Segment{Flags: SYN}, "SYN seq 0"},
		{Segment{Flags: SYN | ACK, Ack: 1}, "SYN ACK seq 0 ack 1"},
		{Segment{Flags: ACK, Seq: 1, Ack: 2}, "ACK ack 2"},
		{Segment{Flags: FIN | ACK, Seq: 1, Ack: 1}, "FIN ACK seq 1 ack 1"},
		{Segment{Flags: PSH | ACK, Seq: 1, Ack: 1, Len: 13}, "PSH ACK seq 1 ack 1 len 13"},
		{Segment{Flags: FIN | PSH | ACK, Seq: 5, Ack: 1, Len: 7}, "FIN PSH ACK seq 5 ack 1 len 7"},
		{Segment{Flags: RST, Seq: 2, Ack: 9}, "RST seq 2"},
		{Segment{Flags: RST | ACK, Seq: 2, Ack: 9}, "RST ACK seq 2 ack 9"},
		{Segment{}, "none"},
	}
	for _, test := range tests {
		if got := test.segment.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// The first that is heard of a segment is that it is held, on the wire; on loopback
// there is nothing more to hear.
func TestSegmentSent(t *testing.T) {
	for _, fate := range []Fate{Delivered, Held, Dropped, Duplicated, Retransmitted} {
		if !(Segment{Fate: fate}).Sent() {
			t.Errorf("on loopback: %s, and not sent", fate)
		}
		if got, want := (Segment{ID: 3, Fate: fate}).Sent(), fate == Held; got != want {
			t.Errorf("on the wire: %s, sent %t", fate, got)
		}
	}
}

func TestSegmentNext(t *testing.T) {
	tests := []struct {
		segment Segment
		want    Seq
	}{
		{Segment{Flags: ACK, Seq: 1}, 1},
		{Segment{Flags: SYN}, 1},
		{Segment{Flags: FIN | ACK, Seq: 1}, 2},
		{Segment{Flags: PSH | ACK, Seq: 1, Len: 13}, 14},
		{Segment{Flags: FIN | PSH | ACK, Seq: 1, Len: 13}, 15},
		{Segment{Flags: SYN | FIN, Seq: 4}, 6},
		{Segment{Flags: PSH, Seq: 1<<32 - 1, Len: 2}, 1}, // sequence numbers wrap
	}
	for _, test := range tests {
		if got := test.segment.Next(); got != test.want {
			t.Errorf("after %s comes %d, want %d", test.segment, got, test.want)
		}
	}
}

func TestCallString(t *testing.T) {
	tests := []struct {
		call Call
		want string
	}{
		{Call{Name: "close", FD: 3}, "close(3)"},
		{Call{Name: "close", FD: 0}, "close(0)"},
		{Call{Name: "write", FD: 4, Data: []byte("hello")}, `write(4, "hello")`},
		{Call{Name: "socket", FD: NoFD}, "socket(AF_INET, SOCK_STREAM, 0)"},
		{Call{Name: "fork", FD: NoFD}, "fork()"},
	}
	for _, test := range tests {
		if got := test.call.String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestResultString(t *testing.T) {
	tests := []struct {
		result Result
		want   string
	}{
		{Result{}, "0"},
		{Result{Ret: 13}, "13"},
		{Result{Ret: -1, Errno: "EPIPE"}, "-1 EPIPE"},
		{Result{Ret: 5, Data: "hello"}, `5 "hello"`},
		{Result{Ret: 6, Data: "\x1b[2Jä\xff"}, `6 "\x1b[2Jä\xff"`},
		{Result{Ret: 1, Note: "IN RDHUP"}, "1 IN RDHUP"},
	}
	for _, test := range tests {
		if got := test.result.String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestEndPeer(t *testing.T) {
	for at, want := range map[End]End{Client: Server, Server: Client, "": "", "else": ""} {
		if got := at.Peer(); got != want {
			t.Errorf("the peer of %q is %q, want %q", at, got, want)
		}
	}
}

func TestSecondsString(t *testing.T) {
	for s, want := range map[Seconds]string{0: "0.0 s", 0.42: "0.4 s", 9.94: "9.9 s", 10: "10 s", 59.7: "60 s", 3600: "3600 s"} {
		if got := s.String(); got != want {
			t.Errorf("%v is %q, want %q", float64(s), got, want)
		}
	}
}

func TestStatesIsACopy(t *testing.T) {
	States()[0] = Listen
	FlagNames()[0] = "changed"
	if !reflect.DeepEqual(States()[:2], []State{Closed, Established}) || FlagNames()[0] != "SYN" {
		t.Error("a table can be written to")
	}
}
