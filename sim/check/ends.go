package check

import (
	"slices"

	"finwait/sim"
	"finwait/sim/tcp"
)

// endID names one end of a connection. Connection 0 of the server is its listener.
type endID struct {
	at   sim.End
	conn int
}

// endRecord is what the log has of an end from the kernel, and the last verdict on it.
type endRecord struct {
	kernel string // state of the end in the log
	model  string // state in the model at the newest verdict
	timer  string // the timer that the kernel has running
	judged bool   // there is a verdict on the state in kernel
}

// endTable has the record of every end that the log names.
type endTable map[endID]*endRecord

// of returns the record of an end, which begins in CLOSED.
func (t endTable) of(id endID) *endRecord {
	r := t[id]
	if r == nil {
		closed := stateText(sim.Closed, false)
		r = &endRecord{kernel: closed, model: closed, judged: true}
		t[id] = r
	}
	return r
}

// compare returns the verdicts on the states that have changed, of the listener and of as many
// connections.
func (t endTable) compare(world *tcp.World, connections int) (verdicts []verdict) {
	t.of(endID{sim.Server, 0})
	for n := range connections {
		t.of(endID{sim.Client, n + 1})
		t.of(endID{sim.Server, n + 1})
	}
	var all []endID
	for id := range t {
		all = append(all, id)
	}
	slices.SortFunc(all, func(a, b endID) int {
		return 2*(a.conn-b.conn) + int(tcp.SideOf(a.at)) - int(tcp.SideOf(b.at))
	})
	for _, id := range all {
		r := t[id]
		view := world.View(tcp.SideOf(id.at), id.conn)
		model := stateText(view.State, view.Orphan)
		if r.judged && model == r.model && model == r.kernel {
			continue
		}
		r.model, r.judged = model, true
		verdicts = append(verdicts, verdict{id.at, sim.Verdict{Conn: id.conn, What: sim.WhatState, Model: model, Kernel: r.kernel, Agree: model == r.kernel}})
	}
	return verdicts
}

// stateText returns a state as verdicts show it.
func stateText(state sim.State, orphan bool) string {
	if orphan {
		return state.String() + ", orphan"
	}
	return state.String()
}
