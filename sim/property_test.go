package sim

import (
	"net/netip"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// anyStep draws a step of a program that can be written.
func anyStep(t *rapid.T) Step {
	verb := rapid.SampledFrom([]Verb{
		VerbListen, VerbConnect, VerbAccept, VerbWrite, VerbRead, VerbShutdown, VerbClose, VerbDup,
		VerbFork, VerbSigpipe, VerbLinger, VerbLinger2, VerbPoll, VerbError, VerbKill, VerbStart, VerbWait, VerbKeepalive, VerbUserTimeout,
		VerbDeliver, VerbDrop, VerbDuplicate, VerbSwap, VerbCut, VerbMend, VerbAuto,
	}).Draw(t, "verb")
	u, _ := usageOf(verb)
	s := Step{Verb: u.Verb, At: u.Only}
	if u.Only == "" && !u.Whole {
		s.At = rapid.SampledFrom([]End{Client, Server}).Draw(t, "end")
	}
	if s.At != "" {
		s.Parent = rapid.Bool().Draw(t, "parent")
	}
	if u.Wire {
		anyPick(t, &s)
		return s
	}
	number := rapid.IntRange(1, 3600)
	switch u.Verb {
	case VerbListen:
		s.How = rapid.SampledFrom([]string{"", "noreuse"}).Draw(t, "how")
	case VerbKeepalive:
		s.For, s.Every, s.N = anyTime(t), anyTime(t), rapid.IntRange(1, maxProbes).Draw(t, "probes")
	case VerbUserTimeout:
		s.For = anyTime(t)
	case VerbWrite:
		s.NoSignal = rapid.Bool().Draw(t, "nosignal")
		if rapid.Bool().Draw(t, "filler") {
			s.N = rapid.IntRange(1, maxFiller).Draw(t, "bytes")
		} else {
			s.Data = string(rapid.SliceOf(rapid.Byte()).Draw(t, "data"))
		}
	case VerbRead:
		s.N, s.How = rapid.IntRange(1, maxBytes).Draw(t, "bytes"), rapid.SampledFrom([]string{"", ReadPeek}).Draw(t, "how")
	case VerbShutdown:
		s.How = rapid.SampledFrom([]string{"rd", "wr", "rdwr"}).Draw(t, "how")
	case VerbSigpipe:
		s.How = rapid.SampledFrom([]string{SigpipeDefault, SigpipeIgnore, SigpipeHandler}).Draw(t, "how")
	case VerbKill:
		s.How = rapid.SampledFrom(killSignals()).Draw(t, "signal")
	case VerbClose:
		if s.How = rapid.SampledFrom([]string{"", "fd", "listener"}).Draw(t, "what"); s.How == "fd" {
			s.N = number.Draw(t, "fd")
		}
	case VerbLinger:
		s.N = rapid.SampledFrom([]int{LingerOff, 0, 1, 3600}).Draw(t, "seconds")
	case VerbLinger2:
		s.N = rapid.SampledFrom([]int{Linger2None, 1, maxLinger2}).Draw(t, "seconds")
	case VerbWait:
		switch s.How = rapid.SampledFrom([]string{"", WaitState, WaitFlight}).Draw(t, "until"); s.How {
		case WaitState:
			s.From, s.Until = anyEnd(t), rapid.SampledFrom(States()).Draw(t, "state")
		case WaitFlight:
			s.From = anyEnd(t)
		}
		if s.How == "" || rapid.Bool().Draw(t, "limit") {
			s.For = anyTime(t)
		}
	}
	return s
}

func anyTime(t *rapid.T) Seconds {
	return Seconds(rapid.IntRange(1, 3_600_000).Draw(t, "milliseconds")) / 1000
}

func anyEnd(t *rapid.T) End { return rapid.SampledFrom([]End{Client, Server}).Draw(t, "end") }

// anyPick completes a step that acts on the wire.
func anyPick(t *rapid.T, s *Step) {
	switch s.Verb {
	case VerbCut, VerbMend:
		return
	case VerbSwap:
		s.From = anyEnd(t)
		return
	case VerbAuto:
		s.How = rapid.SampledFrom([]string{"on", "off"}).Draw(t, "how")
		return
	}
	switch rapid.SampledFrom([]string{"next", "end", "id", PickAll}).Draw(t, "pick") {
	case "end":
		s.From = anyEnd(t)
	case "id":
		s.N = rapid.IntRange(1, 1<<31-1).Draw(t, "id")
	case PickAll:
		if s.Verb != VerbDuplicate {
			s.How = PickAll
		}
	}
}

// What String writes, ParseStep reads.
func TestStepsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyStep(t)
		again, err := ParseStep(s.String())
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%#v is written %s and reads as %#v, %v", s, s, again, err)
		}
	})
}

