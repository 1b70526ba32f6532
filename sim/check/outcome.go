package check

import (
	"fmt"
	"strconv"

	"finwait/sim"
	"finwait/sim/tcp"
)

// outcome is one thing that came of a step, as the model predicts it or as the log has it from
// the kernel: a segment that was sent, a return, a signal, an exit, a refusal.
type outcome struct {
	what       sim.What
	at         sim.End
	conn       int
	key        string          // what is compared
	text       string          // what is shown; empty where that is the key
	segment    sim.SentSegment // the segment that was sent
	id         int             // number of the segment on the wire, as its side numbers segments
	pid        int             // process id in the log
	ret        int             // what a call returned
	paired     bool            // the other side has it, too
	onExit     bool            // predicted while the model closes the descriptors of a dead process
	timingFree bool            // predicted because the kernel had done it: when it does it is its own choice
}

// same reports whether two outcomes are equal: in what, where, and in what is compared.
func (o outcome) same(p outcome) bool {
	return o.what == p.what && o.at == p.at && o.conn == p.conn && o.key == p.key
}

// String returns an outcome as verdicts show it.
func (o outcome) String() string {
	if o.text != "" {
		return o.text
	}
	return o.key
}

// outcomeOf returns the outcome that an event has; ok is false if it has none. The model and
// the kernel number segments differently: id returns the model's number of a segment.
func outcomeOf(e sim.Event, id func(int) int) (o outcome, ok bool) {
	o = outcome{at: e.At, pid: e.PID(), conn: e.Conn()}
	switch b := e.Body.(type) {
	case sim.SegmentMoved:
		return segmentOutcome(o, b, id)
	case sim.CallReturned:
		o.what, o.key, o.ret = sim.WhatReturn, returnText(b), b.Result.Ret
	case sim.SignalTaken:
		o.what, o.key = sim.WhatSignal, b.Signal+" "+string(b.Action)
		return o, b.Signal == tcp.SIGPIPE.String()
	case sim.ProcessExited:
		o.what, o.key = sim.WhatExit, fmt.Sprint(b.Status)
	case sim.StepRefused:
		o.what, o.key = sim.WhatRefused, b.Why
	}
	return o, o.what != ""
}

// segmentOutcome is outcomeOf for a segment. One that repeats another names that one, too.
func segmentOutcome(o outcome, b sim.SegmentMoved, id func(int) int) (outcome, bool) {
	g := b.Segment
	o.what, o.id, o.segment, o.text = sim.WhatSegment, g.ID, sim.SentSegment{Conn: b.Conn, From: o.at, Segment: g}, g.String()
	o.key = fmt.Sprintf("%s seq %s ack %s len %d", g.Flags, seqText(g.Seq), seqText(g.Ack), g.Len)
	if g.Fate == sim.Retransmitted {
		o.text += " again"
		o.key += fmt.Sprintf(", segment %d again", id(g.ID))
	}
	return o, g.Fate == sim.Retransmitted || g.Sent()
}

// seqText returns a sequence number as it is compared. A number from before the beginning is
// of an earlier connection of the same ports: how far back it is, is the kernel's choice
// (RFC 6528).
func seqText(n sim.Seq) string {
	const far = 1 << 24
	if n >= far {
		return "of old"
	}
	return strconv.FormatUint(uint64(n), 10)
}

// returnText returns what a call returned, without the number of a process.
func returnText(b sim.CallReturned) string {
	if b.Call.Name == sim.CallFork && b.Result.Ret > 0 {
		return "fork = child"
	}
	r := b.Result
	if len(r.Data) > sim.ShownBytes {
		r.Data = r.Data[:sim.ShownBytes]
	}
	return string(b.Call.Name) + " = " + r.String()
}
