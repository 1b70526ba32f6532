package virtual

import (
	"cmp"
	"strconv"

	"finwait/sim"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Options say which laboratory to open.
type Options struct {
	Lesson string // name of the lesson, for the log
	Title  string // title of the lesson, for the log
	Source string // text of the lesson, for the log; empty without a lesson
	Port   int    // the server's; 0 is sim.DefaultPort
	// Wire holds every segment between two hosts. Without it both ends are on the lo
	// of one.
	Wire bool
	// KernelTimers leaves the timers of the hosts on the wire as the kernel has them.
	KernelTimers bool
	// AutoDeliver delivers every segment on the wire at once, until a step says
	// otherwise.
	AutoDeliver bool
}

// Lab is the laboratory on the model. Start, Events, Err and Close may be called from
// any goroutine; everything else belongs to its loop.
type Lab struct {
	requests chan request
	events   chan sim.Event
	closing  chan struct{} // closed by the first Close
	closer   chan struct{} // holds one token, for who closes closing
	done     chan struct{} // closed when the loop has ended

	hosts
	table  program.Table
	auto   bool // deliver at once
	beyond bool // it was told that the model does not cover what has happened
	all    bool // ... until the step is over
	listen sim.State
	n      int // number of the newest step
	batch  []sim.Event
	out    []sim.Event // of the step that runs
	wait   wait
}

// request is a step to begin.
type request struct {
	n    int
	step sim.Step
}

// Open opens a laboratory, starts both programs and begins its log.
func Open(o Options) *Lab {
	l := &Lab{
		requests: make(chan request, 1),
		events:   make(chan sim.Event, 256),
		closing:  make(chan struct{}),
		closer:   make(chan struct{}, 1),
		done:     make(chan struct{}),
		auto:     o.AutoDeliver,
	}
	l.hosts.wire, l.hosts.tell = o.Wire, l.note
	l.closer <- struct{}{}
	l.describe(o)
	settings := tcp.Defaults(!o.Wire)
	for _, s := range l.info.Sysctls {
		set(&settings, s)
	}
	l.world = tcp.New(settings)
	l.tell(sim.Event{Kind: sim.KindLab, Lab: l.info})
	l.startBoth()
	l.flush()
	go l.loop()
	return l
}

// describe says what the laboratory is.
func (l *Lab) describe(o Options) {
	on := sim.LoopbackAddress
	if o.Wire {
		on = sim.WireAddress
	}
	l.info = &sim.Setting{
		Net: sim.Model, Capture: sim.Modelled, Client: on(sim.Client), Server: on(sim.Server) + ":" + strconv.Itoa(cmp.Or(o.Port, sim.DefaultPort)),
		Lesson: o.Lesson, Title: o.Title, Log: sim.LogVersion, Grammar: sim.GrammarVersion, Source: o.Source,
	}
	if o.Wire && !o.KernelTimers {
		l.info.Sysctls = sim.Patient()
	}
}

// loop performs steps one after another until the laboratory is closed.
func (l *Lab) loop() {
	defer close(l.done)
	defer close(l.events)
	for {
		for _, e := range l.out {
			select {
			case l.events <- e:
			case <-l.closing:
				return
			}
		}
		l.out = l.out[:0]
		select {
		case r := <-l.requests:
			l.perform(r)
		case <-l.closing:
			return
		}
	}
}

// Start begins a step. Its events follow on Events; the last is sim.KindSettled.
func (l *Lab) Start(n int, step sim.Step) error {
	select {
	case <-l.closing:
		return sim.ErrClosed
	default:
	}
	select {
	case <-l.closing:
		return sim.ErrClosed
	case l.requests <- request{n, step}:
		return nil
	}
}

// Events returns the channel of everything that happens. It is closed after Close.
func (l *Lab) Events() <-chan sim.Event { return l.events }

// Err returns nil: the model cannot fail.
func (l *Lab) Err() error { return nil }

// Abilities returns what the lab can do.
func (l *Lab) Abilities() sim.Abilities {
	return sim.Abilities{Steps: true, Hold: l.hosts.wire, Virtual: true}
}

// Close ends the laboratory.
func (l *Lab) Close() error {
	select {
	case <-l.closer:
		close(l.closing)
	default:
	}
	<-l.done
	return nil
}
