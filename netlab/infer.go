package netlab

import "finwait/sim"

// Where no segment can be captured, segments are inferred from what is known: the effects that
// calls had on a connection, in order, and what the kernel then says of both ends.
//
//	effects (connect, write, shutdown, close, …) ──▶ what each end must have sent
//	readings (state, Send-Q, timer) ─────────────▶ what its peer must have answered
//
// Loopback loses nothing and delivers at once, so what must have been sent follows from the
// effect (RFC 9293 section 3.10; for resets tcp_rcv_state_process and tcp_close). An
// acknowledgement is inferred when the Send-Q says that it came; not, when another segment of
// the same end carried it, although the kernel may have sent both. A write is inferred as one
// segment. Calls of both ends that overlap in time are taken in the order in which they began.

// reading is what the kernel says of one end after the effects.
type reading struct {
	state       sim.State
	sendQ       int
	timer       string
	retransmits int
}

// conclusion is a segment that must have been sent, at a place in the batch.
type conclusion struct {
	place   int
	rank    int
	from    sim.End
	segment sim.Segment
	// doubtful acknowledgements may have travelled with another segment.
	doubtful bool
}

// inference concludes the segments of one connection. It is pure.
type inference struct {
	client, server party
	syns           int // SYNs concluded so far
	rank           int // of the effect in hand
	out            []conclusion
}

// party is one end as the inference sees it.
type party struct {
	at      sim.End
	passage sim.Tracker
	now     reading
	next    sim.Seq // the next sequence number it sends
	acked   sim.Seq // up to here its peer has acknowledged
	ackAt   int     // index of the doubtful acknowledgement of its newest data
	unread  int     // bytes that arrived and were not read

	queued int  // bytes that its kernel has not sent: the peer's window is closed
	quota  int  // how many bytes of queued and new data have been sent by now
	fin    bool // a FIN waits behind the queued bytes

	// Closed; shut down for reading; SO_LINGER {1, 0}; TCP_LINGER2 below 0.
	orphan, deaf, abort, brief bool
}

func newInference() *inference {
	return &inference{
		client: party{at: sim.Client},
		server: party{at: sim.Server, passage: sim.Tracker{State: sim.Listen}},
	}
}

// conclude takes what was done since the last time, in order, and what the kernel
// says now. It returns the segments in the order they were sent; end is the place
// after everything.
func (f *inference) conclude(effects []effect, client, server reading, end int) []conclusion {
	f.out = nil
	f.client.prepare(client, effects)
	f.server.prepare(server, effects)
	for _, d := range effects {
		f.rank = d.rank
		a, b := f.parties(d.at)
		f.take(d, a, b)
	}
	f.synSent(end)
	f.finSent(end, &f.client, &f.server)
	f.finSent(end, &f.server, &f.client)
	f.answered(end, &f.client, &f.server)
	f.answered(end, &f.server, &f.client)
	f.client.passage.State, f.server.passage.State = client.state, server.state

	var sure []conclusion
	for _, c := range f.out {
		if !c.doubtful {
			sure = append(sure, c)
		}
	}
	return sure
}

// parties returns the end that acts and its peer.
func (f *inference) parties(at sim.End) (a, b *party) {
	if at == sim.Client {
		return &f.client, &f.server
	}
	return &f.server, &f.client
}

// prepare notes a new reading. What left the Send-Q has been sent. What is in it
// may wait for the peer's window, certainly with the persist timer, which only
// runs when nothing is in flight (tcp_probe_timer).
func (p *party) prepare(now reading, effects []effect) {
	p.now, p.ackAt = now, none
	p.quota = p.queued
	for _, d := range effects {
		if d.at == p.at && d.what == didWrite {
			p.quota += d.n
		}
	}
	if left := now.sendQ - finBytes(now.state); p.queued > 0 || left >= wholeSegment || now.timer == sim.TimerPersist {
		p.quota = max(0, p.quota-left)
	}
}

// finBytes is what a FIN counts in the Send-Q of an end.
func finBytes(s sim.State) int {
	switch s {
	case sim.FinWait1, sim.Closing, sim.LastAck:
		return 1
	}
	return 0
}

