package check

import (
	"slices"
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// judged returns the verdicts of a Checker on a log.
func judged(log []sim.Event) (verdicts []sim.Event) {
	s := New()
	for _, e := range log {
		verdicts = append(verdicts, s.Observe(e)...)
	}
	return verdicts
}

// disagreements returns those that do not agree.
func disagreements(verdicts []sim.Event) []sim.Event {
	return slices.DeleteFunc(slices.Clone(verdicts), func(v sim.Event) bool { return sim.Of[sim.Verdict](v).Agree })
}

// The model that acknowledges in its own time agrees with the model that follows its log.
func TestCheckerAgreesWithItself(t *testing.T) {
	for _, what := range lesson.Embedded() {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			verdicts := judged(lessonLog(t, what))
			for _, v := range disagreements(verdicts) {
				t.Errorf("step %d: %v", v.Step, v)
			}
			if len(verdicts) < len(what.Steps) {
				t.Errorf("%d verdicts on %d steps", len(verdicts), len(what.Steps))
			}
		})
	}
}

// The log of the model itself has no verdicts.
func TestCheckerOfTheModel(t *testing.T) {
	var log []sim.Event
	l := openLab(t, model.Options{})
	for i, text := range []string{"server listen", "client connect"} {
		log = append(log, play(t, l, i+1, text)...)
	}
	if verdicts := judged(log); len(verdicts) > 0 {
		t.Errorf("%v", verdicts)
	}
}

// A kernel that does something else disagrees, at that step and in what it did.
func TestCheckerFindsOut(t *testing.T) {
	steps := []string{
		"server listen", "client connect", "deliver", "deliver", "deliver", "server accept",
		"client write \"hello\"", "deliver client", "deliver server", "server read 9",
		"client close", "deliver client", "deliver server", "server write \"x\"", "deliver server", "deliver client", "server write \"y\"",
		"server start", "server read 1",
	}
	l := openLab(t, model.Options{Wire: true})
	var log []sim.Event
	for i, text := range steps {
		log = append(log, play(t, l, i+1, text)...)
	}
	if got := disagreements(judged(script.AsLive(log))); len(got) > 0 {
		t.Fatalf("the truth disagrees: %v", got)
	}
	tests := map[string]struct {
		step int
		is   func(sim.Event) bool
		lie  func(*sim.Event)
		what sim.What
	}{
		"state":          {11, func(e sim.Event) bool { return e.Kind() == sim.KindState }, func(e *sim.Event) { sim.Edit(e, func(b *sim.StateChanged) { b.To = sim.FinWait2 }) }, sim.WhatState},
		"orphan":         {11, func(e sim.Event) bool { return e.Kind() == sim.KindState }, func(e *sim.Event) { sim.Edit(e, func(b *sim.StateChanged) { b.Orphan = false }) }, sim.WhatState},
		"flags":          {11, sends, func(e *sim.Event) { sim.Edit(e, func(b *sim.SegmentMoved) { b.Segment.Flags = sim.ACK }) }, sim.WhatSegment},
		"sequence":       {11, sends, func(e *sim.Event) { sim.Edit(e, func(b *sim.SegmentMoved) { b.Segment.Seq++ }) }, sim.WhatSegment},
		"acknowledgment": {14, sends, func(e *sim.Event) { sim.Edit(e, func(b *sim.SegmentMoved) { b.Segment.Ack-- }) }, sim.WhatSegment},
		"length":         {7, sends, func(e *sim.Event) { sim.Edit(e, func(b *sim.SegmentMoved) { b.Segment.Len-- }) }, sim.WhatSegment},
		"value":          {7, returns, func(e *sim.Event) { sim.Edit(e, func(b *sim.CallReturned) { b.Result.Ret-- }) }, sim.WhatReturn},
		"data":           {10, returns, func(e *sim.Event) { sim.Edit(e, func(b *sim.CallReturned) { b.Result.Data = "jello" }) }, sim.WhatReturn},
		"errno": {11, returns, func(e *sim.Event) {
			sim.Edit(e, func(b *sim.CallReturned) { b.Result.Ret, b.Result.Errno = -1, "EBADF" })
		}, sim.WhatReturn},
		"signal":  {17, func(e sim.Event) bool { return e.Kind() == sim.KindSignal }, func(e *sim.Event) { sim.Edit(e, func(b *sim.SignalTaken) { b.Action = sim.Handled }) }, sim.WhatSignal},
		"exit":    {17, func(e sim.Event) bool { return e.Kind() == sim.KindExit }, func(e *sim.Event) { sim.Edit(e, func(b *sim.ProcessExited) { b.Status = 0 }) }, sim.WhatExit},
		"refusal": {19, func(e sim.Event) bool { return e.Kind() == sim.KindRefused }, func(e *sim.Event) { e.Body = sim.StepRefused{Why: "no"} }, sim.WhatRefused},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lies := script.AsLive(log)
			i := slices.IndexFunc(lies, func(e sim.Event) bool { return e.Step == test.step && test.is(e) })
			test.lie(&lies[i])
			found := disagreements(judged(lies))
			if !slices.ContainsFunc(found, func(v sim.Event) bool { return sim.Of[sim.Verdict](v).What == test.what && v.Step == test.step }) {
				t.Errorf("%v was not found out: %v", lies[i], found)
			}
		})
	}
}

