package sim

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// news is what is heard of a segment on the wire.
func news(at End, id int, fate Fate, copies int) Event {
	return Event{At: at, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: id, Fate: fate, Copies: copies}}}
}

// wireLine tells a wire in one line: what is on it, from whom, how often sent.
func wireLine(s Scene) string {
	var text []string
	for _, e := range s.Flight {
		text = append(text, fmt.Sprintf("%d %s x%d", e.Segment().ID, e.At, e.Segment().Copies))
	}
	if s.Cut {
		text = append(text, "cut")
	}
	return strings.Join(text, ", ")
}

func TestSceneWire(t *testing.T) {
	cable := func(now Cable) Event { return Event{Body: CableChanged{Cable: now}} }
	both := []Event{news(Client, 7, Held, 1), news(Server, 8, Held, 1)}
	tests := []struct {
		name   string
		events []Event
		want   string
	}{
		{"nothing", nil, ""},
		{"on loopback", []Event{news(Client, 0, Delivered, 0)}, ""},
		{"held", both, "7 client x1, 8 server x1"},
		{"delivered", append(both, news(Client, 7, Delivered, 1)), "8 server x1"},
		{"dropped", append(both, news(Server, 8, Dropped, 1)), "7 client x1"},
		{"retransmitted", append(both, news(Client, 7, Retransmitted, 2), news(Client, 7, Retransmitted, 3)), "7 client x3, 8 server x1"},
		{"duplicated", append(both, news(Client, 7, Duplicated, 1)), "7 client x1, 8 server x1"},
		{"late news", append(both, news(Client, 3, Retransmitted, 2), news(Client, 4, Delivered, 1)), "7 client x1, 8 server x1"},
		{"in any order", append(both, news(Server, 8, Delivered, 1), news(Server, 9, Held, 1), news(Client, 7, Delivered, 1)), "9 server x1"},
		{"delivered at once", []Event{news(Client, 7, Held, 1), news(Client, 7, Delivered, 1)}, ""},
		{"cut", []Event{cable(CableCut), news(Client, 7, Held, 1), news(Client, 7, Dropped, 1)}, "cut"},
		{"mended", []Event{cable(CableCut), cable(CableMended)}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := wireLine(Fold(test.events)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A copy of a scene keeps its wire.
func TestSceneWireIsAValue(t *testing.T) {
	s := Fold([]Event{news(Client, 7, Held, 1), news(Server, 8, Held, 1)})
	before := s
	want := append([]Event(nil), s.Flight...)
	for _, e := range []Event{
		news(Client, 7, Retransmitted, 2), news(Client, 9, Held, 1), news(Server, 8, Delivered, 1), news(Client, 7, Dropped, 2),
	} {
		s.Apply(e)
	}
	if !reflect.DeepEqual(before.Flight, want) {
		t.Errorf("before: %v, want %v", before.Flight, want)
	}
	if got := wireLine(s); got != "9 client x1" {
		t.Errorf("after: %s", got)
	}
}
