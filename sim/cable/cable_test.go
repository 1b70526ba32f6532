package cable

import (
	"testing"

	"finwait/sim"
)

// The flags of the tables.
const (
	syn    = sim.SYN
	synAck = sim.SYN | sim.ACK
	ack    = sim.ACK
	rst    = sim.RST
	rstAck = sim.RST | sim.ACK
	fin    = sim.FIN | sim.ACK
)

// segment returns a segment from one end to another, "ab" or "ba", of n bytes.
func segment(path string, f sim.Flags, seq, ack sim.Seq, n int) Segment[byte] {
	return Segment[byte]{
		Direction: Direction[byte]{path[0], path[1]}, Flags: f, Ack: ack,
		Span: sim.Span{From: seq, To: sim.Segment{Flags: f, Seq: seq, Len: n}.Next()},
	}
}

func TestPairs(t *testing.T) {
	data := segment("ab", ack, 100, 500, 5)
	for _, test := range []struct {
		name                                       string
		other                                      Segment[byte]
		samePhase, acknowledges, replies, replaces bool // other, to data
	}{
		{"itself", data, true, false, false, true},
		{"another acknowledgement number", segment("ab", ack, 100, 501, 5), true, false, false, false},
		{"a part", segment("ab", ack, 100, 500, 4), true, false, false, false},
		{"the SYN", segment("ab", syn, 99, 0, 0), false, false, false, false},
		{"the other direction", segment("ba", ack, 100, 0, 5), false, false, true, false},
		{"another connection", segment("ac", ack, 100, 500, 5), false, false, false, false},
		{"an acknowledgement", segment("ba", ack, 500, 105, 0), false, true, true, false},
		{"of a part", segment("ba", ack, 500, 104, 0), false, false, true, false},
		{"of another connection", segment("ca", ack, 500, 105, 0), false, false, false, false},
		{"a reset", segment("ba", rst, 500, 0, 0), false, true, true, false},
		{"a SYN", segment("ba", syn, 500, 105, 0), false, false, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := test.other
			if o.SamePhase(data) != test.samePhase || o.Acknowledges(data) != test.acknowledges || o.RepliesTo(data) != test.replies || o.Replaces(data) != test.replaces {
				t.Errorf("same phase %t, acknowledges %t, replies %t, replaces %t", o.SamePhase(data), o.Acknowledges(data), o.RepliesTo(data), o.Replaces(data))
			}
		})
	}
}

