package sim

import (
	"strings"
	"testing"
)

// sentBy returns segments that an end sent, of connection 1.
func sentBy(from End, list ...Segment) (sent []SentSegment) {
	for _, s := range list {
		sent = append(sent, SentSegment{1, from, s})
	}
	return sent
}

// What the kernel is free to choose is left out of the segments.
func TestCanonical(t *testing.T) {
	const data, ack = PSH | ACK, ACK
	for _, test := range []struct {
		name string
		list []SentSegment
		want string
	}{
		{"carried", sentBy(Server, Segment{Flags: ack, Seq: 1, Ack: 2}, Segment{Flags: FIN | ack, Seq: 1, Ack: 2}), "FIN ACK seq 1 ack 2"},
		{"the same twice", sentBy(Server, Segment{Flags: ack, Ack: 2}, Segment{Flags: ack, Ack: 2}), "ACK ack 2"},
		{"a newer one", sentBy(Server, Segment{Flags: ack, Ack: 2}, Segment{Flags: ack, Ack: 3}), "ACK ack 3"},
		{"cut in two", sentBy(Client, Segment{Flags: ack, Seq: 1, Ack: 1, Len: 2}, Segment{Flags: data, Seq: 3, Ack: 1, Len: 3}), "PSH ACK seq 1 ack 1 len 5"},
		{"sent again", sentBy(Client, Segment{Flags: data, Seq: 1, Ack: 1, Len: 2}, Segment{Flags: data, Seq: 1, Ack: 1, Len: 2}), "PSH ACK seq 1 ack 1 len 2"},
		{"two resets", sentBy(Client, Segment{Flags: RST, Seq: 1}, Segment{Flags: RST, Seq: 9}), "RST seq 1"},
	} {
		var got []string
		for _, s := range Canonical(test.list) {
			got = append(got, s.Segment.String())
		}
		if text := strings.Join(got, "; "); text != test.want {
			t.Errorf("%s: %s, want %s", test.name, text, test.want)
		}
	}
}
