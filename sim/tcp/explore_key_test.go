package tcp

import (
	"encoding/binary"

	"finwait/sim"
	"finwait/sim/cable"
)

// AppendKey appends a key of everything that decides what the World will do, and returns the
// extended slice. Two worlds with the same Settings and the same key do the same on every
// further input, except for times and counters. No key exists for an observed World. The key
// leaves out:
//
//   - Times. The key contains which timers run and whether something has just happened, but not
//     since when. So it does not decide which of several timers fires first, or how many
//     retransmissions are left.
//   - IDs of segments, except for the order in which the segments were sent. How often each was
//     sent is left out too.
//   - The indexes of sockets, and what the newest call returned.
//   - The width of a window beyond one segment.
func (w *World) AppendKey(b []byte) []byte {
	k := keyWriter{World: w, b: b}
	k.bools(w.cableCut)
	for side := range w.incarnations {
		for conn, n := range w.incarnations[side] {
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
	for i := range w.flight[:w.nFlight] {
		k.flightSegment(&w.flight[i])
	}
	for i := range w.delivered[:w.nDelivered] {
		s := &w.delivered[i]
		k.bytes(0xfe, uint8(s.From), uint8(s.Conn), uint8(cable.Phase(s.Flags)))
		k.seqs(s.Seq, s.end())
		k.bools(s.replied, k.now-s.at < cable.MaxAckDelay)
	}
	return k.b
}

// keyWriter writes a key.
type keyWriter struct {
	*World
	b []byte
}

func (k *keyWriter) bytes(values ...uint8) { k.b = append(k.b, values...) }

func (k *keyWriter) numbers(values ...uint32) {
	for _, v := range values {
		k.b = binary.LittleEndian.AppendUint32(k.b, v)
	}
}

func (k *keyWriter) seqs(values ...sim.Seq) {
	for _, v := range values {
		k.numbers(uint32(v))
	}
}

// bools writes up to eight values as one byte.
func (k *keyWriter) bools(values ...bool) {
	var all uint8
	for i, v := range values {
		if v {
			all |= 1 << i
		}
	}
	k.b = append(k.b, all)
}

func (k *keyWriter) socket(s *socket) {
	k.bytes(0xff, uint8(s.kind), uint8(s.side), uint8(s.state), uint8(s.conn), s.refs, k.socketIndex(int(s.listener)), k.acceptPosition(s), s.backlog, uint8(s.err), min(s.snd.dupSYNs, 2))
	k.bools(s.bound, s.reuseAddr, s.lingering, s.finReceived, s.rcvShutdown, s.sndShutdown, s.linger, s.keepalive)
	k.bools(s.portLocked)
	k.seqs(s.listenISN)
	k.numbers(uint32(s.linger2))
	if s.linger || s.keepalive || s.userTimeout > 0 {
		k.numbers(uint32(s.lingerTime), uint32(s.keepIdle), uint32(s.keepIntvl), uint32(s.keepCnt), uint32(s.userTimeout), uint32(k.now-s.rcv.lastHeardAt))
	}
	if s.conn != 0 {
		k.sender(&s.snd)
		k.receiver(s)
		k.timers(&s.timers)
	}
}

// acceptPosition returns how many connections will be accepted before this one.
func (k *keyWriter) acceptPosition(s *socket) uint8 {
	n := uint8(0)
	for i := range k.sockets {
		if o := &k.sockets[i]; s.listener >= 0 && o.kind == full && o.listener == s.listener && o.acceptSeq < s.acceptSeq {
			n++
		}
	}
	return n
}

// socketIndex returns the number of sockets before index i, and 255 for no socket.
func (k *keyWriter) socketIndex(i int) uint8 {
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

// usableWindow returns the part of a window that can matter to the next segment.
func (k *keyWriter) usableWindow(window uint32) uint32 { return min(window, uint32(k.MSS)) }

func (k *keyWriter) sender(t *sender) {
	k.seqs(t.ISS, t.UNA, t.NXT, t.writeSeq, t.smallEnd, t.lossHigh)
	k.numbers(k.usableWindow(t.WND))
	k.bools(t.finQueued, t.tlpOut, t.fastRetransmitted, t.retransmits > 0, t.probesOut > 0)
	for _, p := range t.rtxQueue[:t.rtxLen] {
		k.seqs(p.end)
		k.bools(p.syn, p.fin, p.psh, p.sacked)
	}
}

func (k *keyWriter) receiver(s *socket) {
	r := &s.rcv
	k.seqs(r.IRS, r.NXT, r.finEnd, r.lastACKSent)
	k.numbers(s.unread(), k.usableWindow(k.rcvWindow(s)))
	k.bools(s.snd.cwndOne, r.finOutOfOrder, r.pingpong, r.gotData, r.quickACKs > 0, k.now-r.lastDataAt < atoMin, r.lastOOWACKAt != 0 && k.now-r.lastOOWACKAt < oowACKInterval)
	for _, h := range r.outOfOrder[:r.nOutOfOrder] {
		k.seqs(h.From, h.To)
	}
}

func (k *keyWriter) timers(t *timers) {
	k.bools(t.retransmit != 0, t.fastRetransmit, t.tlp, t.persist, t.ack != 0, t.ack > k.now, t.keepalive != 0, t.timewait != 0)
}

func (k *keyWriter) process(p *process) {
	k.bytes(0xfd, uint8(p.side), uint8(p.sigpipe), uint8(p.call), uint8(p.fatalSignal))
	for fd, s := range p.fds {
		if s != 0 {
			k.bytes(uint8(fd), k.socketIndex(int(s)-1))
		}
	}
	if p.call != OpNone {
		k.bools(p.blockedReported, p.awaitsRecheck)
		k.bytes(uint8(p.fd), k.socketIndex(int(p.lingerSocket)))
		k.numbers(p.n, p.wrote, uint32(p.flags))
	}
}

// flightSegment writes a segment on the wire. Its age tells whether the segment was sent
// before the newest one that the receiver has taken in, at the same time, or after it.
func (k *keyWriter) flightSegment(s *Segment) {
	rank, age := uint8(0), uint8(0)
	for i := range k.flight[:k.World.nFlight] {
		if k.flight[i].SendOrder < s.SendOrder {
			rank++
		}
	}
	if to := k.lookup(s.From.peer(), s.Conn); to != nil {
		age = 1
		if s.SendOrder < to.rcv.tsRecent {
			age = 0
		} else if s.SendOrder > to.rcv.tsRecent {
			age = 2
		}
	}
	k.bytes(0xfc, uint8(s.From), uint8(s.Conn), uint8(s.Flags), rank, age)
	for _, h := range s.SACK {
		k.seqs(h.From, h.To)
	}
	k.seqs(s.Seq, s.Ack)
	k.numbers(s.Len, k.usableWindow(s.Window))
}
