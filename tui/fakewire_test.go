package tui

import (
	"finwait/sim"
	"finwait/sim/lesson"
)

// crossing is a lesson on the wire.
const crossing = `---
title: Both sides close at once
net: wire
summary: Two FINs on one wire.
---

Both processes close. Neither has heard of the other's ` + "`FIN`" + `.

` + "```finwait" + `
client close
server close
` + "```" + `

Neither side has heard the other's FIN yet. Deliver one, and its receiver is in ` + "`CLOSING`" + `: *I have sent my
FIN, I have heard yours, but nobody has acknowledged mine.*

` + "```finwait" + `
deliver client
expect server CLOSING
deliver server
expect client CLOSING
` + "```" + `

Each has now acknowledged the other's FIN, and the acknowledgements are under way.

` + "```finwait" + `
deliver all
` + "```" + `

Both are in ` + "`TIME_WAIT`" + `.
`

// wireLesson returns the lesson on the wire.
func wireLesson() *lesson.Lesson {
	l, err := lesson.Parse("simultaneous.md", []byte(crossing))
	if err != nil {
		panic(err)
	}
	return l
}

// wireConfig returns the lesson on the wire, played without menu and animation.
func wireConfig() Config {
	dark := true
	return Config{First: wireLesson(), Dark: &dark}
}

// newFakeWire returns a lab of two hosts with a wire between them.
func newFakeWire() *fakeLab {
	f := &fakeLab{events: make(chan sim.Event, 256), script: wireScript()}
	f.send(0,
		sim.Event{
			Body: sim.LabOpened{
				Setting: &sim.Setting{
					Net: sim.Wire, Capture: sim.Captured, Private: true, Kernel: "6.18.44",
					Client: "192.0.2.1", Server: "192.0.2.2:8088", Lesson: "simultaneous", Title: "Both sides close at once",
					Sysctls: []sim.Sysctl{
						{Name: "tcp_fin_timeout", Value: "3600", Default: "60"},
						{Name: "tcp_orphan_retries", Value: "255", Default: "0"},
					},
				},
			},
		},
		sim.Event{At: sim.Client, Body: sim.ProcessStarted{PID: 5101}},
		sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 5102}},
	)
	return f
}

// onWire returns what became of a segment on the wire: its number, its fate, how often it was
// sent.
func onWire(e sim.Event, id int, fate sim.Fate, copies int) sim.Event {
	sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.ID, b.Segment.Fate, b.Segment.Copies = id, fate, copies })
	return e
}

// atOnce returns the events of a segment that is delivered without being held.
func atOnce(e sim.Event, id int) []sim.Event {
	return []sim.Event{onWire(e, id, sim.Held, 1), onWire(e, id, sim.Delivered, 1)}
}

func timer(at sim.End, name string, expires sim.Seconds, resent int) sim.Event {
	return sim.Event{At: at, Body: sim.TimerChanged{Conn: 1, Timer: name, Expires: expires, Retransmits: resent}}
}

func refusal(text string) []sim.Event { return []sim.Event{{Body: sim.StepRefused{Why: text}}} }

// The segments of the crossing.
func clientFIN() sim.Event { return segment(sim.Client, sim.FIN|sim.ACK, 1, 1, 0) }
func serverFIN() sim.Event { return segment(sim.Server, sim.FIN|sim.ACK, 1, 1, 0) }
func clientACK() sim.Event { return segment(sim.Client, sim.ACK, 2, 2, 0) }
func serverACK() sim.Event { return segment(sim.Server, sim.ACK, 2, 2, 0) }

// closing returns what happens when an end closes and its FIN is held.
func closing(at sim.End, fd, id int, fin sim.Event) []sim.Event {
	c := call(at, "close", fd)
	sim.Edit(&c, func(b *sim.CallEntered) { b.PID = map[sim.End]int{sim.Client: 5101, sim.Server: 5102}[at] })
	return []sim.Event{
		c, onWire(fin, id, sim.Held, 1), ret(c, sim.Result{}),
		state(at, 1, sim.Established, sim.FinWait1, true, sim.ByKernel),
		timer(at, sim.TimerRetransmit, 0.4, 0),
	}
}

// wireScript returns the events of the lesson on the wire, and of what a person may do with
// its segments instead.
func wireScript() map[string][]sim.Event {
	script := storyScript()
	var connect []sim.Event
	id := 0
	for _, e := range script["client connect"] {
		if e.Kind() == sim.KindSegment {
			id++
			connect = append(connect, atOnce(e, id)...)
			continue
		}
		connect = append(connect, e)
	}
	script["client connect"] = connect
	for text, events := range script {
		for i, e := range events {
			if pid, ok := map[int]int{4121: 5101, 4122: 5102}[e.PID()]; ok {
				ofProcess(&script[text][i], pid)
			}
		}
	}
	script["auto deliver on"], script["auto deliver off"] = []sim.Event{}, []sim.Event{}
	script["client close"] = closing(sim.Client, 3, 4, clientFIN())
	script["server close"] = closing(sim.Server, 4, 5, serverFIN())
	script["deliver client"] = []sim.Event{
		onWire(clientFIN(), 4, sim.Delivered, 1), onWire(serverACK(), 6, sim.Held, 1),
		state(sim.Server, 1, sim.FinWait1, sim.Closing, true, sim.ByKernel),
	}
	script["deliver 4"] = script["deliver client"]
	script["deliver server"] = []sim.Event{
		onWire(serverFIN(), 5, sim.Delivered, 1), onWire(clientACK(), 7, sim.Held, 1),
		state(sim.Client, 1, sim.FinWait1, sim.Closing, true, sim.ByKernel),
	}
	script["deliver 5"] = script["deliver server"]
	script["deliver all"] = []sim.Event{
		onWire(serverACK(), 6, sim.Delivered, 1),
		state(sim.Client, 1, sim.Closing, sim.TimeWait, true, sim.ByKernel), timer(sim.Client, sim.TimerTimewait, 60, 0),
		onWire(clientACK(), 7, sim.Delivered, 1),
		state(sim.Server, 1, sim.Closing, sim.TimeWait, true, sim.ByKernel), timer(sim.Server, sim.TimerTimewait, 60, 0),
	}
	script["drop 4"] = []sim.Event{onWire(clientFIN(), 4, sim.Dropped, 1)}
	script["drop 5"] = []sim.Event{onWire(serverFIN(), 5, sim.Dropped, 1)}
	script["duplicate 4"] = []sim.Event{
		onWire(clientFIN(), 4, sim.Duplicated, 1), onWire(serverACK(), 6, sim.Held, 1),
		state(sim.Server, 1, sim.Established, sim.CloseWait, false, sim.ByKernel),
	}
	return script
}

// ofProcess lets a call or the end of a process be that of another process.
func ofProcess(e *sim.Event, pid int) {
	sim.Edit(e, func(b *sim.CallEntered) { b.PID = pid })
	sim.Edit(e, func(b *sim.CallBlocked) { b.PID = pid })
	sim.Edit(e, func(b *sim.CallReturned) { b.PID = pid })
	sim.Edit(e, func(b *sim.SignalTaken) { b.PID = pid })
	sim.Edit(e, func(b *sim.ProcessExited) { b.PID = pid })
}