// take concludes what a made its kernel send by a effect, and what b answered at
// once.
func (f *inference) take(d effect, a, b *party) {
	switch d.what {
	case didConnect:
		f.syn(d.place)
		if d.n > 0 {
			f.repeatSYN(d.place)
		}
		f.send(d.place, b, a, sim.SYN|sim.ACK, 0)
		f.send(d.place, a, b, sim.ACK, 0)
	case wasRefused:
		f.syn(d.place)
		f.send(d.place, b, a, sim.RST|sim.ACK, 0)
	case didWrite:
		f.wrote(d, a, b)
	case didRead:
		a.unread = max(0, a.unread-d.n)
	case didShutRead:
		a.deaf = true
	case didShutWrite:
		f.finish(d.place, a, b)
	case didLinger:
		a.abort = d.n == 1
	case didLinger2:
		a.brief = d.n == 1
	case didClose:
		f.closed(d, a, b)
	case wasDropped:
		if a.passage.State.Connected() {
			f.send(d.place, a, b, sim.RST|sim.ACK, 0)
		}
	}
}

// send concludes a segment. Everything that to has sent has arrived, so its
// acknowledgement covers all of it.
func (f *inference) send(place int, from, to *party, flags sim.Flags, n int) {
	s := sim.Segment{Flags: flags, Seq: from.next, Len: n, Fate: sim.Delivered}
	if flags&sim.ACK != 0 {
		s.Ack = to.next
		to.acked, to.ackAt = to.next, none
	}
	from.next = s.Next()
	from.passage.Sent(s)
	to.passage.Received(s)
	f.out = append(f.out, conclusion{place: place, rank: f.rank, from: from.at, segment: s})
}

// syn concludes the first SYN, unless it was before.
func (f *inference) syn(place int) {
	if f.syns == 0 {
		f.syns = 1
		f.send(place, &f.client, &f.server, sim.SYN, 0)
	}
}

// synSent concludes the SYN of a connect that has not returned, and its
// repetitions: the listener's queue is full.
func (f *inference) synSent(end int) {
	c := &f.client
	if c.now.state != sim.SynSent {
		return
	}
	f.syn(end)
	for f.syns <= c.now.retransmits {
		f.repeatSYN(end)
	}
}

func (f *inference) repeatSYN(place int) {
	f.syns++
	f.client.next = 0
	f.send(place, &f.client, &f.server, sim.SYN, 0)
}

// finSent concludes the FIN of an end that the kernel says has sent one, although no
// effect is known: close waits for SO_LINGER, or the program is dying.
func (f *inference) finSent(end int, a, b *party) {
	switch a.now.state {
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		f.finish(end, a, b)
	}
}

// wholeSegment is more than any write that must wait for the acknowledgement of
// the one before has: from here on it may fill a segment.
const wholeSegment = 32 << 10

// wrote concludes a segment of data. A small one leaves only when the one before
// is acknowledged (Nagle, RFC 9293 section 3.7.4).
func (f *inference) wrote(d effect, a, b *party) {
	if s := a.passage.State; s != sim.Established && s != sim.CloseWait {
		return
	}
	n := min(a.queued+d.n, a.quota)
	a.queued += d.n - n
	a.quota -= n
	if n == 0 {
		return
	}
	if a.ackAt != none && n < wholeSegment {
		f.confirm(a)
	}
	f.data(d.place, a, b, sim.PSH|sim.ACK, n)
}

// data concludes a segment of data and its answer: a reset from an end that
// nobody can read any more, else an acknowledgement, sooner or later.
func (f *inference) data(place int, a, b *party, flags sim.Flags, n int) {
	refused := b.refuses()
	f.send(place, a, b, flags, n)
	if refused {
		f.reset(place, a, b)
		return
	}
	b.unread += n
	a.ackAt = len(f.out)
	f.out = append(f.out, conclusion{
		place: place, rank: f.rank, from: b.at, doubtful: true,
		segment: sim.Segment{Flags: sim.ACK, Seq: b.next, Ack: a.next, Fate: sim.Delivered},
	})
}

