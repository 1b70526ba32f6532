package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/tcp"
)

// outcome is one thing that came of a step, as the model said it or as it was heard from
// the kernel. Two are the same if all but text and id are.
type outcome struct {
	what   sim.What
	at     sim.End
	conn   int
	key    string
	text   string // as it is shown, "" for key
	id     int    // of a segment on the wire
	pid    int    // of whom, as that side numbers processes
	ret    int    // what a call returned
	paired bool   // the other side has it, too
	last   bool   // the model has said it of a process that dies, while it closes what that had
	chosen bool   // the model has said it because the kernel had done it: when, is the kernel's choice
	seg    sim.SentSegment
}

// same reports whether two outcomes are.
func (o outcome) same(p outcome) bool {
	return o.what == p.what && o.at == p.at && o.conn == p.conn && o.key == p.key
}

func (o outcome) String() string {
	if o.text != "" {
		return o.text
	}
	return o.key
}

// outcomeOf returns what an event says that came of a step; ok is false if it says
// nothing of the kind. The model and the kernel number segments and processes differently:
// id returns the model's number of a segment.
func outcomeOf(e sim.Event, id func(int) int) (o outcome, ok bool) {
	o = outcome{at: e.At, pid: e.PID(), conn: e.Conn(), id: e.Segment().ID}
	switch b := e.Body.(type) {
	case sim.SegmentMoved:
		o.what = sim.WhatSegment
		g := b.Segment
		o.seg = sim.SentSegment{Conn: b.Conn, From: e.At, Segment: g}
		o.text = g.String()
		o.key = fmt.Sprintf("%s seq %s ack %s len %d", g.Flags, number(g.Seq), number(g.Ack), g.Len)
		if g.Fate == sim.Retransmitted {
			o.text += " again"
			o.key = fmt.Sprintf("segment %d again", id(g.ID))
		}
		return o, g.Fate == sim.Retransmitted || g.Sent()
	case sim.CallReturned:
		o.what, o.key, o.ret = sim.WhatReturn, returnText(e), b.Result.Ret
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

// number returns a sequence number as it is compared. One from before the beginning is of
// an end that was there before: how far that is, is the kernel's choice (RFC 6528).
func number(n sim.Seq) string {
	const far = 1 << 24
	if n >= far {
		return "of old"
	}
	return strconv.FormatUint(uint64(n), 10)
}

// returnText returns what a call returned, without the number of a process.
func returnText(e sim.Event) string {
	b := sim.Of[sim.CallReturned](e)
	if b.Call.Name == sim.CallFork && b.Result.Ret > 0 {
		return "fork = child"
	}
	r := b.Result
	if len(r.Data) > sim.ShownBytes {
		r.Data = r.Data[:sim.ShownBytes]
	}
	return string(b.Call.Name) + " = " + r.String()
}

// says takes in what the model says.
func (s *Checker) says(e sim.Event) {
	if e.Kind() == sim.KindStart {
		all := s.hosts.Processes(tcp.SideOf(e.At))
		all[len(all)-1].PID = 0 // until the kernel has said
		return
	}
	o, ok := outcomeOf(e, func(id int) int { return id })
	if !ok {
		return
	}
	if p := s.hosts.ByPID(e.PID()); e.Kind() == sim.KindSignal && sim.Of[sim.SignalTaken](e).Action == sim.Killed && p != nil {
		p.Dying = tcp.SIGPIPE
	}
	o.last, o.chosen = s.closing, s.told
	o.paired = s.pair(s.heard, o, func(heard outcome) { s.ids[heard.id] = o.id })
	s.said = append(s.said, o)
}

// tells takes in what the kernel has done. What the model has not said yet may be the
// doing of a timer.
func (s *Checker) tells(e sim.Event) {
	if e.Kind() == sim.KindReturn || e.Kind() == sim.KindExit {
		delete(s.calling, e.PID())
	}
	if e.Kind() == sim.KindRefused && s.step.Verb == sim.VerbWait {
		return // it has waited in vain: the laboratory's patience is not the kernel's
	}
	o, ok := outcomeOf(e, func(id int) int { return s.ids[id] })
	if ok {
		s.hear(o)
	}
}

// hear compares an outcome with what the model has said.
func (s *Checker) hear(o outcome) {
	note := func(said outcome) { s.ids[o.id] = said.id }
	o.paired = s.pair(s.said, o, note)
	if !o.paired {
		may := s.mayHappen()
		switch o.what {
		case sim.WhatSegment:
			may = append([]tcp.Input{s.sending(o)}, may...)
		case sim.WhatReturn:
			may = append(may, s.looked(o.ret)...)
		}
		fits := func(_ *tcp.World, fx []tcp.Effect) bool { return s.brings(fx, o) }
		switch {
		case s.explain(may, fits), o.what == sim.WhatReturn && (s.explainReturn(fits) || s.explainEarlier(fits)),
			o.what == sim.WhatSegment && (s.explainEarlier(fits) || s.explainAfter(may, fits) || s.bury() && s.explain(may, fits)):
			o.paired = s.pair(s.said, o, note)
		}
	}
	s.heard = append(s.heard, o)
}

// sending returns the input that has the model send a segment because the kernel has:
// again, or late.
func (s *Checker) sending(o outcome) tcp.Input {
	g := o.seg.Segment
	in := tcp.Input{Op: tcp.OpEmit, Now: s.now, Side: tcp.SideOf(o.at), Conn: o.conn, Seq: s.hosts.Number(o.at, o.conn, g.Seq), N: g.Len, Flags: g.Flags}
	in.Ack = s.hosts.Number(o.at.Peer(), o.conn, g.Ack)
	if g.Fate == sim.Retransmitted {
		in.ID = s.ids[g.ID]
		in.Flags &^= sim.ACK // it shows what the segment acknowledges that it is a copy of
	}
	return in
}

// pair finds the same outcome on the other side, which has no partner yet.
func (s *Checker) pair(others []outcome, o outcome, note func(other outcome)) bool {
	for i := range others {
		if p := &others[i]; !p.paired && p.same(o) {
			p.paired = true
			if o.id != 0 {
				note(*p)
			}
			return true
		}
	}
	return false
}

// brings reports whether an outcome is among effects.
func (s *Checker) brings(effects []tcp.Effect, o outcome) bool {
	for _, fx := range effects {
		switch {
		case o.what == sim.WhatSegment && fx.Kind == tcp.SegmentMoved:
			e := sim.Event{At: fx.Segment.From.End(), Body: sim.SegmentMoved{Conn: int(fx.Segment.Conn), Segment: s.hosts.Segment(fx.Segment)}}
			if said, ok := outcomeOf(e, func(id int) int { return id }); ok && said.same(o) {
				return true
			}
		case o.what == sim.WhatReturn && fx.Kind == tcp.Returned && fx.Side.End() == o.at:
			p := s.hosts.Process(fx.Side, int(fx.Proc))
			if p != nil && p.PID == o.pid && o.key == returnText(sim.Event{Body: sim.CallReturned{Call: p.Call, Result: s.hosts.ResultOf(fx)}}) {
				return true
			}
		}
	}
	return false
}

// judge compares what the model and the kernel say of a step that has settled.
func (s *Checker) judge(settled sim.Event) []sim.Event {
	s.owed()
	var verdicts []sim.Event
	add := func(v sim.Event) {
		v.T, v.Step = settled.T, settled.Step
		if !sim.Of[sim.Verdict](v).Agree {
			s.loses(differed)
		}
		verdicts = append(verdicts, v)
	}
	for _, v := range s.states() {
		add(v)
	}
	for _, what := range []sim.What{sim.WhatSegment, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatRefused} {
		for _, at := range []sim.End{sim.Client, sim.Server, ""} {
			if v, ok := s.compare(what, at); ok {
				add(v)
			}
		}
	}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if v, ok := s.compareBlocked(at); ok {
			add(v)
		}
	}
	s.said, s.heard, s.newest.ok = s.said[:0], s.heard[:0], false
	s.does(tcp.Input{Op: tcp.OpForget})
	return ordered(verdicts)
}

// owed has the model do what the kernel must have done by now: send an acknowledgement
// whose time is over, and where nobody has seen them every one, for else nothing would
// have settled; have every other timer fire that is overdue, but for those of segments that
// nobody sees; wake a program whose call can return, but for a write, which the kernel
// wakes when there is room that is worth it (sk_stream_write_space).
func (s *Checker) owed() {
	for _, d := range s.hosts.World.Deadlines(nil) {
		if d.Timer == tcp.TimerACK && (s.inferred || d.Latest < s.now) {
			s.does(s.fires(d))
		}
	}
	for _, d := range s.hosts.World.Overdue(s.now, nil) {
		if d.Timer != tcp.TimerRetransmit || !s.inferred {
			s.does(s.fires(d))
		}
	}
	s.bury()
	for _, p := range s.sleepers() {
		if !p.Call.Name.Writes() {
			s.does(tcp.Input{Op: tcp.OpRecheck, Proc: p.Number})
		}
	}
}

// states returns the verdicts on the states that have changed.
func (s *Checker) states() []sim.Event {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		for n := range s.hosts.Connections() {
			s.watch(place{at, n + 1})
		}
	}
	s.watch(place{sim.Server, 0})
	var all []place
	for p := range s.seen {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b place) int {
		return 2*(a.conn-b.conn) + int(tcp.SideOf(a.at)) - int(tcp.SideOf(b.at))
	})
	var verdicts []sim.Event
	for _, p := range all {
		w := s.seen[p]
		view := s.hosts.World.View(tcp.SideOf(p.at), p.conn)
		model := stateText(view.State, view.Orphan)
		if w.told && model == w.model && model == w.kernel {
			continue
		}
		w.model, w.told = model, true
		verdicts = append(verdicts, sim.Event{At: p.at, Body: sim.Verdict{Conn: p.conn, What: sim.WhatState, Model: model, Kernel: w.kernel, Agree: model == w.kernel}})
	}
	return verdicts
}

