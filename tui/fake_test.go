package tui

import (
	"errors"
	"sync"

	"finwait/sim"
	"finwait/sim/lesson"
)

// story is a lesson in the shape of the embedded ones.
const story = `---
title: The client goes away
minutes: 4
summary: The client is killed; the server writes once in vain, and the second time it dies.
---

# The client goes away

The server has accepted a client. The client is stopped with *ctrl-c*: its process ends, and its
kernel closes the socket for it.

` + "```finwait" + `
client kill SIGINT
expect client FIN_WAIT2
expect server CLOSE_WAIT
` + "```" + `

A FIN says one thing: *I will send no more.* It does not say that nobody is listening: a client that
called ` + "`shutdown`" + ` instead of ` + "`close`" + ` sends the same FIN. The server sleeps, and then it writes.

` + "```finwait" + `
wait 5s
server write "first message"
expect returns 13
expect segment RST from client
` + "```" + `

**The first write succeeded.** All the server's kernel knew was that the client will send no more. The
segment met a socket without a process, and the answer was a ` + "`RST`" + `.

` + "```finwait" + `
server poll
server write "second message"
expect signal SIGPIPE
expect server killed by SIGPIPE
` + "```" + `

Success of ` + "`write`" + ` means *accepted by my kernel*, never *received*.
`

// testLesson returns the lesson of the tests.
func testLesson() *lesson.Lesson {
	l, err := lesson.Parse("client-gone.md", []byte(story))
	if err != nil {
		panic(err)
	}
	return l
}

// fakeLab is a lab that plays a script: the events of each step, by the step's text. Its time
// is that of the script, and all events of a step are there at once.
type fakeLab struct {
	mu      sync.Mutex
	events  chan sim.Event
	script  map[string][]sim.Event
	t       sim.Seconds
	hold    bool // the next step does not settle by itself
	err     error
	closed  bool
	started []string
}

func newFakeLab() *fakeLab {
	f := &fakeLab{events: make(chan sim.Event, 256), script: storyScript(), hold: false}
	f.send(0,
		sim.Event{
			Body: sim.LabOpened{
				Setting: &sim.Setting{
					Net: sim.Loopback, Capture: sim.Captured, Kernel: "6.18.44",
					Client: "127.0.0.2", Server: "127.0.0.1:8088", Lesson: "client-gone", Title: "The client goes away",
				},
			},
		},
		sim.Event{At: sim.Client, Body: sim.ProcessStarted{PID: 4121}},
		sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 4122}},
	)
	return f
}

// Start implements sim.Lab.
func (f *fakeLab) Start(n int, step sim.Step) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return errors.New("the lab is closed")
	}
	text := step.String()
	f.started = append(f.started, text)
	f.send(n, sim.Event{At: step.At, Body: sim.StepBegun{Step: sim.MustParseStep(text)}})
	events, ok := f.script[text]
	if !ok {
		f.send(n, sim.Event{At: step.At, Body: sim.StepRefused{Why: "nothing is known of this step"}})
	}
	f.send(n, events...)
	f.t += step.For
	if !f.hold {
		f.send(n, sim.Event{Body: sim.StepSettled{}})
	}
	return nil
}

// send puts events on the stream. It runs before the lab is shared, or locked.
func (f *fakeLab) send(n int, events ...sim.Event) {
	for _, e := range events {
		f.t += 0.0001
		e.T, e.Step = f.t, n
		f.events <- e
	}
}

// tell puts one more event on the stream, at the given time.
func (f *fakeLab) tell(t sim.Seconds, n int, e sim.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = t
	f.send(n, e)
}

// Events implements sim.Lab.
func (f *fakeLab) Events() <-chan sim.Event { return f.events }

// Err implements sim.Lab.
func (f *fakeLab) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Abilities implements sim.Lab.
func (f *fakeLab) Abilities() sim.Abilities {
	return sim.Abilities{Steps: true, Hold: true}
}

// Close implements sim.Lab.
func (f *fakeLab) Close() error {
	f.fail(nil)
	return nil
}

// fail ends the lab as if it had broken.
func (f *fakeLab) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.closed, f.err = true, err
	close(f.events)
}

// The events of the script, but for their time and their step.

func call(at sim.End, name string, fd int, args ...string) sim.Event {
	pid := map[sim.End]int{sim.Client: 4121, sim.Server: 4122}[at]
	b := sim.CallEntered{PID: pid, Call: sim.ReadCall(sim.CallName(name), fd, args)}
	if b.Call.Name == sim.CallConnect {
		b.Refers = 1
	}
	return sim.Event{At: at, Body: b}
}

func ret(e sim.Event, r sim.Result) sim.Event {
	b := sim.CallReturned{PID: e.PID(), Call: e.Call(), Result: r}
	if b.Call.Name == sim.CallAccept {
		b.Refers = 1
	}
	e.Body = b
	return e
}

