package netlab

import (
	"cmp"
	"slices"
	"time"

	"finwait/netlab/program/puppet"
	"finwait/sim"
	"finwait/sim/program"

	"golang.org/x/sys/unix"
)

// deedsOf returns what a call that has just returned did to connections. s is what
// its descriptor referred to before it.
func (l *Lab) deedsOf(e *endpoint, s program.Socket, c sim.Call, r puppet.Reply) []deed {
	switch {
	case c.Name == sim.CallClose && r.Ret == 0:
		return l.released(&l.table, e, s)
	case c.Name == sim.CallListen && r.Ret == 0:
		l.listen.inherited = nil
		return nil
	case s.Listening && c.Name == sim.CallSetsockopt && r.Ret == 0:
		l.listen.inherited = append(l.listen.inherited, options(c)...)
		return nil
	case s.Conn == 0:
		return nil
	case c.Name == sim.CallConnect && r.Errno == int(unix.ECONNREFUSED):
		return l.conns[s.Conn-1].did(e, wasRefused, 0)
	case r.Ret < 0:
		return nil
	}
	of := l.conns[s.Conn-1]
	switch c.Name {
	case sim.CallConnect:
		repeated, client := 0, &of.client
		if client.now.State == sim.SynSent && r.At >= client.expires.UnixNano() {
			repeated = 1 // its timer has fired since the last reading
		}
		return append(of.did(e, didConnect, repeated), of.all(sim.Server, l.listen.inherited)...)
	case sim.CallWrite, sim.CallSend:
		return of.did(e, didWrite, r.Ret)
	case sim.CallRead:
		return of.did(e, didRead, r.Ret)
	case sim.CallShutdown:
		var deeds []deed
		if c.How != sim.ShutWR {
			deeds = of.did(e, didShutRead, 0)
		}
		if c.How != sim.ShutRD {
			deeds = append(deeds, of.did(e, didShutWrite, 0)...)
		}
		return deeds
	case sim.CallSetsockopt:
		return of.all(e.at, options(c))
	}
	return nil
}

// options returns what a setsockopt does to a connection, or to every connection that a
// listener brings from then on (tcp_create_openreq_child).
func options(call sim.Call) []deed {
	yes := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	switch o := call.Option; o.Name {
	case sim.OptLinger:
		return []deed{{what: didLinger, n: yes(o.On && o.Value == 0)}}
	case sim.OptLinger2:
		return []deed{{what: didLinger2, n: yes(o.Value < 0)}}
	}
	return nil
}

// all returns deeds as those of an end of the connection.
func (c *conn) all(at sim.End, deeds []deed) []deed {
	mine := slices.Clone(deeds)
	for i := range mine {
		mine[i].conn, mine[i].at = c.n, at
	}
	return mine
}

func (c *conn) did(e *endpoint, what deedKind, n int) []deed {
	return []deed{{conn: c.n, at: e.at, what: what, n: n}}
}

// released returns what it means to a socket's connection, or to those that wait in a
// listener's queue, that a descriptor was closed: nothing while another one refers to the
// same socket. t is the table without that descriptor.
func (l *Lab) released(t *program.Table, e *endpoint, s program.Socket) []deed {
	if t.Open(s.Number) {
		return nil
	}
	if s.Conn != 0 {
		return l.conns[s.Conn-1].did(e, didClose, 0)
	}
	var deeds []deed
	for _, c := range l.conns {
		if s.Listening && !c.accepted && !c.dropped && c.server.cookie != 0 {
			c.dropped = true
			deeds = append(deeds, c.did(e, wasDropped, 0)...)
		}
	}
	return deeds
}

// abandoned closes everything that a process holds which has died, in the order of the
// kernel: what loses its last descriptor last comes first (close_files, task_work_run).
func (l *Lab) abandoned(e *endpoint, pid int) []deed {
	var deeds []deed
	after := l.table
	for _, d := range l.table.Process(pid).Descriptors {
		s := after.Socket(pid, d.FD)
		after.Close(pid, d.FD)
		deeds = append(l.released(&after, e, s), deeds...)
	}
	return deeds
}

// infer concludes the segments of the batch, which is in the order of the clock,
// and returns it with them in their places.
func (l *Lab) infer() []occurrence {
	deeds := l.deeds()
	end := len(l.batch) - 1
	type found struct {
		conclusion
		conn *conn
	}
	var segments []found
	for _, c := range l.conns {
		if c.over() && deeds[c.n] == nil {
			continue
		}
		for _, s := range c.inference.conclude(deeds[c.n], c.client.reading(), c.server.reading(), end) {
			segments = append(segments, found{s, c})
		}
	}
	slices.SortStableFunc(segments, func(a, b found) int { return cmp.Or(a.place-b.place, a.rank-b.rank) })

	now := time.Now().UnixNano()
	var all []occurrence
	for place := -1; place <= end; place++ {
		at := now // after everything: between the last event and the reading
		if place >= 0 {
			all = append(all, l.batch[place])
		}
		if place < end {
			at = l.batch[max(place, 0)].at
		}
		for ; len(segments) > 0 && segments[0].place == place; segments = segments[1:] {
			s := segments[0]
			all = append(all, occurrence{at: at, conn: s.conn, event: sim.Event{
				At: s.from, Body: sim.SegmentMoved{
					Conn: s.conn.n, Segment: s.segment, By: sim.ByInference,
				},
			}})
		}
	}
	return all
}

// deeds returns the deeds of the batch by the numbers of their connections, in the
// order in which they took effect.
func (l *Lab) deeds() map[int][]deed {
	deeds := map[int][]deed{}
	for i, o := range l.batch {
		for rank, d := range o.deeds {
			d.place, d.rank = l.cause(i), rank
			switch {
			case d.what == didRead: // when it returns
				d.place = i
			case d.place == none: // right before it
				d.place = i - 1
			}
			deeds[d.conn] = append(deeds[d.conn], d)
		}
	}
	for _, list := range deeds {
		slices.SortStableFunc(list, func(a, b deed) int { return a.place - b.place })
	}
	return deeds
}

// cause returns the place in the batch of what made occurrence i happen: of the
// call that returned, the signal that killed; none when that was in an earlier
// batch.
func (l *Lab) cause(i int) int {
	for k := i - 1; k >= 0; k-- {
		switch e := l.batch[k].event; {
		case e.PID() != l.batch[i].event.PID():
		case e.Kind() == sim.KindCall, e.Kind() == sim.KindSignal && sim.Of[sim.SignalTaken](e).Action == sim.Killed:
			return k
		}
	}
	return none
}

// reading is what the inference needs of the newest reading.
func (w *watched) reading() reading {
	return reading{state: w.now.State, sendQ: w.now.SendQ, timer: w.now.Timer, retransmits: w.now.Retransmits}
}

// testify tells the witness which segments of the batch would have been concluded.
func (l *Lab) testify() {
	for _, o := range l.infer() {
		if o.conn != nil && o.packet == nil {
			l.witness(o.event)
		}
	}
}
