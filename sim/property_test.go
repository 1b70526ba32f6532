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
		VerbFork, VerbSigpipe, VerbLinger, VerbPoll, VerbKill, VerbStart, VerbWait,
	}).Draw(t, "verb")
	u, _ := usageOf(verb)
	s := Step{Verb: u.Verb, At: u.Only}
	if u.Only == "" && !u.Whole {
		s.At = rapid.SampledFrom([]End{Client, Server}).Draw(t, "end")
	}
	if s.At != "" {
		s.Parent = rapid.Bool().Draw(t, "parent")
	}
	number := rapid.IntRange(1, 3600)
	switch u.Verb {
	case VerbWrite:
		s.Data, s.NoSignal = string(rapid.SliceOf(rapid.Byte()).Draw(t, "data")), rapid.Bool().Draw(t, "nosignal")
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
	case VerbWait:
		s.For = Seconds(rapid.IntRange(1, 3_600_000).Draw(t, "milliseconds")) / 1000
	}
	return s
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
		KindState, KindSegment, KindTimer, KindQueues, KindRefused, KindSettled, KindExpect, "party",
	}
	call := Call{
		Name: rapid.SampledFrom([]string{"read", "bind", "poll", "rt_sigaction", ""}).Draw(t, "call"),
		Args: rapid.SliceOfN(rapid.SampledFrom([]string{SigIgn, SigDfl, SigHandler, "127.0.0.1:1"}), 0, 2).Draw(t, "args"),
	}
	return Event{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
		At:   rapid.SampledFrom([]End{Client, Server, ""}).Draw(t, "at"),
		Lab:  &Lab{},
		Step: rapid.IntRange(0, 5).Draw(t, "step"),
		PID:  rapid.IntRange(0, 3).Draw(t, "pid"),
		Conn: rapid.IntRange(0, 3).Draw(t, "conn"),
		Call: call,
		From: State(rapid.IntRange(0, 13).Draw(t, "from")),
		To:   State(rapid.IntRange(0, 13).Draw(t, "to")),
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

// Every event has its sentence, on one line.
func TestEventsHaveSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyEvent(t).String()
		if !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\r") {
			t.Errorf("got %q", text)
		}
	})
}
