package sockdiag

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"finwait/sim"
)

// Answers of Linux 6.18 on x86_64 to lookups, with their attributes: a client on
// 127.0.0.2:40998 and a server on 127.0.0.1:40999.
const (
	answerEstablished = `7c00000014000000d020dcdc40360000 02010200 a026a027
		7f000002000000000000000000000000 7f000001000000000000000000000000 00000000 50b2010000000000
		983a0000 00000000 00000000 00000000 06c90100
		050008000000000008000f00000000000c00150001000000000000000600160052000000`
	answerListen = `7c00000014000000d120dcdc40360000 020a0000 a0270000
		7f000001000000000000000000000000 00000000000000000000000000000000 00000000 51b2010000000000
		00000000 00000000 00100000 00000000 02c90100
		050008000000000008000f00000000000c00150001000000000000000600160052000000`
	answerOrphan = `6000000014000000d220dcdc40360000 02050300 a026a027
		7f000002000000000000000000000000 7f000001000000000000000000000000 00000000 50b2010000000000
		3cea0000 00000000 00000000 00000000 00000000
		08000f0000000000`
	answerCloseWait = `7c00000014000000d320dcdc40360000 02080200 a027a026
		7f000001000000000000000000000000 7f000002000000000000000000000000 00000000 52b2010000000000
		483a0000 08000000 00000000 00000000 ce270200
		050008000100000008000f00000000000c00150001000000000000000600160052000000`
	answerNone = `5c00000002000000d420dcdc40360000 feffffff
		4800000014000100d420dcdc00000000 02060000ffffffff a027a026
		7f000001000000000000000000000000 7f000002000000000000000000000000 00000000 4d00000000000000`
)

// unhex decodes a fixture. Fixtures are little endian, as the machine that they
// come from; elsewhere the test is skipped.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the fixtures are little endian")
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParseSocket(t *testing.T) {
	client := netip.MustParseAddrPort("127.0.0.2:40998")
	server := netip.MustParseAddrPort("127.0.0.1:40999")
	tests := []struct {
		name, answer string
		want         Socket
	}{
		{"established", answerEstablished, Socket{
			State: sim.Established, Local: client, Remote: server, Cookie: 0x1b250, Inode: 0x1c906,
			Timer: sim.TimerKeepalive, Expires: 15 * time.Second,
		}},
		{"listen", answerListen, Socket{
			State: sim.Listen, Local: server, Remote: netip.MustParseAddrPort("0.0.0.0:0"),
			Cookie: 0x1b251, Inode: 0x1c902, Timer: sim.TimerOff, SendQ: 4096,
		}},
		{"orphan in FIN_WAIT2", answerOrphan, Socket{
			State: sim.FinWait2, Local: client, Remote: server, Cookie: 0x1b250,
			Timer: sim.TimerTimewait, Expires: 59964 * time.Millisecond,
		}},
		{"close wait", answerCloseWait, Socket{
			State: sim.CloseWait, Local: server, Remote: client, Cookie: 0x1b252, Inode: 0x227ce,
			Timer: sim.TimerKeepalive, Expires: 14920 * time.Millisecond, RecvQ: 8,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, rest, err := nextMessage(unhex(t, tt.answer))
			if err != nil || len(rest) != 0 || m.kind != typeByFamily {
				t.Fatalf("nextMessage: kind %d, rest %d, err %v", m.kind, len(rest), err)
			}
			got, err := parseSocket(m.body)
			if err != nil || got != tt.want {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, tt.want)
			}
		})
	}
}

