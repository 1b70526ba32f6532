package tcp

import "encoding/binary"

// AppendKey appends what decides what a world will do, and returns the extended slice.
// Worlds with the same Settings, none of them Lazy, and the same key do the same from now
// on, to every input, but for when, and for what only counts. Left out are:
//
//   - Times: what runs and what has just happened counts, not since when. So with what
//     falls due it is open which comes first, and with retransmissions how many are left.
//   - IDs of segments, but for which was sent first; how often each was sent.
//   - Which slot of the world holds what; what the newest call returned.
//   - How wide a window is, beyond a segment.
func (w *World) AppendKey(b []byte) []byte {
	k := keeper{World: w, b: b}
	k.bools(w.cut)
	for side := range w.openings {
		for conn, n := range w.openings[side] {
			if n > 0 {
				k.bytes(0xfb, uint8(side), uint8(conn), n)
			}
		}
	}
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind != free {
			k.socket(s)
		}
	}
	for i := range w.procs {
		if p := &w.procs[i]; p.alive {
			k.process(p)
		}
	}
	for i := range w.flight[:w.flying] {
		k.held(&w.flight[i])
	}
	for i := range w.landed[:w.landing] {
		s := &w.landed[i]
		k.bytes(0xfe, uint8(s.From), uint8(s.Conn), uint8(opening(s.Flags)))
		k.numbers(s.Seq, s.next())
		k.bools(s.replied, k.now-s.at < ackMax+tick)
	}
	return k.b
}

// keeper writes a key.
type keeper struct {
	*World
	b []byte
}

func (k *keeper) bytes(values ...uint8) { k.b = append(k.b, values...) }

func (k *keeper) numbers(values ...uint32) {
	for _, v := range values {
		k.b = binary.LittleEndian.AppendUint32(k.b, v)
	}
}

// bools writes up to eight of them.
func (k *keeper) bools(values ...bool) {
	var all uint8
	for i, v := range values {
		if v {
			all |= 1 << i
		}
	}
	k.b = append(k.b, all)
}

func (k *keeper) socket(s *socket) {
	k.bytes(0xff, uint8(s.kind), uint8(s.side), uint8(s.state), uint8(s.conn), s.refs, k.place(int(s.listener)), k.turn(s), s.backlog, uint8(s.err), min(s.tx.again, 2))
	k.bools(s.bound, s.reuse, s.closing, s.done, s.rcvShut, s.sndShut, s.linger, s.keepalive)
	k.bools(s.keeps)
	k.numbers(s.isn, uint32(s.linger2))
	if s.linger || s.keepalive || s.patience > 0 {
		k.numbers(uint32(s.lingerFor), uint32(s.idle), uint32(s.every), uint32(s.probes), uint32(s.patience), uint32(k.now-s.rx.alive))
	}
	if s.conn != 0 {
		k.sender(&s.tx)
		k.receiver(s)
		k.timers(&s.tm)
	}
}

// turn returns how many connections will be accepted before this one.
func (k *keeper) turn(s *socket) uint8 {
	n := uint8(0)
	for i := range k.sockets {
		if o := &k.sockets[i]; s.listener >= 0 && o.kind == full && o.listener == s.listener && o.queue < s.queue {
			n++
		}
	}
	return n
}

// place returns how many sockets there are before one, 255 for none.
func (k *keeper) place(i int) uint8 {
	if i < 0 {
		return 255
	}
	n := uint8(0)
	for j := range k.sockets[:i] {
		if k.sockets[j].kind != free {
			n++
		}
	}
	return n
}

// open returns as much of a window as can matter to the next segment.
func (k *keeper) open(window uint32) uint32 { return min(window, uint32(k.MSS)) }

func (k *keeper) sender(t *sender) {
	k.numbers(t.iss, t.una, t.nxt, t.write, k.open(t.wnd), t.small, t.lost)
	k.bools(t.fin, t.probing, t.mended, t.retransmits > 0, t.unanswered > 0)
	for _, p := range t.sent[:t.parts] {
		k.numbers(p.to)
		k.bools(p.syn, p.fin, p.push, p.sacked)
	}
}

func (k *keeper) receiver(s *socket) {
	r := &s.rx
	k.numbers(r.irs, r.nxt, r.finAt, s.unread(), r.acked, k.open(k.window(s)))
	k.bools(s.tx.tight, r.fin, r.talks, r.heard, r.quick > 0, k.now-r.last < ato, r.oow != 0 && k.now-r.oow < challengeEvery)
	for _, h := range r.holes[:r.spans] {
		k.numbers(h.from, h.to)
	}
}

func (k *keeper) timers(t *timers) {
	k.bools(t.resend != 0, t.fast, t.tail, t.persist, t.ack != 0, t.ack > k.now, t.keep != 0, t.wait != 0)
}

func (k *keeper) process(p *process) {
	k.bytes(0xfd, uint8(p.side), uint8(p.sigpipe), uint8(p.in), uint8(p.doomed))
	for fd, s := range p.fds {
		if s != 0 {
			k.bytes(uint8(fd), k.place(int(s)-1))
		}
	}
	if p.in != OpNone {
		k.bools(p.told, p.silent, p.sleeps)
		k.bytes(uint8(p.fd), k.place(int(p.sock)))
		k.numbers(p.n, p.wrote)
	}
}

// held writes a segment on the wire. Where it goes it is older than what came last, the
// same, or newer.
func (k *keeper) held(s *Segment) {
	rank, age := uint8(0), uint8(0)
	for i := range k.flight[:k.World.flying] {
		if k.flight[i].Nth < s.Nth {
			rank++
		}
	}
	if to := k.socketOf(s.From.peer(), s.Conn); to != nil {
		age = 1
		if s.Nth < to.rx.newest {
			age = 0
		} else if s.Nth > to.rx.newest {
			age = 2
		}
	}
	k.bytes(0xfc, uint8(s.From), uint8(s.Conn), uint8(s.Flags), rank, age)
	for _, h := range s.Sacks {
		k.numbers(h.from, h.to)
	}
	k.numbers(s.Seq, s.Ack, s.Len, k.open(s.Window))
}