func state(at sim.End, conn int, from, to sim.State, orphan bool, by sim.Source) sim.Event {
	return sim.Event{At: at, Body: sim.StateChanged{Conn: conn, From: from, To: to, Orphan: orphan, By: by}}
}

func segment(at sim.End, flags sim.Flags, seq, ack sim.Seq, n int) sim.Event {
	return sim.Event{
		At: at, Body: sim.SegmentMoved{
			Conn: 1, By: sim.ByKernel, Segment: sim.Segment{Flags: flags, Seq: seq, Ack: ack, Len: n, Fate: sim.Delivered},
		},
	}
}

// storyScript returns what the kernel does in the lesson of the tests.
func storyScript() map[string][]sim.Event {
	zero := sim.Result{}
	socketS := call(sim.Server, "socket", sim.NoFD)
	bind := call(sim.Server, "bind", 3, "127.0.0.1:8088")
	listen := call(sim.Server, "listen", 3, "5")
	socket := call(sim.Client, "socket", sim.NoFD)
	bindC := call(sim.Client, "bind", 3, "127.0.0.2:40112")
	connect := call(sim.Client, "connect", 3, "127.0.0.1:8088")
	accept := call(sim.Server, "accept", 3)
	first := call(sim.Server, "write", 4, `"first message"`)
	poll := call(sim.Server, "poll", 4)
	second := call(sim.Server, "write", 4, `"second message"`)
	return map[string][]sim.Event{
		"server listen": {
			socketS, ret(socketS, sim.Result{Ret: 3}), bind, ret(bind, zero), listen, ret(listen, zero),
			state(sim.Server, 0, sim.Closed, sim.Listen, false, sim.ByKernel),
		},
		"client connect": {
			socket, ret(socket, sim.Result{Ret: 3}), bindC, ret(bindC, zero), connect,
			segment(sim.Client, sim.SYN, 0, 0, 0),
			state(sim.Client, 1, sim.Closed, sim.SynSent, false, sim.ByInference),
			segment(sim.Server, sim.SYN|sim.ACK, 0, 1, 0),
			state(sim.Server, 1, sim.Listen, sim.SynRecv, false, sim.ByInference),
			segment(sim.Client, sim.ACK, 1, 1, 0),
			ret(connect, zero),
			state(sim.Client, 1, sim.SynSent, sim.Established, false, sim.ByKernel),
			state(sim.Server, 1, sim.SynRecv, sim.Established, false, sim.ByKernel),
		},
		"server accept": {accept, ret(accept, sim.Result{Ret: 4})},
		"client kill SIGINT": {
			{At: sim.Client, Body: sim.SignalTaken{PID: 4121, Signal: "SIGINT", Action: sim.Killed}},
			segment(sim.Client, sim.FIN|sim.ACK, 1, 1, 0),
			state(sim.Client, 1, sim.Established, sim.FinWait1, true, sim.ByKernel),
			state(sim.Server, 1, sim.Established, sim.CloseWait, false, sim.ByKernel),
			{At: sim.Client, Body: sim.ProcessExited{PID: 4121, Status: 130, Signal: "SIGINT"}},
			segment(sim.Server, sim.ACK, 1, 2, 0),
			state(sim.Client, 1, sim.FinWait1, sim.FinWait2, true, sim.ByKernel),
			{At: sim.Client, Body: sim.TimerChanged{Conn: 1, Timer: sim.TimerTimewait, Expires: 60}},
			{At: sim.Server, Body: sim.QueuesChanged{Conn: 1, RecvQ: 1}},
		},
		"wait 5s": {},
		`server write "first message"`: {
			first, segment(sim.Server, sim.PSH|sim.ACK, 1, 2, 13), ret(first, sim.Result{Ret: 13}),
			segment(sim.Client, sim.RST, 2, 0, 0),
			state(sim.Client, 1, sim.FinWait2, sim.Closed, false, sim.ByKernel),
			state(sim.Server, 1, sim.CloseWait, sim.Close, false, sim.ByKernel),
		},
		"server poll": {poll, ret(poll, sim.Result{Ret: 1, Note: "IN OUT RDHUP HUP ERR"})},
		`server write "second message"`: {
			second,
			{At: sim.Server, Body: sim.SignalTaken{PID: 4122, Signal: "SIGPIPE", Action: sim.Killed}},
			{At: sim.Server, Body: sim.ProcessExited{PID: 4122, Status: 141, Signal: "SIGPIPE"}},
			state(sim.Server, 1, sim.Close, sim.Closed, false, sim.ByKernel),
			state(sim.Server, 0, sim.Listen, sim.Closed, false, sim.ByKernel),
		},
	}
}