// TestParseSocketFields changes one byte of an answer at a time.
func TestParseSocketFields(t *testing.T) {
	tests := []struct {
		name  string
		off   int
		value byte
		check func(Socket) bool
	}{
		{"a connection request", 1, 12, func(s Socket) bool { return s.State == sim.SynRecv }},
		{"closing", 1, 11, func(s Socket) bool { return s.State == sim.Closing }},
		{"a state of tomorrow", 1, 14, func(s Socket) bool { return s.State.String() == "state(14)" }},
		{"no timer", 2, 0, func(s Socket) bool { return s.Timer == sim.TimerOff }},
		{"retransmit", 2, 1, func(s Socket) bool { return s.Timer == sim.TimerRetransmit }},
		{"timewait", 2, 3, func(s Socket) bool { return s.Timer == sim.TimerTimewait }},
		{"persist", 2, 4, func(s Socket) bool { return s.Timer == sim.TimerPersist }},
		{"a timer of tomorrow", 2, 9, func(s Socket) bool { return s.Timer == "timer(9)" }},
		{"retransmits", 3, 7, func(s Socket) bool { return s.Retransmits == 7 }},
		{"upper half of the cookie", 51, 0x80, func(s Socket) bool { return s.Cookie == 0x8000_0000_0001_b250 }},
		{"bytes not acknowledged", 60, 1, func(s Socket) bool { return s.SendQ == 1 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := unhex(t, answerEstablished)[sizeofHeader:]
			body[tt.off] = tt.value
			if s, err := parseSocket(body); err != nil || !tt.check(s) {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}

// TestParseMappedAddress: a socket of family AF_INET6 that serves IPv4.
func TestParseMappedAddress(t *testing.T) {
	body := unhex(t, answerEstablished)[sizeofHeader:]
	mapped := netip.MustParseAddr("::ffff:127.0.0.1").As16()
	body[0] = familyInet6
	copy(body[8:], mapped[:])
	copy(body[24:], mapped[:])
	s, err := parseSocket(body)
	if err != nil || s.Local.String() != "127.0.0.1:40998" || s.Remote.String() != "127.0.0.1:40999" {
		t.Errorf("got %v, %v, %v", s.Local, s.Remote, err)
	}
}

func TestParseBroken(t *testing.T) {
	whole := unhex(t, answerEstablished)
	for n := range len(whole) {
		if _, _, err := nextMessage(whole[:n]); err != errShort {
			t.Errorf("message cut to %d bytes: %v", n, err)
		}
	}
	body := whole[sizeofHeader:]
	for n := range sizeofSocket {
		if _, err := parseSocket(body[:n]); err != errShort {
			t.Errorf("socket cut to %d bytes: %v", n, err)
		}
	}
	body[0] = 1 // AF_UNIX
	if _, err := parseSocket(body); err != errFamily {
		t.Errorf("foreign family: %v", err)
	}
	tiny := make([]byte, sizeofHeader)
	binary.NativeEndian.PutUint32(tiny, sizeofHeader-1)
	if _, _, err := nextMessage(tiny); err != errShort {
		t.Errorf("a length below that of the header: %v", err)
	}
}

func TestParseErrno(t *testing.T) {
	number := func(n int32) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }
	tests := []struct {
		name string
		m    message
		want int
		err  error
	}{
		{"no such socket", message{kind: typeError, body: number(-2)}, 2, nil},
		{"acknowledged", message{kind: typeError, body: number(0)}, 0, nil},
		{"end of a dump", message{kind: typeDone, body: number(0)}, 0, nil},
		{"end of a dump that failed", message{kind: typeDone, body: number(-12)}, 12, nil},
		{"end of a dump without a body", message{kind: typeDone}, 0, nil},
		{"error without a body", message{kind: typeError}, 0, errShort},
		{"positive", message{kind: typeError, body: number(2)}, 0, errUnknown},
		{"no errno", message{kind: typeError, body: number(-4096)}, 0, errUnknown},
		{"smallest number", message{kind: typeError, body: number(-1 << 31)}, 0, errUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := parseErrno(tt.m); got != tt.want || err != tt.err {
				t.Errorf("got %d, %v, want %d, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// TestEncode compares with the request that the kernel quotes in its refusal.
func TestEncode(t *testing.T) {
	m, _, err := nextMessage(unhex(t, answerNone))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := parseErrno(m); n != 2 || err != nil {
		t.Fatalf("errno %d, %v", n, err)
	}
	var b [sizeofHeader + sizeofRequest]byte
	request{
		seq:    0xdcdc20d4,
		local:  netip.MustParseAddrPort("127.0.0.1:40999"),
		remote: netip.MustParseAddrPort("127.0.0.2:40998"),
		cookie: 77,
	}.encode(&b)
	if got, want := hex.EncodeToString(b[:]), hex.EncodeToString(m.body[4:]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	request{dump: true, local: netip.AddrPortFrom(netip.Addr{}, 0x1234)}.encode(&b)
	if flags := binary.NativeEndian.Uint16(b[6:]); flags != flagRequest|flagDump {
		t.Errorf("flags of a dump: %#x", flags)
	}
	if b[24] != 0x12 || b[25] != 0x34 || b[26] != 0 || b[27] != 0 {
		t.Errorf("ports of a dump: %x", b[24:28])
	}
}

func TestError(t *testing.T) {
	err := error(&Error{Op: "lookup", Err: errShort})
	if !errors.Is(err, errShort) || err.Error() != "sock_diag: lookup: the kernel's answer is too short" {
		t.Errorf("got %v", err)
	}
}

// FuzzAnswer: whatever an answer is, reading it ends, and what is read lies in
// it.
func FuzzAnswer(f *testing.F) {
	for _, a := range []string{answerEstablished, answerListen, answerOrphan, answerCloseWait, answerNone} {
		f.Add(unhex(f, a))
	}
	f.Add(append(unhex(f, answerOrphan), unhex(f, answerNone)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			m, rest, err := nextMessage(b)
			if err != nil {
				return
			}
			if len(m.body)+sizeofHeader > len(b) || len(rest) > len(b)-sizeofHeader {
				t.Fatalf("message of %d bytes, rest %d, in %d", len(m.body), len(rest), len(b))
			}
			b = rest
			if s, err := parseSocket(m.body); err == nil && (!s.Local.IsValid() || s.Timer == "" || s.Expires < 0) {
				t.Fatalf("socket %+v", s)
			}
			if n, err := parseErrno(m); err == nil && (n < 0 || n > 4095) {
				t.Fatalf("errno %d", n)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	answer := unhex(b, answerEstablished)
	b.ReportAllocs()
	for b.Loop() {
		m, _, err := nextMessage(answer)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := parseSocket(m.body); err != nil {
			b.Fatal(err)
		}
	}
}