// confirm takes the doubt from the acknowledgement of a's newest data.
func (f *inference) confirm(a *party) {
	f.out[a.ackAt].doubtful = false
	a.acked, a.ackAt = f.out[a.ackAt].segment.Ack, none
}

// refuses reports whether data for the end are answered with a reset
// (tcp_rcv_state_process, tcp_timewait_state_process).
func (p *party) refuses() bool {
	switch p.passage.State {
	case sim.FinWait1, sim.FinWait2:
		return p.orphan || p.deaf
	case sim.Closed, sim.Close, sim.TimeWait:
		return true
	}
	return false
}

// reset concludes b's reset that answers a segment of a, if both are gone indeed.
func (f *inference) reset(place int, a, b *party) {
	if a.now.state == sim.Closed && b.now.state == sim.Closed {
		f.send(place, b, a, sim.RST, 0)
	}
}

// finish concludes a's FIN, if its state lets it send one, and the answer. Only an
// end that has sent its own FIN, or that is gone, answers at once.
func (f *inference) finish(place int, a, b *party) {
	if s := a.passage.State; s != sim.Established && s != sim.CloseWait {
		return
	}
	if a.queued > 0 {
		a.fin = true
		return
	}
	before := b.passage.State
	f.send(place, a, b, sim.FIN|sim.ACK, 0)
	switch before {
	case sim.Closed, sim.Close:
		f.reset(place, a, b)
	case sim.FinWait1, sim.FinWait2:
		if a.now.state == sim.Closed {
			f.send(place, b, a, sim.ACK, 0)
		}
	}
}

// closed concludes what the last close of a's end sends: a reset when data are
// unread or the program asked for one, else a FIN, if it was not sent before
// (tcp_close; RFC 2525 section 2.17). Where there is to be no FIN_WAIT2 a reset takes its
// place, here or when the acknowledgement of the FIN comes (answered).
func (f *inference) closed(d effect, a, b *party) {
	a.orphan = true
	switch a.passage.State {
	case sim.Established, sim.CloseWait, sim.FinWait1, sim.FinWait2:
	default:
		return
	}
	half := a.passage.State == sim.FinWait2
	if (a.unread > 0 || a.abort || a.brief && half) && a.now.state == sim.Closed {
		f.send(d.place, a, b, sim.RST|sim.ACK, 0)
		return
	}
	f.finish(d.place, a, b)
}

// answered concludes what must have been sent since the last effect: a's queued
// data, and b's answer to what a has sent.
func (f *inference) answered(end int, a, b *party) {
	if n := min(a.queued, a.quota); n > 0 && a.now.state.Connected() {
		f.dequeue(end, a, b, n)
	}
	if a.ackAt != none {
		last := f.out[a.ackAt].segment.Ack == a.next
		if last && a.clear() || !last && finBytes(a.now.state) == 1 && a.now.sendQ == 1 {
			f.confirm(a)
		}
	}
	switch {
	case a.acked == a.next:
	case a.brief && a.orphan && a.now.state == sim.Closed && b.now.state == sim.Closed:
		f.send(end, b, a, sim.ACK, 0)
		f.reset(end, b, a)
	case a.clear(), a.passage.State == sim.LastAck && a.now.state == sim.Closed && b.now.state == sim.TimeWait:
		f.send(end, b, a, sim.ACK, 0)
	case a.passage.State.Connected() && a.passage.State != sim.SynSent && b.refuses() && a.now.retransmits == 0:
		f.reset(end, a, b)
	}
}

// dequeue concludes n of the bytes that had waited for the peer's window, and the
// FIN behind the last.
func (f *inference) dequeue(end int, a, b *party, n int) {
	a.queued -= n
	flags := sim.PSH | sim.ACK
	if a.fin && a.queued == 0 {
		flags |= sim.FIN
		a.fin = false
	}
	f.data(end, a, b, flags, n)
}

// clear reports whether the kernel says that all the end has sent was
// acknowledged.
func (p *party) clear() bool {
	switch p.now.state {
	case sim.Established, sim.CloseWait, sim.FinWait2, sim.TimeWait:
		return p.now.sendQ == 0
	}
	return false
}