func sends(e sim.Event) bool { return e.Kind() == sim.KindSegment && e.Segment().Fate == sim.Held }

func returns(e sim.Event) bool { return e.Kind() == sim.KindReturn }

// What the kernel leaves out is a disagreement, too.
func TestCheckerMissesWhatIsLeftOut(t *testing.T) {
	l := openLab(t, model.Options{Wire: true})
	var log []sim.Event
	for i, text := range []string{"server listen", "client connect", "deliver", "deliver", "client write \"a\"", "deliver", "deliver", "wait 2s"} {
		log = append(log, play(t, l, i+1, text)...)
	}
	log = script.AsLive(log)
	for i, e := range log {
		skip := e.Kind() == sim.KindReturn && e.Call().Name == sim.CallWrite || sends(e) && e.Segment().Flags == sim.ACK && e.At == sim.Server
		if !skip {
			continue
		}
		if found := disagreements(judged(slices.Delete(slices.Clone(log), i, i+1))); len(found) == 0 {
			t.Errorf("nobody misses %v", e)
		}
	}
}

// The order in which the kernel closes the connections of a dead process is compared.
func TestCheckerFindsOutOrder(t *testing.T) {
	l := openLab(t, model.Options{Wire: true})
	var log []sim.Event
	for i, text := range []string{
		"auto deliver on", "server listen", "client connect", "server accept", "client connect", "server accept", "auto deliver off", "client kill SIGKILL",
	} {
		log = append(log, play(t, l, i+1, text)...)
	}
	log = script.AsLive(log)
	if got := disagreements(judged(log)); len(got) > 0 {
		t.Fatalf("the truth disagrees: %v", got)
	}
	var fins []int
	for i, e := range log {
		if e.Step == 8 && sends(e) {
			fins = append(fins, i)
		}
	}
	if len(fins) != 2 {
		t.Fatalf("%d segments", len(fins))
	}
	log[fins[0]], log[fins[1]] = log[fins[1]], log[fins[0]]
	found := disagreements(judged(log))
	if len(found) != 1 || sim.Of[sim.Verdict](found[0]).What != sim.WhatSegment || sim.Of[sim.Verdict](found[0]).Model != "connection 2: FIN ACK seq 1 ack 1; connection 1: FIN ACK seq 1 ack 1" {
		t.Errorf("found out: %v", found)
	}
}

