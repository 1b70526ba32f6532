package model

import (
	"cmp"
	"strconv"

	"finwait/sim"
	"finwait/sim/tcp"
)

// Options say which lab to open.
type Options struct {
	Lesson string // name of the lesson, for the log
	Title  string // title of the lesson, for the log
	Source string // text of the lesson, for the log; empty without a lesson
	Port   int    // port of the server; 0 is sim.DefaultPort

	Wire         bool // hold every segment between two hosts; without it both ends are on the lo of one
	KernelTimers bool // leave the timers of the hosts on the wire as the kernel has them
	AutoDeliver  bool // deliver every segment on the wire at once, until a step says otherwise
}

// Lab is the lab on the model. A step goes in, and its events come out.
type Lab struct {
	hosts       *Hosts
	table       sim.Table
	wire        bool        // every segment is held
	auto        bool        // deliver every segment at once
	all         bool        // deliver every segment at once until the step is over
	unsupported bool        // the log says that the model does not cover what has happened
	longWrite   bool        // a write of more than one segment was made: into which that is cut is not modelled
	listen      sim.State   // state of the listener in the log
	n           int         // number of the newest step
	wait        wait        // what the newest step waits for
	batch       []sim.Event // events whose order is not known yet
	out         []sim.Event // events of the step, in order
}

// Open opens a lab with a program on either host. It returns how the log begins.
func Open(o Options) (*Lab, []sim.Event) {
	l := &Lab{auto: o.AutoDeliver, wire: o.Wire}
	setting := settingOf(o)
	settings, _ := SettingsOf(setting.Sysctls, !o.Wire)
	l.hosts = NewHosts(setting, settings, l.record)
	l.record(sim.Event{Body: sim.LabOpened{Setting: setting}})
	for side := range l.hosts.processes {
		l.hosts.Do(tcp.Input{Op: tcp.OpStart, Side: tcp.Side(side)})
	}
	l.flush()
	return l, l.take()
}

// settingOf says what the lab is.
func settingOf(o Options) *sim.Setting {
	on := sim.LoopbackAddress
	if o.Wire {
		on = sim.WireAddress
	}
	s := &sim.Setting{
		Net: sim.Model, Capture: sim.Modelled, Client: on(sim.Client), Server: on(sim.Server) + ":" + strconv.Itoa(cmp.Or(o.Port, sim.DefaultPort)),
		Lesson: o.Lesson, Title: o.Title, Log: sim.LogVersion, Grammar: sim.GrammarVersion, Source: o.Source,
	}
	if o.Wire && !o.KernelTimers {
		s.Sysctls = sim.LongTimeouts()
	}
	return s
}

// Do makes step n, which is 0 for a set-up step, and lets the clock run until the step is
// over. It returns everything that happened, in that order; the last event is
// sim.KindSettled. A step that cannot be done is an event, too.
func (l *Lab) Do(n int, step sim.Step) []sim.Event {
	l.perform(n, step)
	return l.take()
}

// take returns the events of the step, which belong to the caller.
func (l *Lab) take() []sim.Event {
	out := l.out
	l.out = nil
	return out
}

// Abilities returns what the lab can do.
func (l *Lab) Abilities() sim.Abilities {
	return sim.Abilities{Steps: true, Hold: l.wire, Virtual: true}
}

// Unsupported reports that more has happened than the model covers: a kernel may do something else.
func (l *Lab) Unsupported() bool { return l.unsupported }