// anyEvent draws an event, sensible or not.
func anyEvent(t *rapid.T) Event {
	texts := rapid.String()
	return Event{
		T:    Seconds(rapid.IntRange(0, 1<<40).Draw(t, "microseconds")) / 1e6,
		Step: rapid.IntRange(0, 5).Draw(t, "step"),
		At:   rapid.SampledFrom([]End{Client, Server, ""}).Draw(t, "at"),
		Body: anyBody(t, texts),
	}
}

// anyData draws data that may be no text.
func anyData(t *rapid.T) []byte { return rapid.SliceOfN(rapid.Byte(), 1, 3*ShownBytes).Draw(t, "data") }

func anyState(t *rapid.T) State { return rapid.SampledFrom(States()).Draw(t, "state") }

func anySource(t *rapid.T) Source {
	return rapid.SampledFrom([]Source{ByKernel, ByInference, ByModel}).Draw(t, "by")
}

// anyCall draws a call: one that a step makes, or of some other program.
func anyCall(t *rapid.T, texts *rapid.Generator[string]) Call {
	fd := rapid.IntRange(NoFD, 5).Draw(t, "fd")
	addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), rapid.Uint16().Draw(t, "port"))
	option := rapid.SampledFrom([]Option{
		{Name: OptError}, {Name: OptLinger, On: true, Value: 3}, {Name: OptLinger}, {Name: OptKeepIdle, Value: 9}, {Name: OptReuseAddr, Value: 1},
	}).Draw(t, "option")
	n := rapid.IntRange(0, maxBytes).Draw(t, "n")
	c := rapid.SampledFrom([]Call{
		{Name: CallSocket},
		{Name: CallAccept},
		{Name: CallClose},
		{Name: CallDup},
		{Name: CallFork},
		{Name: CallPoll},
		{Name: CallBind, Addr: addr},
		{Name: CallConnect, Addr: addr},
		{Name: CallListen, Backlog: n},
		{Name: CallRead, Size: n},
		{Name: CallRecv, Size: n, Flags: MsgPeek},
		{Name: CallWrite, Fill: n + 1},
		{Name: CallSend, Fill: n + 1, Flags: MsgNoSignal},
		{Name: CallWrite, Data: []byte{}},
		{Name: CallWrite, Data: anyData(t)},
		{Name: CallSend, Data: anyData(t)},
		{Name: CallSend, Data: anyData(t), Flags: MsgNoSignal},
		{Name: CallShutdown, How: ShutWR},
		{Name: CallSigaction, Disposition: SigIgn},
		{Name: CallSetsockopt, Option: option},
		{Name: CallGetsockopt, Option: Option{Name: option.Name}},
		ReadCall(CallName(texts.Draw(t, "name")), fd, rapid.SliceOfN(texts, 0, 3).Draw(t, "args")),
		ReadCall(CallBind, fd, []string{texts.Draw(t, "address")}),
	}).Draw(t, "call")
	c.FD = fd
	return c
}

func anySegment(t *rapid.T) Segment {
	s := Segment{
		Flags: Flags(rapid.Uint8Range(0, 1<<6-1).Draw(t, "flags")), Seq: Seq(rapid.Uint32().Draw(t, "seq")), Ack: Seq(rapid.Uint32().Draw(t, "ack")),
		Len: rapid.IntRange(0, 70000).Draw(t, "len"), Fate: Delivered,
	}
	if s.ID = rapid.IntRange(0, 4).Draw(t, "id"); s.ID != 0 {
		s.Copies, s.Resent = rapid.IntRange(0, 3).Draw(t, "copies"), rapid.Bool().Draw(t, "resent")
		s.Fate = rapid.SampledFrom([]Fate{Held, Delivered, Dropped, Duplicated, Retransmitted, Overtaken, ""}).Draw(t, "fate")
	}
	return s
}

