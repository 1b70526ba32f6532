package wire

import (
	"bytes"
	"errors"
	"testing"

	"finwait/sim"
)

// A FIN, a piece of data and bare acknowledgements of the two ends.
var (
	clientFIN  = segment(sim.Client, fin, 100, 500, "", 1)
	serverFIN  = segment(sim.Server, fin, 500, 100, "", 2)
	clientData = segment(sim.Client, ack|sim.PSH, 100, 500, "hello", 3)
	clientACK  = segment(sim.Client, ack, 100, 500, "", 4)
)

func TestWireHoldsInOrder(t *testing.T) {
	b := newBench()
	b.server.send(serverFIN)
	b.client.send(clientData, clientACK)
	b.says(t, "1 client PSH ACK x1 held", "2 client ACK x1 held", "3 server FIN ACK x1 held")
	b.client.received(t)
	b.server.received(t)
	for _, tt := range []struct {
		from sim.End
		want int
	}{{"", 1}, {sim.Client, 1}, {sim.Server, 3}} {
		if h := b.Next(tt.from); h == nil || h.ID != tt.want {
			t.Errorf("next of %q: %+v", tt.from, h)
		}
	}
	b.does(t, b.Deliver, 3)
	b.does(t, b.Deliver, 1)
	b.says(t, "3 server FIN ACK x1 delivered", "1 client PSH ACK x1 delivered")
	b.client.received(t, serverFIN)
	b.server.received(t, clientData)
	if b.flight() != "2" || b.Next(sim.Server) != nil || b.ByID(1) != nil {
		t.Errorf("on the wire: %s", b.flight())
	}
	b.does(t, b.Drop, 2)
	b.says(t, "2 client ACK x1 dropped")
	b.server.received(t)
	if b.Next("") != nil {
		t.Errorf("on the wire: %s", b.flight())
	}
}

// A retransmission of a segment on the wire is counted and replaces it, unless it has another
// acknowledgement number: the segment on the wire was sent before that.
func TestWireCountsRetransmissions(t *testing.T) {
	b := newBench()
	newest := segment(sim.Client, fin, 100, 500, "", 9)
	b.client.send(clientFIN, clientFIN)
	b.says(t, "1 client FIN ACK x1 held", "1 client FIN ACK x2 retransmitted")
	b.client.send(newest, segment(sim.Client, fin, 100, 777, "", 10))
	b.says(t, "1 client FIN ACK x3 retransmitted", "1 client FIN ACK x4 retransmitted")
	if b.flight() != "1" || b.Next("").Packet.Ack != 500 {
		t.Errorf("on the wire: %s, %+v", b.flight(), b.Next(""))
	}
	b.does(t, b.Deliver, 1)
	b.server.received(t, newest)
	b.says(t, "1 client FIN ACK x4 delivered")
}

// A retransmission of a segment that has left the wire is a segment of its own, marked as
// resent.
func TestWireMarksResent(t *testing.T) {
	for _, act := range []string{"deliver", "drop"} {
		t.Run(act, func(t *testing.T) {
			b := newBench()
			does := map[string]func(*Held) (News, error){"deliver": b.Deliver, "drop": b.Drop}[act]
			b.client.send(clientFIN)
			b.says(t, "1 client FIN ACK x1 held")
			b.does(t, does, 1)
			b.ages()
			b.news = nil
			b.client.send(clientFIN, clientFIN)
			b.says(t, "2 client FIN ACK x1 resent held", "2 client FIN ACK x2 resent retransmitted")
			b.does(t, does, 2)
			b.ages()
			b.news = nil
			b.client.send(clientFIN)
			b.says(t, "3 client FIN ACK x1 resent held")
		})
	}
}

// A retransmission is counted, too, while the acknowledgement of the first copy is about to be
// sent.
func TestWireCountsWhatIsAboutToBeAcknowledged(t *testing.T) {
	b := newBench()
	b.client.send(clientFIN)
	b.says(t, "1 client FIN ACK x1 held")
	b.does(t, b.Deliver, 1)
	b.client.send(clientFIN)
	b.says(t, "1 client FIN ACK x1 delivered", "1 client FIN ACK x2 retransmitted")
	b.ages()
	b.client.send(clientFIN)
	b.says(t, "2 client FIN ACK x1 resent held")
}

