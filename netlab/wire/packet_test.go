package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"finwait/sim"
)

// captured is a fixture: the beginning of a packet, and the length it had.
type captured struct {
	data []byte
	size int
}

// fixtures reads testdata/capture.txt.
func fixtures(t testing.TB) []captured {
	t.Helper()
	text, err := os.ReadFile("testdata/capture.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []captured
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		length, data, _ := strings.Cut(strings.TrimSpace(line), " ")
		size, err := strconv.Atoi(length)
		if err != nil {
			t.Fatal(err)
		}
		b, err := hex.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, captured{b, size})
	}
	return all
}

// TestCaptured reads a whole story: raw bytes to the text on the screen.
func TestCaptured(t *testing.T) {
	want := []string{
		"client SYN seq 0",
		"server SYN ACK seq 0 ack 1",
		"client ACK ack 1",
		"server PSH ACK seq 1 ack 1 len 13",
		"client ACK ack 14",
		"client PSH ACK seq 1 ack 14 len 30000",
		"server ACK ack 30001",
		"client FIN ACK seq 30001 ack 14",
		"server ACK ack 30002",
		"server PSH ACK seq 14 ack 30002 len 13",
		"client RST seq 30002",
		"client SYN seq 0",
		"server RST ACK seq 0 ack 1",
	}
	var flow Flow
	for i, f := range fixtures(t) {
		p, err := ParseSized(f.data, f.size)
		if err != nil {
			t.Fatalf("packet %d: %v", i+1, err)
		}
		who := "client "
		if p.Src.Port() == 8088 {
			who = "server "
		}
		if got := who + flow.Segment(p).String(); got != want[i] {
			t.Errorf("packet %d: got %q, want %q", i+1, got, want[i])
		}
	}
}

func TestParse(t *testing.T) {
	syn := fixtures(t)[0].data
	p, err := Parse(syn)
	want := Packet{
		Src: netip.MustParseAddrPort("127.0.0.2:40000"), Dst: netip.MustParseAddrPort("127.0.0.1:8088"),
		Flags: sim.SYN, Seq: 0xcf87c22b, Stamp: 0xda5ea8de, Stamped: true,
	}
	if err != nil || p != want {
		t.Errorf("got %+v, %v\nwant %+v", p, err, want)
	}
}