// The order in which one end of a connection sends is compared: a FIN does not overtake data.
func TestCheckerFindsOutOrderOfOneEnd(t *testing.T) {
	truth := logOf(t, model.Options{Wire: true}, handshake("client write 1448 then close", "client start")...)
	var at []int
	for i, e := range truth {
		if e.Step == 7 && sends(e) {
			at = append(at, i)
		}
	}
	if len(at) != 2 {
		t.Fatalf("%d segments", len(at))
	}
	forged := slices.Clone(truth)
	data, fin := forged[at[0]].Segment(), forged[at[1]].Segment()
	data.ID, fin.ID = fin.ID, data.ID
	sim.Edit(&forged[at[0]], func(b *sim.SegmentMoved) { b.Segment = fin })
	sim.Edit(&forged[at[1]], func(b *sim.SegmentMoved) { b.Segment = data })
	accused(t, truth, forged, 7, sim.WhatSegment)
}

// What a timer did to a socket may stand in the log late: after what came of the next segment.
func TestCheckerForgivesWhatIsSeenLate(t *testing.T) {
	for name, test := range map[string]struct {
		steps []string
		late  func(sim.Event) bool // what is seen
		after func(sim.Event) bool // the event behind which it is seen, the first in the last step
	}{
		"the end was over": {
			[]string{
				"auto deliver on", "server listen", "client connect", "server accept", "auto deliver off", `client write "q"`, "drop", "client usertimeout 1s",
				"wait 500ms", "drop", `server write "q"`, "drop all", "wait until flight from server", "drop client", "wait 1500ms", "deliver server",
			},
			func(e sim.Event) bool {
				return e.Kind() == sim.KindState && e.At == sim.Client && sim.Of[sim.StateChanged](e).To == sim.Closed
			},
			func(e sim.Event) bool { return sends(e) && e.At == sim.Client && e.Segment().Flags == sim.RST },
		},
		"a probe had left": {
			[]string{
				"auto deliver on", "server listen", "client connect", "server accept", "auto deliver off", "client keepalive 1s 1s 9",
				"wait until flight from client", "deliver client", "wait 1s", "deliver server",
			},
			func(e sim.Event) bool { return sends(e) && e.At == sim.Client && e.Segment().ID > 4 && e.Step == 9 },
			func(e sim.Event) bool { return e.Step == 10 && e.Kind() == sim.KindSegment },
		},
		"a SYN ACK had left again": {
			[]string{
				"server listen", "client connect", "deliver client", "deliver server", "wait 1s", "deliver client",
			},
			func(e sim.Event) bool {
				return e.Step == 5 && e.At == sim.Server && e.Segment().Fate == sim.Retransmitted
			},
			func(e sim.Event) bool { return e.Step == 6 && e.Kind() == sim.KindSegment },
		},
		"the port was free again": {
			[]string{
				"auto deliver on", "server listen", "client connect", "server accept", "server linger2 1", "server close", "server close listener",
				"wait 1500ms", "server listen noreuse",
			},
			func(e sim.Event) bool {
				return e.Kind() == sim.KindState && e.At == sim.Server && e.Conn() == 1 && sim.Of[sim.StateChanged](e).To == sim.Closed
			},
			func(e sim.Event) bool { return e.Step == 9 && returns(e) && e.Call().Name == sim.CallBind },
		},
		"the call came too late": {
			[]string{
				"auto deliver on", "server listen", "client connect", "server accept", "auto deliver off", `client write "q"`, "drop", "client usertimeout 1s",
				"wait 500ms", "drop all", "wait 400ms", "drop all", "wait 1500ms", `client write "late"`,
			},
			func(e sim.Event) bool {
				return e.Kind() == sim.KindState && e.At == sim.Client && sim.Of[sim.StateChanged](e).To == sim.Closed
			},
			func(e sim.Event) bool { return e.Step == 14 && returns(e) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := openLab(t, model.Options{Wire: true, KernelTimers: true})
			var log []sim.Event
			for i, text := range test.steps {
				log = append(log, play(t, l, i+1, text)...)
			}
			log = script.AsLive(log)
			if got := disagreements(judged(log)); len(got) > 0 {
				t.Fatalf("the truth disagrees: %v", got)
			}
			from, to := slices.IndexFunc(log, test.late), slices.IndexFunc(log, test.after)
			if from < 0 || to < from {
				t.Fatalf("event %d is to be seen after event %d:\n%v", from, to, log)
			}
			seen := log[from]
			seen.T, seen.Step = log[to].T, log[to].Step
			log = slices.Delete(slices.Insert(log, to+1, seen), from, from+1)
			if found := disagreements(judged(log)); len(found) > 0 {
				t.Errorf("%v", found)
			}
		})
	}
}