// A retransmission is counted while the acknowledgement of the first copy is on the wire.
func TestWireCountsWhatIsAcknowledged(t *testing.T) {
	answer := segment(sim.Server, ack, 500, 101, "", 5)
	for _, act := range []string{"deliver", "drop"} {
		t.Run(act, func(t *testing.T) {
			b := newBench()
			does := map[string]func(*Held) (News, error){"deliver": b.Deliver, "drop": b.Drop}[act]
			b.client.send(clientFIN)
			b.says(t, "1 client FIN ACK x1 held")
			b.does(t, b.Deliver, 1)
			b.server.send(answer)
			b.says(t, "1 client FIN ACK x1 delivered", "2 server ACK x1 held")
			b.client.send(clientFIN, clientFIN)
			b.says(t, "1 client FIN ACK x2 retransmitted", "1 client FIN ACK x3 retransmitted")
			if b.flight() != "2" {
				t.Errorf("on the wire: %s", b.flight())
			}
			b.does(t, does, 2)
			b.news = nil
			b.client.send(clientFIN)
			b.says(t, "3 client FIN ACK x1 resent held")
		})
	}
}

// Equal acknowledgements are different segments; so are equal resets.
func TestWireMergesNothingBare(t *testing.T) {
	b := newBench()
	reset := segment(sim.Client, rst, 101, 0, "", 1)
	b.client.send(clientACK, clientACK, reset, reset)
	b.says(t, "1 client ACK x1 held", "2 client ACK x1 held", "3 client RST x1 held", "4 client RST x1 held")
	b.does(t, b.Drop, 1)
	b.client.send(clientACK)
	b.says(t, "1 client ACK x1 dropped", "5 client ACK x1 held")
}

// The same numbers of the other end, on other ports, or in another direction are
// another segment.
func TestWireTellsConnectionsApart(t *testing.T) {
	b := newBench()
	other := bytes.Clone(clientFIN)
	other[minIP+1]++ // the source port
	b.client.send(clientFIN, other)
	b.server.send(segment(sim.Server, fin, 100, 500, "", 1))
	b.says(t, "1 client FIN ACK x1 held", "2 client FIN ACK x1 held", "3 server FIN ACK x1 held")
}

// A sender may join segments that it retransmits, or split them differently.
func TestWireKnowsWhatIsHeldByItsNumbers(t *testing.T) {
	joined := segment(sim.Client, fin|sim.PSH, 100, 500, "hello", 7)
	after := segment(sim.Client, fin, 105, 500, "", 8)
	half := segment(sim.Client, ack, 102, 500, "ll", 9)

	b := newBench()
	b.client.send(clientData, after, joined)
	b.says(t, "1 client PSH ACK x1 held", "2 client FIN ACK x1 held", "1 client FIN PSH ACK x2 retransmitted")
	b.client.send(half)
	b.says(t, "1 client ACK x3 retransmitted")
	b.does(t, b.Deliver, 1)
	b.server.received(t, clientData)
	b.news = nil
	b.client.send(joined) // the data are not held any more
	b.says(t, "3 client FIN PSH ACK x1 resent held")
	b.client.send(half, after)
	b.says(t, "3 client ACK x2 resent retransmitted", "3 client FIN ACK x3 resent retransmitted")
}

func TestWireOpenings(t *testing.T) {
	b := newBench()
	first, again := segment(sim.Client, syn, 99, 0, "", 1), segment(sim.Client, syn, 99, 0, "", 2)
	b.client.send(first, again)
	b.says(t, "1 client SYN x1 held", "1 client SYN x2 retransmitted")
	b.client.send(segment(sim.Client, synAck, 99, 500, "", 3)) // simultaneous open
	b.says(t, "2 client SYN ACK x1 held")
	b.does(t, b.Drop, 1)
	b.news = nil
	b.client.send(first, clientData)
	b.says(t, "3 client SYN x1 resent held", "4 client PSH ACK x1 held")
	b.client.send(segment(sim.Client, syn, 7, 0, "", 1), segment(sim.Client, ack, 8, 0, "hello", 1)) // the same ports again
	b.says(t, "5 client SYN x1 held", "6 client ACK x1 held")
}

// Sequence numbers wrap.
func TestWireAcrossZero(t *testing.T) {
	const top = 1<<32 - 3
	b := newBench()
	data, end := segment(sim.Client, ack, top, 500, "hello", 1), segment(sim.Client, fin, 2, 500, "", 2)
	b.client.send(data, end, data, end)
	b.says(t, "1 client ACK x1 held", "2 client FIN ACK x1 held", "1 client ACK x2 retransmitted", "2 client FIN ACK x2 retransmitted")
	b.does(t, b.Drop, 1)
	b.news = nil
	b.client.send(data)
	b.says(t, "3 client ACK x1 resent held")
}

func TestWireDuplicate(t *testing.T) {
	b := newBench()
	b.client.send(clientFIN)
	b.says(t, "1 client FIN ACK x1 held")
	b.does(t, b.Duplicate, 1)
	b.does(t, b.Duplicate, 1)
	b.does(t, b.Deliver, 1)
	b.says(t, "1 client FIN ACK x1 duplicated", "1 client FIN ACK x1 duplicated", "1 client FIN ACK x1 delivered")
	b.server.received(t, clientFIN, clientFIN, clientFIN)
}

