package model

import (
	"slices"

	"finwait/sim"
	"finwait/sim/tcp"
)

// Ahead returns a lab that goes on from where hosts are, with hosts of its own: what it does
// changes nothing in those. The hosts may be those of a check.Checker: their world then acts by
// itself in the lab. table has the processes of the log; auto says that the wire delivers every
// segment at once.
func Ahead(hosts *Hosts, table sim.Table, auto bool) *Lab {
	l := &Lab{table: table, wire: hosts.wire, auto: auto}
	l.hosts = hosts.clone(l.record)
	l.hosts.World = hosts.World.Unobserved()
	l.listen = l.hosts.World.View(tcp.Server, 0).State
	for _, p := range l.hosts.Living(func(p *Process) bool { return p.Busy }) {
		p.reported = true // the log has it
	}
	return l
}

// Clone returns a lab that goes on from where l is, without changing l.
func (l *Lab) Clone() *Lab {
	c := *l
	c.batch, c.out = slices.Clone(l.batch), slices.Clone(l.out)
	c.hosts = l.hosts.clone(c.record)
	return &c
}

// clone returns a copy of the hosts that shares nothing with them that is written to.
func (h *Hosts) clone(record func(sim.Event)) *Hosts {
	c := *h
	c.record, c.effects, c.numbers = record, nil, h.numbers.Clone()
	c.conns = make([]*connection, len(h.conns))
	at := map[*connection]*connection{nil: nil}
	for i, conn := range h.conns {
		copied := *conn
		for side, data := range conn.stream {
			copied.stream[side] = slices.Clone(data)
		}
		c.conns[i], at[conn] = &copied, &copied
	}
	for side, all := range h.processes {
		c.processes[side] = make([]*Process, len(all))
		for i, p := range all {
			copied := *p
			copied.writesTo = at[p.writesTo]
			c.processes[side][i] = &copied
		}
	}
	return &c
}