// compare returns the verdict on all outcomes of a kind at one end; there is none when
// there were none.
func (s *Checker) compare(what sim.What, at sim.End) (verdict sim.Event, ok bool) {
	if what == sim.WhatSegment && s.inferred {
		return sim.Event{}, false
	}
	v := sim.Verdict{What: what, Agree: true}
	list := func(from []outcome) string {
		var texts []string
		for _, o := range from {
			if o.what == what && o.at == at {
				texts = append(texts, o.String())
				v.Agree, v.Conn, ok = v.Agree && o.paired, max(v.Conn, o.conn), true
			}
		}
		return strings.Join(texts, sim.Between)
	}
	v.Model, v.Kernel = list(s.said), list(s.heard)
	if what == sim.WhatSegment && !v.Agree && !s.wire {
		v.Agree = canonical(s.said, at) == canonical(s.heard, at)
	}
	if what == sim.WhatSegment && v.Agree && s.wire {
		said, heard := s.endings(s.said, at), s.endings(s.heard, at)
		if said.same(heard) {
			said = s.order(s.said, at, func(o outcome) int { return o.id })
			heard = s.order(s.heard, at, func(o outcome) int { return s.ids[o.id] })
		}
		if !said.same(heard) {
			v.Model, v.Kernel, v.Agree = said.String(), heard.String(), false
		}
	}
	return sim.Event{At: at, Body: v}, ok
}

// canonical returns the segments of an end without what the kernel is free to choose
// where nobody holds them: how it cuts what was written, and what it merges.
func canonical(from []outcome, at sim.End) string {
	var all []sim.SentSegment
	for _, o := range from {
		if o.what == sim.WhatSegment {
			all = append(all, o.seg)
		}
	}
	return sim.SegmentLines(slices.DeleteFunc(sim.Canonical(all), func(t sim.SentSegment) bool { return t.From != at }))
}

// compareBlocked returns the verdict on the calls that an end's programs sleep in.
func (s *Checker) compareBlocked(at sim.End) (verdict sim.Event, ok bool) {
	var model, kernel []string
	for _, p := range s.hosts.Processes(tcp.SideOf(at)) {
		if p.Busy && !p.Dead {
			model = append(model, string(p.Call.Name))
		}
		if name := s.calling[p.PID]; name != "" {
			kernel = append(kernel, string(name))
		}
	}
	v := sim.Verdict{What: sim.WhatBlocked, Model: strings.Join(model, sim.Between), Kernel: strings.Join(kernel, sim.Between)}
	v.Agree = v.Model == v.Kernel
	return sim.Event{At: at, Body: v}, v.Model != "" || v.Kernel != ""
}