func TestRepeats(t *testing.T) {
	flight := []Segment[byte]{
		segment("ab", ack, 110, 1, 5), segment("ba", ack, 100, 1, 5), segment("ab", ack, 100, 1, 10), segment("ab", syn, 99, 0, 0),
	}
	recent := Delivered[byte]{Segment: segment("ab", ack, 50, 1, 10), Recent: true}
	replied := Delivered[byte]{Segment: segment("ab", ack, 60, 1, 10), Recent: true, Replied: true}
	old := Delivered[byte]{Segment: segment("ab", ack, 70, 1, 10)}
	again := Delivered[byte]{Segment: segment("ab", ack, 70, 2, 10), Recent: true}
	ackOf70 := segment("ba", ack, 1, 70, 0)
	for _, test := range []struct {
		name      string
		flight    []Segment[byte]
		delivered []Delivered[byte]
		seg       Segment[byte]
		want      Place
	}{
		{"one in flight", flight, nil, segment("ab", ack, 100, 2, 10), Place{Found: true, Index: 2}},
		{"a part of one", flight, nil, segment("ab", ack, 103, 2, 3), Place{Found: true, Index: 2}},
		{"two joined", flight, nil, segment("ab", ack, 100, 2, 15), Place{Found: true, Index: 2}},
		{"more than is in flight", flight, nil, segment("ab", ack, 100, 2, 16), Place{}},
		{"a SYN", flight, nil, segment("ab", syn, 99, 0, 0), Place{Found: true, Index: 3}},
		{"a SYN ACK with the number of the SYN", flight, nil, segment("ab", synAck, 99, 1, 0), Place{}},
		{"a bare acknowledgement", flight, []Delivered[byte]{recent}, segment("ab", ack, 103, 2, 0), Place{}},
		{"a reset inside delivered data", nil, []Delivered[byte]{recent}, segment("ab", rst, 55, 0, 0), Place{}},
		{"about to be acknowledged", nil, []Delivered[byte]{recent}, segment("ab", ack, 50, 1, 10), Place{Found: true, Arrived: true, Index: 0}},
		{"and more", nil, []Delivered[byte]{recent}, segment("ab", ack, 50, 1, 11), Place{}},
		{"rejected", nil, []Delivered[byte]{replied}, segment("ab", ack, 60, 1, 10), Place{}},
		{"never acknowledged", nil, []Delivered[byte]{old}, segment("ab", ack, 70, 1, 10), Place{}},
		{"acknowledgement in flight", []Segment[byte]{ackOf70}, []Delivered[byte]{recent, replied, old}, segment("ab", ack, 55, 1, 15), Place{Found: true, Arrived: true, Index: 0}},
		{"joined, acknowledgement in flight", []Segment[byte]{ackOf70}, []Delivered[byte]{recent, replied}, segment("ab", ack, 50, 1, 20), Place{Found: true, Arrived: true, Index: 0}},
		{"arrived twice", nil, []Delivered[byte]{old, again}, segment("ab", ack, 70, 2, 10), Place{Found: true, Arrived: true, Index: 1}},
		{"arrived twice, acknowledgement in flight", []Segment[byte]{segment("ba", ack, 1, 80, 0)}, []Delivered[byte]{old, again, recent}, segment("ab", ack, 70, 2, 10), Place{Found: true, Arrived: true, Index: 1}},
		{"in flight alone and in a longer one", []Segment[byte]{segment("ab", ack, 100, 1, 5), segment("ab", ack, 100, 1, 9)}, nil, segment("ab", ack, 100, 1, 9), Place{Found: true, Index: 1}},
		{"reset in flight", []Segment[byte]{segment("ba", rst, 1, 0, 0)}, []Delivered[byte]{old}, segment("ab", ack, 70, 1, 10), Place{Found: true, Arrived: true, Index: 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Repeats(test.flight, test.delivered, test.seg); got != test.want {
				t.Errorf("repeats %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestSwap(t *testing.T) {
	for _, test := range []struct {
		flight, want string
		place        int
		ok           bool
	}{
		{"aBc", "cBa", 2, true},
		{"ab", "ba", 1, true},
		{"aB", "aB", 0, false},
		{"Bab", "Bba", 2, true},
		{"", "", 0, false},
	} {
		flight := []byte(test.flight)
		place, ok := Swap(flight, func(b byte) bool { return b >= 'a' })
		if string(flight) != test.want || place != test.place || ok != test.ok {
			t.Errorf("%s: %s, %d, %t", test.flight, flight, place, ok)
		}
	}
}

func TestNumbers(t *testing.T) {
	type step struct {
		seg      Segment[byte]
		seq, ack sim.Seq
	}
	for name, steps := range map[string][]step{
		"an end begun anew": {
			{segment("ab", syn, 1000, 0, 0), 0, 0},
			{segment("ba", synAck, 5000, 1001, 0), 0, 1},
			{segment("ab", ack, 1001, 5001, 3), 1, 1},
			{segment("ba", synAck, 7000, 1001, 0), 0, 1}, // another socket answers the same SYN
			{segment("ba", ack, 7001, 1004, 0), 1, 4},
		},
		"the same ports again": {
			{segment("ab", syn, 1000, 0, 0), 0, 0},
			{segment("ba", synAck, 5000, 1001, 0), 0, 1},
			{segment("ab", syn, 2000, 0, 0), 0, 0},
			{segment("ba", rstAck, 0, 2001, 0), 0, 1}, // nobody listens: a reset without numbering
			{segment("ab", syn, 2000, 0, 0), 0, 0},
			{segment("ba", synAck, 9000, 2001, 0), 0, 1},
			{segment("ba", fin, 9001, 2001, 0), 1, 1},
		},
		"a simultaneous open": {
			{segment("ab", syn, 1000, 0, 0), 0, 0},
			{segment("ba", syn, 5000, 0, 0), 0, 0},
			{segment("ab", rst, 1001, 0, 0), 1, 0},
			{segment("ba", synAck, 5000, 1001, 0), 0, 1},
		},
		"from the middle": {
			{segment("ab", ack, 1000, 5000, 5), 1, 1},
			{segment("ba", ack, 5000, 1005, 0), 1, 6},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var n Numbers[byte]
			for i, s := range steps {
				seq, ack := n.Learn(s.seg)
				if seq != s.seq || ack != s.ack {
					t.Errorf("segment %d: seq %d ack %d, want %d and %d", i+1, seq, ack, s.seq, s.ack)
				}
				if again, ackAgain := n.Relative(s.seg); again != seq || ackAgain != ack {
					t.Errorf("segment %d: Relative %d and %d, Learn %d and %d", i+1, again, ackAgain, seq, ack)
				}
			}
			last := steps[len(steps)-1]
			if got := n.Absolute(last.seg.Direction, last.seq); got != last.seg.Span.From && last.seg.Flags&syn == 0 {
				t.Errorf("absolute number %d, want %d", got, last.seg.Span.From)
			}
		})
	}
}

func TestSent(t *testing.T) {
	var s Sent[byte]
	for i, test := range []struct {
		seg    Segment[byte]
		resent bool
	}{
		{segment("ab", syn, 99, 0, 0), false},
		{segment("ab", syn, 99, 0, 0), true},
		{segment("ab", synAck, 99, 1, 0), false},
		{segment("ab", ack, 100, 1, 10), false},
		{segment("ab", ack, 105, 1, 10), true},
		{segment("ab", ack, 115, 1, 5), false},
		{segment("ab", ack, 115, 1, 0), false}, // takes no sequence number
		{segment("ba", ack, 100, 1, 10), false},
		{segment("ab", syn, 7, 0, 0), false}, // the same ports again
		{segment("ab", ack, 8, 1, 10), false},
	} {
		if got := s.Add(test.seg); got != test.resent {
			t.Errorf("segment %d: resent %t", i+1, got)
		}
	}
}