func TestWireSwap(t *testing.T) {
	b := newBench()
	after := segment(sim.Client, fin, 105, 500, "", 8)
	b.client.send(clientData)
	b.server.send(serverFIN)
	b.says(t, "1 client PSH ACK x1 held", "2 server FIN ACK x1 held")
	for _, from := range []sim.End{sim.Client, sim.Server} {
		if _, ok := b.Swap(from); ok {
			t.Errorf("swapped the one segment of the %s", from)
		}
	}
	b.client.send(after, clientACK)
	b.says(t, "3 client FIN ACK x1 held", "4 client ACK x1 held")
	if news, ok := b.Swap(sim.Client); !ok || news.Held.ID != 1 || news.Fate != sim.Overtaken || b.flight() != "3 2 1 4" {
		t.Errorf("on the wire: %s", b.flight())
	}
	b.does(t, b.Deliver, b.Next(sim.Client).ID)
	b.server.received(t, after)
}

func TestWireCut(t *testing.T) {
	b := newBench()
	b.client.send(clientFIN)
	b.server.send(serverFIN)
	b.says(t, "1 client FIN ACK x1 held", "2 server FIN ACK x1 held")
	for _, n := range b.Cut() {
		b.note(n)
	}
	b.client.send(clientFIN, icmp)
	b.says(t, "1 client FIN ACK x1 dropped", "2 server FIN ACK x1 dropped",
		"3 client FIN ACK x1 resent held", "3 client FIN ACK x1 resent dropped")
	if !b.IsCut() || b.flight() != "" || len(b.Cut()) != 0 {
		t.Errorf("on the wire: %s", b.flight())
	}
	b.client.send(clientFIN) // nobody has taken it when the cable is mended
	if err := b.Mend(b.note); err != nil {
		t.Fatal(err)
	}
	b.client.send(clientFIN)
	b.says(t, "4 client FIN ACK x1 resent held", "4 client FIN ACK x1 resent dropped", "5 client FIN ACK x1 resent held")
	b.server.received(t)
	if b.IsCut() {
		t.Error("still cut")
	}
}

// icmp is a packet of another protocol than TCP.
var icmp = func() []byte {
	b := segment(sim.Client, 0, 0, 0, "", 0)
	b[9] = 1
	return b
}()

func TestWirePassesICMP(t *testing.T) {
	b := newBench()
	b.client.send(icmp)
	b.says(t)
	b.server.received(t, icmp)
	b.client.received(t)
}

func TestWireThrowsRubbishAway(t *testing.T) {
	six := bytes.Clone(clientFIN)
	six[0] = 0x60
	b := newBench()
	b.client.send(six, nil, []byte{0x45}, clientFIN[:39], []byte{0xff, 1, 2}, clientFIN)
	b.says(t, "1 client FIN ACK x1 held")
	b.server.received(t)
}

func TestWireNotHeld(t *testing.T) {
	b := newBench()
	b.client.send(clientFIN)
	b.says(t, "1 client FIN ACK x1 held")
	h := b.Next("")
	b.does(t, b.Deliver, 1)
	for name, act := range map[string]func(*Held) (News, error){"deliver": b.Deliver, "drop": b.Drop, "duplicate": b.Duplicate} {
		if news, err := act(h); !errors.Is(err, ErrNotHeld) || news != (News{}) {
			t.Errorf("%s: %v, %v", name, news, err)
		}
	}
	b.server.received(t, clientFIN)
}

// A segment that a host refuses stays on the wire.
func TestWirePortErrors(t *testing.T) {
	broken := errors.New("broken")
	b := newBench()
	b.client.send(clientFIN)
	b.says(t, "1 client FIN ACK x1 held")
	b.server.err = broken
	for _, act := range []func(*Held) (News, error){b.Deliver, b.Duplicate} {
		if news, err := act(b.Next("")); !errors.Is(err, broken) || news != (News{}) || b.flight() != "1" {
			t.Errorf("%v, %v; on the wire: %s", news, err, b.flight())
		}
	}
	b.client.send(icmp)
	if err := b.Take(b.note); !errors.Is(err, broken) {
		t.Errorf("ICMP: %v", err)
	}
	if err := b.Take(b.note); !errors.Is(err, broken) {
		t.Errorf("read: %v", err)
	}
}

// A reset with a sequence number of delivered, unacknowledged data is no retransmission.
func TestWireHoldsReset(t *testing.T) {
	b := newBench()
	b.client.send(clientData)
	b.says(t, "1 client PSH ACK x1 held")
	b.does(t, b.Deliver, 1)
	b.client.send(segment(sim.Client, sim.RST, 102, 0, "", 5))
	b.says(t, "1 client PSH ACK x1 delivered", "2 client RST x1 held")
}