// TestParseChanged changes a captured segment of 13 data bytes.
func TestParseChanged(t *testing.T) {
	const headers = 20 + 32
	set16 := func(b []byte, off int, v uint16) { binary.BigEndian.PutUint16(b[off:], v) }
	tests := []struct {
		name   string
		size   int // 0: that of the data
		change func(b []byte) []byte
		want   int // data bytes
		err    error
	}{
		{"as it was", 0, func(b []byte) []byte { return b }, 13, nil},
		{"cut after the headers", 0, func(b []byte) []byte { return b[:headers] }, 13, nil},
		{"cut within the options", 0, func(b []byte) []byte { return b[:headers-1] }, 0, ErrDamaged},
		{"cut within the TCP header", 0, func(b []byte) []byte { return b[:39] }, 0, ErrDamaged},
		{"cut within the IP header", 0, func(b []byte) []byte { return b[:19] }, 0, ErrDamaged},
		{"nothing", 0, func([]byte) []byte { return nil }, 0, ErrNotTCP},
		{"padded", 0, func(b []byte) []byte { return append(b, make([]byte, 9)...) }, 13, nil},
		{"IPv6", 0, func(b []byte) []byte { b[0] = 0x65; return b }, 0, ErrNotTCP},
		{"UDP", 0, func(b []byte) []byte { b[9] = 17; return b }, 0, ErrNotTCP},
		{"a later fragment", 0, func(b []byte) []byte { set16(b, 6, 1); return b }, 0, ErrNotTCP},
		{"a first fragment", 0, func(b []byte) []byte { set16(b, 6, 0x2000); return b }, 13, nil},
		{"IP header too short", 0, func(b []byte) []byte { b[0] = 0x44; return b }, 0, ErrDamaged},
		{"IP header beyond the end", 0, func(b []byte) []byte { b[0] = 0x4f; return b }, 0, ErrDamaged},
		{"TCP header too short", 0, func(b []byte) []byte { b[32] = 0x40; return b }, 0, ErrDamaged},
		{"TCP header beyond the end", 0, func(b []byte) []byte { b[32] = 0xf0; return b }, 0, ErrDamaged},
		{"total length too short", 0, func(b []byte) []byte { set16(b, 2, headers-1); return b }, 0, ErrDamaged},
		{"total length of the headers", 0, func(b []byte) []byte { set16(b, 2, headers); return b }, 0, nil},
		{"largest total length", 0, func(b []byte) []byte { set16(b, 2, 65535); return b }, 65535 - headers, nil},
		{"BIG TCP", 200000, func(b []byte) []byte { set16(b, 2, 0); return b[:headers] }, 200000 - headers, nil},
		{"BIG TCP, but no longer than its headers", 51, func(b []byte) []byte { set16(b, 2, 0); return b }, 0, ErrDamaged},
		{"a negative size", -1, func(b []byte) []byte { set16(b, 2, 0); return b }, 0, ErrDamaged},
		{"a size that the header contradicts", 99999, func(b []byte) []byte { return b }, 13, nil},
		{"ECE and CWR", 0, func(b []byte) []byte { b[33] |= 0xc0; return b }, 13, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := tt.change(bytes.Clone(fixtures(t)[3].data))
			size := tt.size
			if size == 0 {
				size = len(b)
			}
			p, err := ParseSized(b, size)
			if p.Len != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %+v, %v, want %d data bytes, %v", p, err, tt.want, tt.err)
			}
			if err == nil && p.Flags != sim.PSH|sim.ACK {
				t.Errorf("flags %v", p.Flags)
			}
		})
	}
}

// The clock of the sender is read wherever it stands, and nothing else is taken for it.
func TestTimestamp(t *testing.T) {
	stamps := []byte{8, 10, 1, 2, 3, 4, 0, 0, 0, 0}
	for _, test := range []struct {
		options []byte
		want    uint32
		ok      bool
	}{
		{nil, 0, false},
		{append([]byte{1, 1}, stamps...), 0x01020304, true},
		{append([]byte{2, 4, 5, 0xb4, 4, 2}, append(stamps, 1, 3, 3, 7)...), 0x01020304, true},
		{append([]byte{0}, stamps...), 0, false},
		{append([]byte{5, 1}, stamps...), 0, false},
		{append([]byte{5, 200}, stamps...), 0, false},
		{stamps[:9], 0, false},
		{[]byte{8}, 0, false},
		{[]byte{8, 6, 1, 2, 3, 4}, 0, false},
	} {
		if got, ok := timestamp(test.options); got != test.want || ok != test.ok {
			t.Errorf("%v: %#x, %v", test.options, got, ok)
		}
	}
}

// FuzzParse: any bytes give a packet or an error, and a packet's text and
// numbers are sane.
func FuzzParse(f *testing.F) {
	for _, c := range fixtures(f) {
		f.Add(c.data, c.size)
	}
	f.Add([]byte{0x45}, 1)
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		p, err := ParseSized(b, size)
		if err != nil {
			if p != (Packet{}) {
				t.Fatalf("%+v and %v", p, err)
			}
			return
		}
		if p.Len < 0 || p.Len > max(size, 65535) || !p.Src.IsValid() || !p.Dst.IsValid() || p.Flags&^flagMask != 0 {
			t.Fatalf("%+v", p)
		}
		// What comes after the headers changes nothing.
		cut, err := ParseSized(b[:min(len(b), maxHeader)], size)
		if err != nil || cut != p {
			t.Fatalf("cut: %+v, %v\nwhole: %+v", cut, err, p)
		}
		var flow Flow
		s := flow.Segment(p)
		if again := flow.Segment(p); again != s {
			t.Fatalf("retransmitted: %v, first: %v", again, s)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	c := fixtures(b)[5]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseSized(c.data, c.size); err != nil {
			b.Fatal(err)
		}
	}
}
