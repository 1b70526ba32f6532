package tcp_test

import (
	"fmt"
	"slices"

	"finwait/sim"
	"finwait/sim/tcp"
)

// Act is the kind of a Move.
type Act uint8

// The acts. Each side has one process, which makes the calls.
const (
	Listen   Act = iota // listen
	Unlisten            // the listener ends: shutdown, after which the socket can listen again
	Connect             // socket, connect
	Accept              // accept
	Write               // write of one byte
	Read                // read of everything
	Shutdown            // shutdown of the sending direction
	Close               // close of the connection
	Kill                // the process is killed, another one starts
	Deliver             // a segment arrives
	Drop                // a segment is lost
	Copy                // a copy of a segment arrives
	Fire                // a timer fires
	GiveUp              // the cable is cut until an end has given up
)

var actNames = [...]string{
	Listen: "listen", Connect: "connect", Accept: "accept", Write: `write "x"`, Read: "read 9",
	Shutdown: "shutdown wr", Close: "close", Kill: "kill SIGKILL", Unlisten: "close listener", Deliver: "deliver", Drop: "drop", Copy: "duplicate",
	Fire: "timer", GiveUp: "cut, wait, mend",
}

// Move is one thing that happens: a call, or a few calls that belong together; the fate of a
// segment; a timer.
type Move struct {
	Act   Act
	Side  tcp.Side
	At    uint8 // index of the segment among those of Side on the wire
	Timer tcp.Timer
}

// timerNames say what happens when a timer fires.
var timerNames = [...]string{
	tcp.TimerACK: "acknowledges", tcp.TimerRetransmit: "repeats", tcp.TimerKeepalive: "keeps alive", tcp.TimerTimeWait: "has waited a minute",
	tcp.TimerLinger: "has lingered",
}

// String returns the move as a step of a lesson, where there is such a step.
func (m Move) String() string {
	who := string(m.Side.End())
	switch m.Act {
	case Deliver, Drop, Copy:
		if m.At > 0 {
			return fmt.Sprintf("%s %s %d", actNames[m.Act], who, m.At+1)
		}
		return actNames[m.Act] + " " + who
	case Fire:
		return who + " " + timerNames[m.Timer]
	case GiveUp:
		return actNames[m.Act]
	}
	return who + " " + actNames[m.Act]
}

// The descriptors of a process. The socket of the listener exists from the start.
const (
	listener   = 3
	connection = 4
)

// isnStep is the distance between the initial sequence numbers of two connections that a side
// accepts. The numbers of its connects lie between them.
const isnStep = 1 << 21

// state returns the state of one side: LISTEN if it listens and has no connection.
func state(w *tcp.World, side tcp.Side) sim.State {
	s := w.View(side, 1).State
	if s == sim.Closed && w.View(side, 0).State == sim.Listen {
		return sim.Listen
	}
	return s
}

// start returns the world in which every walk starts: a process on each host, and no connection.
func start() tcp.World {
	settings := tcp.Defaults(false)
	settings.ISNStep = isnStep
	w := tcp.New(settings)
	for _, side := range sides {
		w.Do(tcp.Input{Op: tcp.OpStart, Side: side}, nil)
		w.Do(tcp.Input{Op: tcp.OpSocket, Proc: int(side)}, nil)
	}
	return w
}

var sides = [...]tcp.Side{tcp.Client, tcp.Server}

// moves appends every possible move that could change something to all, and returns the extended
// slice.
func (x *explorer) moves(n *position, all []Move) []Move {
	w := &n.world
	for _, side := range sides {
		if side = 1 - side; !w.InCall(int(side)) && w.View(side, 0).State != sim.Listen { // the server first
			all = append(all, Move{Act: Listen, Side: side})
		}
	}
	for _, side := range sides {
		all = x.calls(n, side, all)
	}
	x.flight = w.Flight(x.flight[:0])
	var at [2]uint8
	for _, seg := range x.flight {
		for _, act := range []Act{Deliver, Drop, Copy} {
			all = append(all, Move{Act: act, Side: seg.From, At: at[seg.From]})
		}
		at[seg.From]++
	}
	x.deadlines = w.Deadlines(x.deadlines[:0])
	waits := false
	for _, d := range x.deadlines {
		all = append(all, Move{Act: Fire, Side: d.Side, Timer: d.Timer})
		waits = waits || d.Timer == tcp.TimerRetransmit
	}
	if waits {
		all = append(all, Move{Act: GiveUp})
	}
	return slices.DeleteFunc(all, func(m Move) bool { return n.rare+rare(n, m) > x.Rare })
}

// rare returns 1 for a rare move and 0 for any other. Losses, copies, overtaking, retransmissions,
// giving up, the death of a process, data and the end of a listener are rare. A second connection
// and a second listener are rare too.
func rare(n *position, m Move) uint8 {
	switch m.Act {
	case Drop, Copy, GiveUp, Kill, Write, Unlisten:
		return 1
	case Listen:
		return bit(n.world.View(1-m.Side, 0).State == sim.Listen)
	case Connect:
		return n.connects
	case Fire:
		return bit(m.Timer == tcp.TimerRetransmit)
	case Deliver:
		return min(m.At, 1) // a segment that is not the first overtakes others
	}
	return 0
}

