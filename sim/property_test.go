package sim

import (
	"reflect"
	"strings"
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
			s.N = rapid.IntRange(1, MaxFiller).Draw(t, "bytes")
		} else {
			s.Data = string(rapid.SliceOf(rapid.Byte()).Draw(t, "data"))
		}
	case VerbRead:
		s.N = number.Draw(t, "bytes")
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
	kinds := []Kind{
		KindLab, KindStep, KindStart, KindCall, KindReturn, KindBlocked, KindSignal, KindExit,
		KindState, KindSegment, KindTimer, KindQueues, KindCable, KindRefused, KindSettled, KindExpect, KindVerdict, KindSilent, "party",
	}
	call := ReadCall(
		rapid.SampledFrom([]CallName{CallRead, CallBind, CallPoll, CallSigaction, ""}).Draw(t, "call"), 3,
		rapid.SliceOfN(rapid.SampledFrom([]string{"SIGPIPE", "SIG_IGN", "SIG_DFL", "handler", "127.0.0.1:1"}), 0, 2).Draw(t, "args"),
	)
	return Event{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
		At:   rapid.SampledFrom([]End{Client, Server, ""}).Draw(t, "at"),
		Lab:  &Setting{},
		Step: rapid.IntRange(0, 5).Draw(t, "step"),
		PID:  rapid.IntRange(0, 3).Draw(t, "pid"),
		Conn: rapid.IntRange(0, 3).Draw(t, "conn"),
		Call: call,
		From: State(rapid.IntRange(0, 13).Draw(t, "from")),
		To:   State(rapid.IntRange(0, 13).Draw(t, "to")),
		Text: rapid.SampledFrom([]string{CableCut, CableMended, ""}).Draw(t, "text"),
		Segment: Segment{
			ID: rapid.IntRange(0, 4).Draw(t, "id"), Copies: rapid.IntRange(0, 3).Draw(t, "copies"), Resent: rapid.Bool().Draw(t, "resent"),
			Fate: rapid.SampledFrom([]Fate{Held, Delivered, Dropped, Duplicated, Retransmitted, ""}).Draw(t, "fate"),
		},
	}
}

// Whatever comes, a scene does not contradict itself.
func TestScenesAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOf(rapid.Custom(anyEvent)).Draw(t, "events")
		s := NewScene()
		for _, e := range events {
			conn := s.Conn
			s.Apply(e)
			if s.Conn < conn {
				t.Fatalf("connection %d came after %d", s.Conn, conn)
			}
			sound(t, s.Flight)
			for _, p := range []Endpoint{s.Client, s.Server} {
				switch {
				case p.Pending && !p.Called:
					t.Fatalf("a call is pending that was not made: %+v", p)
				case p.Alive && p.Signal != "":
					t.Fatalf("killed and alive: %+v", p)
				case !p.State.Connected() && p.RecvQ+p.SendQ != 0:
					t.Fatalf("queues without a connection: %+v", p)
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
		if seen[e.Segment.ID] {
			t.Fatalf("segment %d is on the wire in %v", e.Segment.ID, flight)
		}
		seen[e.Segment.ID] = true
	}
}

// Every event has its sentence, on one line.
func TestEventsHaveSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyEvent(t).String()
		if !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\r") {
			t.Errorf("got %q", text)
		}
	})
}
