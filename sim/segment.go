package sim

import (
	"fmt"
	"strings"
)

// Flags are the control bits of a TCP header, byte 13 (RFC 9293 section 3.1).
type Flags uint8

// The control bits that finwait shows. ECE and CWR are left out of the text
// form: they say nothing about how a connection ends.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
)

var flagNames = [...]struct {
	bit  Flags
	name string
}{{SYN, "SYN"}, {FIN, "FIN"}, {RST, "RST"}, {PSH, "PSH"}, {URG, "URG"}, {ACK, "ACK"}}

// String returns the set bits as "FIN ACK", in the order SYN FIN RST PSH URG
// ACK, and "none" when none is set.
func (f Flags) String() string {
	var names []string
	for _, n := range flagNames {
		if f&n.bit != 0 {
			names = append(names, n.name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, " ")
}

// ParseFlags reads what String writes, in any order and case.
func ParseFlags(text string) (Flags, bool) {
	var f Flags
	for _, word := range strings.Fields(text) {
		bit, ok := parseFlag(strings.ToUpper(word))
		if !ok {
			return 0, false
		}
		f |= bit
	}
	return f, f != 0
}

func parseFlag(word string) (Flags, bool) {
	for _, n := range flagNames {
		if n.name == word {
			return n.bit, true
		}
	}
	return 0, false
}

// FlagNames returns the words that ParseFlags knows. The caller owns the slice.
func FlagNames() []string {
	names := make([]string, len(flagNames))
	for i, n := range flagNames {
		names[i] = n.name
	}
	return names
}

// Fate is what became of a segment.
type Fate string

// The fates. On loopback every segment is delivered at once. On the wire it is
// held first; what follows is news of the same segment.
const (
	Delivered     Fate = "delivered"
	Held          Fate = "held"
	Dropped       Fate = "dropped"
	Duplicated    Fate = "duplicated"    // a copy was delivered; the segment is still held
	Overtaken     Fate = "overtaken"     // the next segment of its sender will be delivered first
	Retransmitted Fate = "retransmitted" // sent once more, while the segment or its acknowledgement was held
)

// Segment is one TCP segment as it left its sender. Seq and Ack are relative to
// the initial sequence numbers of the two directions: a SYN has Seq 0, the first
// byte of data has Seq 1. Ack means nothing unless the ACK flag is set. Len is
// the number of data bytes; the text form leaves out what is zero.
type Segment struct {
	Flags Flags
	Seq   Seq
	Ack   Seq
	Len   int
	Fate  Fate

	// On the wire only. ID tells segments apart, 1 and up. Copies is how often the
	// sender has sent it. Resent marks a segment whose sequence numbers were on the
	// wire before, and are not any more.
	ID     int
	Copies int
	Resent bool
}

// Sent reports whether this is the first that is heard of the segment.
func (s Segment) Sent() bool { return s.ID == 0 || s.Fate == Held }

// String returns flags first, then only the numbers that matter: "FIN ACK seq 1
// ack 1", "ACK ack 2", "PSH ACK seq 1 ack 1 len 13", "RST seq 2".
func (s Segment) String() string {
	var b strings.Builder
	b.WriteString(s.Flags.String())
	if s.Len > 0 || s.Flags&(SYN|FIN|RST) != 0 {
		fmt.Fprintf(&b, " seq %d", s.Seq)
	}
	if s.Flags&ACK != 0 {
		fmt.Fprintf(&b, " ack %d", s.Ack)
	}
	if s.Len > 0 {
		fmt.Fprintf(&b, " len %d", s.Len)
	}
	return b.String()
}

// Next returns the sequence number after the segment: SYN, FIN and every data
// byte count one (RFC 9293 section 3.4).
func (s Segment) Next() Seq {
	n := s.Seq.Add(s.Len)
	if s.Flags&SYN != 0 {
		n++
	}
	if s.Flags&FIN != 0 {
		n++
	}
	return n
}