// calls appends the calls that the process of a side can make.
func (x *explorer) calls(n *position, side tcp.Side, all []Move) []Move {
	w := &n.world
	add := func(act Act, ok bool) {
		if ok {
			all = append(all, Move{Act: act, Side: side})
		}
	}
	busy, fd := w.InCall(int(side)), w.StateOf(int(side), connection)
	open, listens := fd != sim.Closed, w.View(side, 0).State == sim.Listen
	sends := fd == sim.Established || fd == sim.CloseWait
	end := w.View(side, 1)
	if busy {
		return append(all, Move{Act: Kill, Side: side})
	}
	add(Connect, !open)
	add(Accept, !open && listens && (end.State == sim.Established || end.State == sim.CloseWait))
	add(Write, open && sends)
	add(Read, open && end.RecvQ > 0)
	add(Shutdown, open && sends)
	add(Close, open)
	add(Unlisten, listens)
	add(Kill, open || listens)
	return all
}

// do makes a move. Its effects are in x.effects afterwards.
func (x *explorer) do(n *position, m Move) {
	x.effects = x.effects[:0]
	n.rare += rare(n, m)
	proc := int(m.Side)
	switch m.Act {
	case Listen:
		x.input(n, tcp.Input{Op: tcp.OpListen, Proc: proc, FD: listener, N: 1, ISN: n.isn(m.Side)})
	case Unlisten:
		x.input(n, tcp.Input{Op: tcp.OpShutdown, Proc: proc, FD: listener, N: tcp.ShutRead})
	case Connect:
		n.connects = min(n.connects+1, 1)
		x.input(n, tcp.Input{Op: tcp.OpSocket, Proc: proc})
		x.input(n, tcp.Input{Op: tcp.OpConnect, Proc: proc, FD: connection, Conn: 1, ISN: n.isn(m.Side) + isnStep/2})
	case Accept:
		x.input(n, tcp.Input{Op: tcp.OpAccept, Proc: proc, FD: listener})
	case Write:
		x.input(n, tcp.Input{Op: tcp.OpWrite, Proc: proc, FD: connection, N: 1})
	case Read:
		x.input(n, tcp.Input{Op: tcp.OpRead, Proc: proc, FD: connection, N: 9})
	case Shutdown:
		x.input(n, tcp.Input{Op: tcp.OpShutdown, Proc: proc, FD: connection, N: tcp.ShutWrite})
	case Close:
		x.input(n, tcp.Input{Op: tcp.OpClose, Proc: proc, FD: connection})
	case Kill:
		x.input(n, tcp.Input{Op: tcp.OpKill, Proc: proc, N: int(tcp.SIGKILL)})
		x.input(n, tcp.Input{Op: tcp.OpStart, Side: m.Side})
		x.input(n, tcp.Input{Op: tcp.OpSocket, Proc: proc})
	case Fire:
		x.fire(n, m)
	case GiveUp:
		x.giveUp(n)
	default:
		x.handle(n, m)
	}
}

func (x *explorer) input(n *position, in tcp.Input) {
	x.Inputs++
	x.effects = n.world.Do(in, x.effects)
}

// handle delivers, drops or copies a segment.
func (x *explorer) handle(n *position, m Move) {
	op := tcp.OpDeliver
	switch m.Act {
	case Drop:
		op = tcp.OpDrop
	case Copy:
		op = tcp.OpDuplicate
	}
	x.flight = n.world.Flight(x.flight[:0])
	at := uint8(0)
	for _, seg := range x.flight {
		switch {
		case seg.From != m.Side:
		case at == m.At:
			x.input(n, tcp.Input{Op: op, ID: int(seg.ID)})
			return
		default:
			at++
		}
	}
}

// fire makes a timer fire at its deadline.
func (x *explorer) fire(n *position, m Move) {
	x.deadlines = n.world.Deadlines(x.deadlines[:0])
	for _, d := range x.deadlines {
		if d.Side == m.Side && d.Timer == m.Timer {
			x.input(n, tcp.Input{Op: tcp.OpTimer, Side: d.Side, Conn: d.Conn, Timer: d.Timer, Now: d.At})
			return
		}
	}
}

// giveUp cuts the cable, and lets timers fire in order until an end changes its state.
func (x *explorer) giveUp(n *position) {
	before := n.states()
	x.input(n, tcp.Input{Op: tcp.OpCut})
	for n.states() == before {
		d, ok := n.world.Next()
		if !ok {
			break
		}
		x.input(n, tcp.Input{Op: tcp.OpTimer, Side: d.Side, Conn: d.Conn, Timer: d.Timer, Now: d.At})
	}
	x.input(n, tcp.Input{Op: tcp.OpMend})
}
