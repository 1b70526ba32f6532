package tcp

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
)

// The combinations of flags that the tests use.
const (
	synAck = sim.SYN | sim.ACK
	finAck = sim.FIN | sim.ACK
)

// bench is a World on a wire, with a process on either side.
type bench struct {
	World
	effects []Effect // effects of the inputs in the newest call of do
}

// The processes of a bench.
const (
	clientProc = 0
	serverProc = 1
)

// newBench returns a bench whose two processes have no sockets.
func newBench() *bench {
	b := &bench{World: New(Defaults(false))}
	b.do(Input{Op: OpStart, Side: Client}, Input{Op: OpStart, Side: Server})
	return b
}

// do gives inputs to the World, in the order given.
func (b *bench) do(inputs ...Input) *bench {
	b.effects = nil
	for _, in := range inputs {
		b.effects = b.Do(in, b.effects)
	}
	return b
}

// sys is the system call op of a process, on a descriptor.
func sys(proc int, op Op, fd, n int) Input { return Input{Op: op, Proc: proc, FD: fd, N: n} }

// listens makes the server listen on descriptor 3.
func (b *bench) listens() *bench {
	return b.do(
		sys(serverProc, OpSocket, 0, 0), sys(serverProc, OpReuseAddr, 3, 1), sys(serverProc, OpBind, 3, 0), sys(serverProc, OpListen, 3, 5),
	)
}

// connects makes a process connect on descriptor 3.
func (b *bench) connects(proc int) *bench {
	return b.do(sys(proc, OpSocket, 0, 0), Input{Op: OpConnect, Proc: proc, FD: 3, Conn: 1})
}

// deliver delivers the oldest segment of a side.
func (b *bench) deliver(from Side) *bench { return b.handleOldest(OpDeliver, from) }

// drop drops the oldest segment of a side.
func (b *bench) drop(from Side) *bench { return b.handleOldest(OpDrop, from) }

// handleOldest does op to the oldest segment of a side.
func (b *bench) handleOldest(op Op, from Side) *bench {
	for _, h := range b.Flight(nil) {
		if h.From == from {
			return b.do(Input{Op: op, ID: int(h.ID)})
		}
	}
	panic("the side has nothing on the wire")
}

// deliverAll delivers segments and sends pending acknowledgements until none is left.
func (b *bench) deliverAll() *bench {
	var said []Effect
	for b.nFlight > 0 || b.AckPending() {
		if b.nFlight > 0 {
			b.do(Input{Op: OpDeliver, ID: int(b.flight[0].ID)})
		} else {
			due, _ := b.Next()
			b.do(Input{Op: OpTimer, Side: due.Side, Conn: due.Conn, Timer: due.Timer, Now: due.At})
		}
		said = append(said, b.effects...)
	}
	b.effects = said
	return b
}

// connected returns a bench with a connection. Its descriptor is 3 in the client and 4 in the
// server.
func connected() *bench {
	b := newBench().listens().connects(clientProc).deliverAll()
	b.do(sys(serverProc, OpAccept, 3, 0))
	return b
}

// states returns the states of both ends.
func (b *bench) states() string {
	return b.View(Client, 1).State.String() + " " + b.View(Server, 1).State.String()
}

// summary returns effects as one line: segments, states, and what calls returned.
func summary(effects []Effect) string {
	var words []string
	for _, e := range effects {
		switch e.Kind {
		case SegmentMoved:
			text := e.Segment.Sim().String()
			if e.Segment.Fate != Held {
				text += " " + e.Segment.Fate.String()
			}
			words = append(words, text)
		case StateChanged:
			text := e.To.String()
			if e.Orphan {
				text += " orphan"
			}
			words = append(words, text)
		case Returned:
			text := fmt.Sprint("= ", e.Ret)
			if e.Errno != None {
				text += " " + e.Errno.String()
			}
			if e.Events != 0 {
				text += " " + e.Events.String()
			}
			words = append(words, text)
		case Blocked:
			words = append(words, "blocks")
		case Signaled:
			words = append(words, e.Signal.String())
		case Exited:
			words = append(words, "exit")
		}
	}
	if words == nil {
		return "-"
	}
	return strings.Join(words, "; ")
}

// expect fails the test unless the newest inputs had exactly these effects.
func (b *bench) expect(t *testing.T, want string) {
	t.Helper()
	if got := summary(b.effects); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// keepalive turns keepalive on: three probes, the first after an idle second, a second apart.
func keepalive(proc, fd int) []Input {
	return []Input{
		{Op: OpKeepaliveTime, Proc: proc, FD: fd, Idle: Second},
		{Op: OpKeepaliveTime, Proc: proc, FD: fd, Interval: Second},
		{Op: OpKeepaliveTime, Proc: proc, FD: fd, N: 3},
		{Op: OpKeepalive, Proc: proc, FD: fd},
	}
}
