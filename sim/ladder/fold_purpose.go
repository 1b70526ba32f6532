package ladder

import (
	"finwait/sim"
)

// purpose is why an end sends a segment without data, where the log proves it.
type purpose uint8

const (
	purposeNone    purpose = iota
	keepaliveProbe         // is the other end still there (RFC 9293 section 3.8.4)
	windowProbe            // is the window still closed (RFC 9293 section 3.8.6.1)
	challengeACK           // was the RST, or the SYN, meant for this connection (RFC 5961)
)

// sending is what tells the purpose of a segment of one end.
type sending struct {
	timer      string  // the newest that was read of the connection
	written    bool    // data were written since, which may have another timer run
	acked      sim.Seq // the sequence number up to which the other end has acknowledged
	heard      bool    // there was an acknowledgement
	next       sim.Seq // the sequence number after all that was sent
	ack        sim.Seq // the newest acknowledgement number that was sent
	sent       bool    // a segment was sent
	challenged bool    // the newest that happened to this end is the arrival of what it may have to challenge
}

// purpose returns why end i sends a segment, as far as the log proves it.
//
// Probes are the only segments of Linux that begin one below what was acknowledged
// (tcp_xmit_probe_skb). The timer tells which of the two it is: while data wait for a window
// the keepalive timer sends none (tcp_keepalive_timer). A challenge ACK acknowledges nothing
// new, and follows at once on a RST that is not obeyed or on a SYN (tcp_validate_incoming).
func (l *Ladder) purpose(s sim.Segment, by sim.Source, i int) purpose {
	p := &l.ends[i].sending
	switch {
	case s.Flags != sim.ACK || s.Len != 0 || by == sim.ByInference:
		return purposeNone
	case p.probes(s) && p.timer == sim.TimerKeepalive:
		return keepaliveProbe
	case p.probes(s) && p.timer == sim.TimerPersist:
		return windowProbe
	case p.challenged && p.sent && s.Ack == p.ack && s.Seq == p.next:
		return challengeACK
	}
	return purposeNone
}

// probes reports whether the segment begins one below what was acknowledged, and the timer that
// runs is known.
func (p *sending) probes(s sim.Segment) bool {
	return p.heard && s.Seq == p.acked-1 && !p.written
}

// sends takes in a segment that end sends.
func (p *sending) sends(s sim.Segment) {
	if !p.sent || p.next.Before(s.Next()) {
		p.next = s.Next()
	}
	if s.Flags&sim.ACK != 0 {
		p.ack = s.Ack
	}
	p.sent, p.challenged = true, false
}

// hears takes in a segment that arrives at an end in that state. The segment is obeyed if it
// is a RST that ends the connection.
func (p *sending) hears(s sim.Segment, state sim.State, obeyed, finSent bool) {
	if s.Flags&sim.ACK != 0 && p.sent && !p.next.Before(s.Ack) && (!p.heard || p.acked.Before(s.Ack)) {
		p.acked, p.heard = s.Ack, true
	}
	switch {
	case s.Flags&sim.RST != 0:
		p.challenged = !obeyed && state.Connected() && state != sim.TimeWait && state != sim.SynSent && state != sim.SynRecv
	case s.Flags&sim.SYN != 0: // of an end that has sent a FIN the log may not tell yet that it is in TIME_WAIT
		p.challenged = !finSent && (state == sim.Established || state == sim.CloseWait)
	default:
		p.challenged = false
	}
}

// calls takes in a call of the end's process, which may send a segment.
func (p *sending) calls(name sim.CallName) {
	p.challenged = false
	p.written = p.written || name.Writes()
}

// timed takes in the timer that runs.
func (p *sending) timed(timer string) { p.timer, p.written = timer, false }
