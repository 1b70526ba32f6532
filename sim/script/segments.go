package script

import (
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// Travelled is a segment, of which connection, and who sent it.
type Travelled struct {
	Conn int
	From sim.End
	sim.Segment
}

// String returns the segment with every number.
func (s Travelled) String() string {
	return fmt.Sprintf("%d %s %s seq %d ack %d len %d", s.Conn, s.From, s.Flags, s.Seq, s.Ack, s.Len)
}

// Lines returns one segment a line.
func Lines(list []Travelled) string {
	text := make([]string, len(list))
	for i, s := range list {
		text[i] = s.String()
	}
	return strings.Join(text, "\n")
}

// Segments returns the segments among events, once each: when they were sent.
func Segments(events []sim.Event) []Travelled {
	var list []Travelled
	for _, e := range events {
		if e.Kind == sim.KindSegment && e.Segment.Sent() {
			list = append(list, Travelled{e.Conn, e.At, e.Segment})
		}
	}
	return list
}

// who names the end of the connection that has sent the segment.
func (s Travelled) who() string { return fmt.Sprint(s.Conn, s.From) }

// opening returns what the segment opens with: a SYN and a SYN ACK of one end have the
// same number and are not the same segment (simultaneous open).
func (s Travelled) opening() sim.Flags {
	if s.Flags&sim.SYN == 0 {
		return 0
	}
	return s.Flags & (sim.SYN | sim.ACK)
}

// pureACK reports whether the segment does nothing but acknowledge.
func (s Travelled) pureACK() bool { return s.Flags == sim.ACK && s.Len == 0 }

// Canonical returns what a list of segments says apart from what the kernel is free
// to choose:
//
//   - merged acknowledgement: whether one leaves alone as well, when another segment
//     of the same end carries it in the same step (RFC 9293 section 3.8.6.3), or a
//     reset ends the connection before anybody can tell;
//   - segmentation: into how many segments it cuts a long or a second write, and
//     which of many it pushes;
//   - repetition: what it sends again in the same step, a reset for each of many
//     segments, and how often an acknowledgement repeats its number: window updates,
//     probes and the answers;
//   - order between connections.
func Canonical(list []Travelled) []Travelled {
	var kept []Travelled
	next := map[string]uint32{} // by end, connection, and SYN, SYN ACK or neither
	reset := map[string]bool{}  // by end, connection and flags
	for i, s := range list {
		who := fmt.Sprint(s.who(), s.opening())
		if sent, ok := next[who]; ok && s.Next() <= sent && s.Next() != s.Seq && s.Flags&sim.RST == 0 {
			continue // repetition
		}
		next[who] = max(next[who], s.Next())
		kind := fmt.Sprint(who, s.Flags)
		if s.pureACK() && carried(list, i) || reset[kind] {
			continue
		}
		reset[kind] = s.Flags&sim.RST != 0
		kept = append(kept, s)
	}
	slices.SortStableFunc(kept, func(a, b Travelled) int { return a.Conn - b.Conn })
	return merge(kept)
}

// carried reports whether another segment of the same end acknowledges what the
// pure acknowledgement i does, or a reset follows.
func carried(list []Travelled, i int) bool {
	for k, s := range list {
		same := s.Conn == list[i].Conn && s.From == list[i].From && s.Flags&sim.ACK != 0
		more := s.Ack > list[i].Ack || s.Ack == list[i].Ack && (k < i || !s.pureACK())
		reset := k > i && s.Conn == list[i].Conn && s.Flags&sim.RST != 0
		if reset || same && k != i && more {
			return true
		}
	}
	return false
}

// merge joins data segments that follow each other in one direction.
func merge(list []Travelled) []Travelled {
	var merged []Travelled
	for _, s := range list {
		if n := len(merged); n > 0 {
			last := &merged[n-1]
			if last.Conn == s.Conn && last.From == s.From && last.Len > 0 && last.Next() == s.Seq && s.Flags&sim.RST == 0 && s.Len > 0 {
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
