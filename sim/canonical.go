package sim

import (
	"fmt"
	"slices"
	"strings"
)

// SentSegment is a segment, the connection that it belongs to, and the end that sent it.
type SentSegment struct {
	Conn int
	From End
	Segment
}

// String returns the segment with every number.
func (s SentSegment) String() string {
	return fmt.Sprintf("%d %s %s seq %d ack %d len %d", s.Conn, s.From, s.Flags, s.Seq, s.Ack, s.Len)
}

// SegmentLines returns the segments as text, one a line, with every number.
func SegmentLines(list []SentSegment) string {
	text := make([]string, len(list))
	for i, s := range list {
		text[i] = s.String()
	}
	return strings.Join(text, "\n")
}

// who names the connection and the end that sent the segment.
func (s SentSegment) who() string { return fmt.Sprint(s.Conn, s.From) }

// opening returns what the segment opens with: a SYN and a SYN ACK of one end have the
// same number and are not the same segment (simultaneous open).
func (s SentSegment) opening() Flags {
	if s.Flags&SYN == 0 {
		return 0
	}
	return s.Flags & (SYN | ACK)
}

// pureACK reports whether the segment does nothing but acknowledge.
func (s SentSegment) pureACK() bool { return s.Flags == ACK && s.Len == 0 }

// Canonical returns what a list of segments says apart from what the kernel is free
// to choose, connection by connection. Two lists with the same canonical form differ in
// nothing that TCP decides. Left out are:
//
//   - merged acknowledgement: whether an acknowledgement leaves alone as well, when
//     another segment of the same end carries it in the same step (RFC 9293 section
//     3.8.6.3), or when a reset ends the connection before anybody can tell;
//   - segmentation: into how many segments a long or a second write is cut, and which
//     of them are pushed;
//   - repetition: what is sent again in the same step, a reset for each of many
//     segments, and how often an acknowledgement repeats its number (window updates,
//     probes and the answers to them);
//   - order between connections.
func Canonical(list []SentSegment) []SentSegment {
	var kept []SentSegment
	next := map[string]Seq{}   // by end, connection, and SYN, SYN ACK or neither
	reset := map[string]bool{} // by end, connection and flags
	for i, s := range list {
		who := fmt.Sprint(s.who(), s.opening())
		if sent, ok := next[who]; ok && !s.Next().After(sent) && s.Next() != s.Seq && s.Flags&RST == 0 {
			continue // repetition
		}
		next[who] = next[who].Later(s.Next())
		kind := fmt.Sprint(who, s.Flags)
		if s.pureACK() && carried(list, i) || reset[kind] {
			continue
		}
		reset[kind] = s.Flags&RST != 0
		kept = append(kept, s)
	}
	slices.SortStableFunc(kept, func(a, b SentSegment) int { return a.Conn - b.Conn })
	return merge(kept)
}

// carried reports whether another segment of the same end acknowledges what the
// pure acknowledgement i does, or a reset follows.
func carried(list []SentSegment, i int) bool {
	for k, s := range list {
		same := s.Conn == list[i].Conn && s.From == list[i].From && s.Flags&ACK != 0
		more := s.Ack > list[i].Ack || s.Ack == list[i].Ack && (k < i || !s.pureACK())
		reset := k > i && s.Conn == list[i].Conn && s.Flags&RST != 0
		if reset || same && k != i && more {
			return true
		}
	}
	return false
}

// merge joins data segments that follow each other in one direction.
func merge(list []SentSegment) []SentSegment {
	var merged []SentSegment
	for _, s := range list {
		if n := len(merged); n > 0 {
			last := &merged[n-1]
			if last.Conn == s.Conn && last.From == s.From && last.Len > 0 && last.Next() == s.Seq && s.Flags&RST == 0 && s.Len > 0 {
				last.Len += s.Len
				last.Flags |= s.Flags
				last.Ack = s.Ack
				continue
			}
		}
		merged = append(merged, s)
	}
	return merged
}
