package wire

import (
	"encoding/binary"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// packet makes an IPv4 packet without a payload, as far as the filter looks.
func packet(options int, proto byte, fragment, src, dst uint16) []byte {
	ipLen := minIP + options
	b := make([]byte, ipLen+minTCP)
	b[0] = 0x40 | byte(ipLen/4)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	binary.BigEndian.PutUint16(b[6:], fragment)
	b[9] = proto
	binary.BigEndian.PutUint16(b[ipLen:], src)
	binary.BigEndian.PutUint16(b[ipLen+2:], dst)
	b[ipLen+12] = 0x50
	return b
}

// TestFilter lets the kernel run the program, on datagrams in a socket pair:
// that needs no privilege.
func TestFilter(t *testing.T) {
	many := make([]uint16, maxPorts)
	for i := range many {
		many[i] = uint16(1000 + i)
	}
	tests := []struct {
		name  string
		ports []uint16
		b     []byte
		pass  bool
	}{
		{"to the port", []uint16{80}, packet(0, 6, 0, 5, 80), true},
		{"from the port", []uint16{80}, packet(0, 6, 0, 80, 5), true},
		{"neither", []uint16{80}, packet(0, 6, 0, 81, 5), false},
		{"with IP options", []uint16{80}, packet(40, 6, 0, 5, 80), true},
		{"with IP options, neither", []uint16{80}, packet(4, 6, 0, 5, 81), false},
		{"UDP", []uint16{80}, packet(0, 17, 0, 5, 80), false},
		{"not to be fragmented", []uint16{80}, packet(0, 6, 0x4000, 5, 80), true},
		{"a first fragment", []uint16{80}, packet(0, 6, 0x2000, 5, 80), true},
		{"a later fragment", []uint16{80}, packet(0, 6, 0x2001, 5, 80), false},
		{"no port", nil, packet(0, 6, 0, 0, 0), false},
		{"second of two, to", []uint16{80, 81}, packet(0, 6, 0, 5, 81), true},
		{"second of two, from", []uint16{80, 81}, packet(0, 6, 0, 81, 5), true},
		{"first of many, to", many, packet(0, 6, 0, 5, many[0]), true},
		{"first of many, from", many, packet(0, 6, 0, many[0], 5), true},
		{"last of many, to", many, packet(0, 6, 0, 5, many[maxPorts-1]), true},
		{"last of many, from", many, packet(0, 6, 0, many[maxPorts-1], 5), true},
		{"none of many", many, packet(0, 6, 0, 999, 1000+maxPorts), false},
		{"too short for ports", []uint16{0}, packet(0, 6, 0, 0, 0)[:minIP], false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer unix.Close(pair[0])
			defer unix.Close(pair[1])
			if err := attach(pair[0], filter(tt.ports)); err != nil {
				t.Fatal(err)
			}
			// The longest packet that is cut: the payload does not pass.
			long := slices.Concat(tt.b, make([]byte, 1000))
			if len(tt.b) < minIP+minTCP {
				long = tt.b
			}
			if _, err := unix.Write(pair[1], long); err != nil {
				// A socket pair tells the sender (unix_dgram_sendmsg, sk_filter).
				if err != unix.EPERM || tt.pass {
					t.Fatal(err)
				}
			}
			n, err := unix.Read(pair[0], make([]byte, 2000))
			if passed := err == nil; passed != tt.pass || passed && n != maxHeader {
				t.Errorf("%d bytes, %v, want it to pass: %v", n, err, tt.pass)
			}
		})
	}
}