// anyBody draws the body of an event.
func anyBody(t *rapid.T, texts *rapid.Generator[string]) Body {
	pid, conn := rapid.IntRange(0, 3).Draw(t, "pid"), rapid.IntRange(0, 3).Draw(t, "conn")
	yes, n, text := rapid.Bool().Draw(t, "yes"), rapid.IntRange(0, 1<<20).Draw(t, "n"), texts.Draw(t, "text")
	result := Result{Ret: n - 1, Errno: text, Data: string(anyData(t)), Note: text}
	return rapid.SampledFrom([]Body{
		LabOpened{&Setting{
			Log: LogVersion, Grammar: GrammarVersion, Net: Wire, Capture: Captured, Private: yes, Kernel: text, Client: text, Server: text,
			Lesson: text, Title: text, Sysctls: []Sysctl{{text, text, text}}, Source: text,
		}},
		StepBegun{anyStep(t), yes, !yes},
		StepRefused{text, Refusal{RefusedDead, Server, true, 7, 141, 4, text, FinWait2, 12, "5m"}},
		StepSettled{},
		ProcessStarted{pid, yes, conn},
		CallHeld{pid, conn, anyCall(t, texts)},
		Printed{pid, text, yes},
		CallEntered{pid, 0, anyCall(t, texts), conn},
		CallBlocked{pid, conn, anyCall(t, texts)},
		CallReturned{pid, 0, anyCall(t, texts), result, conn},
		SignalTaken{pid, text, Handled},
		ProcessExited{pid, n, text},
		StateChanged{conn, anyState(t), anyState(t), yes, anySource(t)},
		SegmentMoved{conn, anySegment(t), anySource(t)},
		TimerChanged{conn, text, Seconds(n) / 1e3, pid},
		QueuesChanged{conn, n, pid},
		CableChanged{CableCut},
		Verdict{conn, WhatReturn, text, text, yes},
		ModelSilent{text, Silence{SilentSetting, text, text, 3}},
		ExpectationChecked{text, yes, text, RightAnswer, n, pid},
	}).Draw(t, "body")
}

// Whatever comes, a scene does not contradict itself.
func TestScenesAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOf(rapid.Custom(anyEvent)).Draw(t, "events")
		var s Scene
		for _, e := range events {
			subject := s.Subject
			s.Apply(e)
			if s.Subject < subject || s.Subject > 0 && s.Connection(s.Subject).Number != s.Subject {
				t.Fatalf("connection %d came after %d", s.Subject, subject)
			}
			sound(t, s.Flight)
			for i := range s.Connections {
				for _, p := range []Endpoint{s.Connections[i].client, s.Connections[i].server} {
					if !p.State.Connected() && p.RecvQ+p.SendQ != 0 {
						t.Fatalf("queues without a connection: %+v", p)
					}
				}
			}
			for _, p := range s.Table.processes {
				switch {
				case p.InCall && !p.Called, p.Blocked && !p.InCall:
					t.Fatalf("a call is pending that was not made: %+v", p)
				case p.Alive() && p.Signal != "":
					t.Fatalf("killed and alive: %+v", p)
				}
			}
		}
		if got := Fold(events); !reflect.DeepEqual(got, s) {
			t.Errorf("Fold says %+v, Apply %+v", got, s)
		}
	})
}

// sound checks that a segment is on the wire once, and has a number.
func sound(t *rapid.T, flight []Event) {
	seen := map[int]bool{0: true}
	for _, e := range flight {
		if seen[e.Segment().ID] {
			t.Fatalf("segment %d is on the wire in %v", e.Segment().ID, flight)
		}
		seen[e.Segment().ID] = true
	}
}
