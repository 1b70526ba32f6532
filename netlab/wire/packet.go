package wire

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"finwait/sim"
)

// Packet is one TCP segment as it was captured, with the sequence numbers of its
// header. Flow makes them relative.
type Packet struct {
	// At is the kernel's timestamp of a captured segment: wall clock, taken when
	// the loopback device received it (SO_TIMESTAMPNS, socket(7)). Parse leaves it
	// zero.
	At       time.Time
	Src, Dst netip.AddrPort
	// Flags are the six bits that sim knows; ECE and CWR are left out.
	Flags sim.Flags
	// Seq and Ack are the header's. Ack means nothing without the ACK flag.
	Seq, Ack sim.Seq
	// Len is the number of data bytes.
	Len int
	// Stamp is TSval, the sender's clock in the timestamps option (RFC 7323 section 3.2).
	// Linux counts milliseconds from another random offset for every connection
	// (secure_tcp_seq_and_ts_off).
	Stamp uint32
	// Stamped reports whether the segment has a timestamps option.
	Stamped bool
}

var (
	// ErrNotTCP is the error for a packet of another kind: IPv6, another protocol, or a
	// fragment other than the first, which has no TCP header.
	ErrNotTCP = errors.New("not a TCP segment over IPv4")
	// ErrDamaged is the error for a packet whose header lengths contradict each other, or
	// that ends within its headers.
	ErrDamaged = errors.New("a damaged TCP segment")
)

const (
	minIP     = 20 // RFC 791, section 3.1
	minTCP    = 20 // RFC 9293, section 3.1
	protoTCP  = 6
	maxHeader = 120 // both headers with all their options
	flagMask  = sim.FIN | sim.SYN | sim.RST | sim.PSH | sim.ACK | sim.URG
)

// Parse reads a packet that begins with an IPv4 header. The packet may be cut off after its
// headers: the number of data bytes comes from the IPv4 header. The error is ErrNotTCP or
// ErrDamaged.
func Parse(b []byte) (Packet, error) { return ParseSized(b, len(b)) }

// ParseSized is Parse for a packet that had size bytes on the wire and begins with b. It uses
// size only if the header has no length: a packet above 64 KiB that was never cut into
// segments has total length 0 (BIG TCP, iph_totlen in include/linux/ip.h).
func ParseSized(b []byte, size int) (Packet, error) {
	if len(b) < 1 || b[0]>>4 != 4 {
		return Packet{}, ErrNotTCP
	}
	if len(b) < minIP {
		return Packet{}, ErrDamaged
	}
	be := binary.BigEndian
	fragment := be.Uint16(b[6:]) & 0x1fff // the offset; More Fragments leaves the header here
	if b[9] != protoTCP || fragment != 0 {
		return Packet{}, ErrNotTCP
	}
	ipLen := int(b[0]&0x0f) * 4
	total := int(be.Uint16(b[2:]))
	if total == 0 {
		total = size
	}
	if ipLen < minIP || len(b) < ipLen+minTCP {
		return Packet{}, ErrDamaged
	}
	tcp := b[ipLen:]
	tcpLen := int(tcp[12]>>4) * 4
	if tcpLen < minTCP || len(tcp) < tcpLen || total < ipLen+tcpLen {
		return Packet{}, ErrDamaged
	}
	src, dst := netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	stamp, stamped := timestamp(tcp[minTCP:tcpLen])
	return Packet{
		Src:     netip.AddrPortFrom(src, be.Uint16(tcp)),
		Dst:     netip.AddrPortFrom(dst, be.Uint16(tcp[2:])),
		Seq:     sim.Seq(be.Uint32(tcp[4:])),
		Ack:     sim.Seq(be.Uint32(tcp[8:])),
		Flags:   sim.Flags(tcp[13]) & flagMask,
		Len:     total - ipLen - tcpLen,
		Stamp:   stamp,
		Stamped: stamped,
	}, nil
}

// The options that timestamp recognises (RFC 9293 section 3.2; RFC 7323 section 3.2).
const (
	optionEnd    = 0
	optionNoOp   = 1
	optionStamps = 8
	sizeofStamps = 10
)

// timestamp returns TSval of the timestamps option, and whether there is one.
func timestamp(options []byte) (value uint32, ok bool) {
	for len(options) > 0 && options[0] != optionEnd {
		if options[0] == optionNoOp {
			options = options[1:]
			continue
		}
		if len(options) < 2 || int(options[1]) < 2 || int(options[1]) > len(options) {
			return 0, false
		}
		if options[0] == optionStamps && options[1] == sizeofStamps {
			return binary.BigEndian.Uint32(options[2:]), true
		}
		options = options[options[1]:]
	}
	return 0, false
}