// Two processes are blocked in the same call: the model wakes the one that the kernel wakes.
func TestCheckerWakesTheSame(t *testing.T) {
	l := openLab(t, model.Options{})
	var log []sim.Event
	for i, text := range []string{"server listen", "server fork", "server accept", "server parent accept", "client connect"} {
		log = append(log, play(t, l, i+1, text)...)
	}
	log = script.AsLive(log)
	accepts := slices.IndexFunc(log, func(e sim.Event) bool { return returns(e) && e.Call().Name == sim.CallAccept })
	for _, child := range []bool{true, false} {
		for _, e := range log {
			if e.Kind() == sim.KindBlocked && e.At == sim.Server && (e.PID() != log[accepts].PID()) == child {
				sim.Edit(&log[accepts], func(b *sim.CallReturned) { b.PID = e.PID() })
				break
			}
		}
		s := New()
		for _, e := range log {
			if found := disagreements(s.Observe(e)); len(found) > 0 {
				t.Errorf("%v", found)
			}
		}
		if p := s.model.hosts.ByPID(log[accepts].PID()); p == nil || p.Busy {
			t.Errorf("process %d still waits in the model", log[accepts].PID())
		}
	}
}

// On loopback no segment overtakes another: every probe is answered.
func TestCheckerCountsProbesOnLoopback(t *testing.T) {
	l := openLab(t, model.Options{})
	var log []sim.Event
	for i, text := range []string{"server listen", "client connect", "client keepalive 1s 1s 1", "wait 1500ms", "wait 1s", "wait 1s"} {
		log = append(log, play(t, l, i+1, text)...)
	}
	if found := disagreements(judged(script.AsLive(log))); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// A process that was killed had died when a segment arrived, although its exit stands later in
// the log.
func TestCheckerForgivesLateExit(t *testing.T) {
	l := openLab(t, model.Options{Wire: true})
	var log []sim.Event
	for i, text := range []string{"server listen", "client connect", "deliver client", "client kill SIGKILL", "deliver server"} {
		log = append(log, play(t, l, i+1, text)...)
	}
	log = slices.DeleteFunc(script.AsLive(log), func(e sim.Event) bool { // one step of the last two
		return e.Step == 4 && e.Kind() == sim.KindSettled || e.Step == 5 && e.Kind() == sim.KindStep
	})
	late := func(e sim.Event) bool {
		return e.Kind() == sim.KindExit || e.Kind() == sim.KindState && e.At == sim.Client && sim.Of[sim.StateChanged](e).To == sim.Closed
	}
	var early, seen []sim.Event
	for _, e := range log[:len(log)-1] {
		if late(e) {
			seen = append(seen, e)
		} else {
			early = append(early, e)
		}
	}
	log = slices.Concat(early, seen, log[len(log)-1:])
	if found := disagreements(judged(log)); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// A live wire numbers segments in the order in which its hosts send them, which may be another
// order than the model's: a step that names a segment by its number means the live one.
func TestCheckerKnowsSegmentsByTheirNumber(t *testing.T) {
	log := logOf(t, model.Options{Wire: true}, handshake(`client write "a"`, `server write "b"`, "drop client", "deliver 4")...)
	a, b := log[first(t, log, 7, sends)].Segment().ID, log[first(t, log, 8, sends)].Segment().ID
	if a != 4 || b != 5 {
		t.Fatalf("segments %d and %d", a, b)
	}
	for i := range log {
		switch e := &log[i]; {
		case e.Segment().ID == a:
			sim.Edit(e, func(moved *sim.SegmentMoved) { moved.Segment.ID = b })
		case e.Segment().ID == b:
			sim.Edit(e, func(b *sim.SegmentMoved) { b.Segment.ID = a })
		}
	}
	log[first(t, log, 10, func(e sim.Event) bool { return e.Kind() == sim.KindStep })].Body = sim.StepBegun{Step: sim.MustParseStep("deliver 5")}
	log[first(t, log, 10, func(e sim.Event) bool { return e.Kind() == sim.KindRefused })].Body = sim.StepRefused{Why: "segment 5 is not on the wire"}
	if found := disagreements(judged(log)); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// An orphan that close held when its FIN was acknowledged ends FIN_WAIT2 with a reset. Its timer
// shows which orphan it is.
func TestCheckerReadsTheTimerOfFinWait2(t *testing.T) {
	truth := logOf(t, model.Options{}, "server listen", "client connect", "server accept", "client linger2 1", "client close", "wait until client CLOSED")
	timer := first(t, truth, 5, func(e sim.Event) bool {
		return e.Kind() == sim.KindTimer && sim.Of[sim.TimerChanged](e).Timer == sim.TimerTimewait
	})
	over := first(t, truth, 6, func(e sim.Event) bool {
		return e.Kind() == sim.KindState && sim.Of[sim.StateChanged](e).To == sim.Closed
	})
	reset, peer := truth[over], truth[over]
	reset.Body = sim.SegmentMoved{Conn: reset.Conn(), Segment: sim.Segment{Flags: sim.RST | sim.ACK, Seq: 2, Ack: 1}, By: reset.By()}
	peer.At = sim.Server
	sim.Edit(&peer, func(b *sim.StateChanged) { b.From = sim.CloseWait })
	forged := slices.Insert(slices.Insert(slices.Clone(truth), over+1, peer), over, reset)
	accused(t, truth, forged, 6, sim.WhatSegment)

	sim.Edit(&forged[timer], func(b *sim.TimerChanged) { b.Timer = sim.TimerKeepalive })
	if found := disagreements(judged(forged)); len(found) > 0 {
		t.Errorf("%v", found)
	}
	sim.Edit(&truth[timer], func(b *sim.TimerChanged) { b.Timer = sim.TimerKeepalive })
	if found := disagreements(judged(truth)); len(found) == 0 {
		t.Error("nobody misses the reset")
	}
}

// A reset answers a segment for an end whose user timeout is over, and data that nobody will
// read, alike: the next call shows which of the two ended the connection.
func TestCheckerForgivesWhatEndedIt(t *testing.T) {
	for _, test := range []struct {
		patience, after string
		forgiven        bool
	}{{"1s", "1100ms", true}, {"1s", "500ms", false}, {"9s", "1100ms", false}} {
		truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, handshake(
			"client usertimeout "+test.patience, "client shutdown rdwr", "wait "+test.after, `server write "q"`, "deliver server", `client write "x"`)...)
		forged := slices.Clone(truth)
		last := &forged[first(t, truth, 12, returns)]
		if errno := sim.Of[sim.CallReturned](*last).Result.Errno; errno != "ECONNRESET" {
			t.Fatalf("write fails with %q", errno)
		}
		sim.Edit(last, func(b *sim.CallReturned) { b.Result.Errno = "ETIMEDOUT" })
		if !test.forgiven {
			accused(t, truth, forged, 12, sim.WhatReturn)
		} else if found := disagreements(judged(forged)); len(found) > 0 {
			t.Errorf("after %s of %s: %v", test.after, test.patience, found)
		}
	}
}
