package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// probed returns a connection of which the client sends a plain ACK with that number, after its
// three data bytes have been acknowledged, while that timer runs.
func probed(timer string, seq sim.Seq) *script {
	s := newScript(sim.Captured).connected()
	s.write(client, 3, "abc", 1, 1)
	s.seg(server, "ACK", 1, 4, 0)
	s.timer(client, timer, 1)
	s.settled()
	s.step("wait 2s")
	s.seg(client, "ACK", seq, 1, 0)
	return s
}

// TestProbes: a segment is called a probe where its number and the timer prove it, and shows
// its number.
func TestProbes(t *testing.T) {
	written := probed(sim.TimerKeepalive, 4)
	written.call(client, "write", 3, `"x"`)
	written.seg(client, "ACK", 3, 1, 0)
	unknown := newScript(sim.Captured).connected()
	unknown.seg(client, "ACK", 0, 1, 0)
	idle := newScript(sim.Captured).connected()
	idle.timer(server, sim.TimerKeepalive, 1)
	idle.seg(server, "ACK", 0, 1, 0)
	for name, test := range map[string]struct {
		s    *script
		want string
	}{
		"keepalive":                          {probed(sim.TimerKeepalive, 3), "━━ keepalive probe  seq 3 ━"},
		"of an idle connection":              {idle, "━ keepalive probe  seq 0 ━━"},
		"window":                             {probed(sim.TimerPersist, 3), "━━ window probe  seq 3 ━"},
		"no timer":                           {probed(sim.TimerOff, 3), "━━ ACK  ack 1 ━"},
		"an acknowledgement":                 {probed(sim.TimerKeepalive, 4), "━━ ACK  ack 1 ━"},
		"written since the timer was read":   {written, "━━ ACK  ack 1 ━"},
		"no timer was read of that endpoint": {unknown, "━━ ACK  ack 1 ━"},
	} {
		drawn := strings.TrimRight(picture(test.s.ladder(), 78, Options{Grow: 1}), "\n")
		last := drawn[strings.LastIndex(drawn, "\n")+1:]
		if !strings.Contains(last, test.want) {
			t.Errorf("%s: no %q in\n%s", name, test.want, drawn)
		}
	}
}

// TestHeldProbe: a probe that was held is called so where it arrives, too.
func TestHeldProbe(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.timer(client, sim.TimerKeepalive, 1)
	id := s.held(client, "ACK", 0, 1, 0)
	s.step("client close")
	s.does(client, 0, "close", 3)
	s.deliver(id)
	drawn := picture(s.ladder(), 78, Options{Grow: 1})
	for _, want := range []string{"━━ probe  seq 0  #1 ━━━━━━▷", " probe #1 ▷▶┃"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("no %q in\n%s", want, drawn)
		}
	}
}

// TestChallengeACK: an ACK that acknowledges nothing new is a challenge where nothing but a RST
// that is not obeyed, or a SYN, has just arrived.
func TestChallengeACK(t *testing.T) {
	const challenge, plain = "━ challenge ACK  ack 1 ━━", "━ ACK  ack 1 ━━"
	for name, test := range map[string]struct {
		play func(s *script)
		want string
	}{
		"a RST beyond":         {func(s *script) { s.seg(client, "RST ACK", 9, 1, 0) }, challenge},
		"a SYN":                {func(s *script) { s.seg(client, "SYN", 0, 0, 0) }, challenge},
		"a RST that is obeyed": {func(s *script) { s.seg(client, "RST", 1, 0, 0) }, plain},
		"data":                 {func(s *script) { s.seg(client, "PSH ACK", 1, 1, 5) }, plain},
		"a RST, then data before a hole": {func(s *script) {
			s.seg(client, "RST", 9, 0, 0)
			s.seg(client, "PSH ACK", 4, 1, 5)
		}, plain},
		"a RST, then a call": {func(s *script) {
			s.seg(client, "RST", 9, 0, 0)
			s.call(server, "read", 4, "100")
		}, plain},
	} {
		s := newScript(sim.Captured).connected()
		s.step("deliver all")
		test.play(s)
		s.seg(server, "ACK", 1, 1, 0)
		if drawn := picture(s.ladder(), 78, Options{Grow: 1}); !strings.Contains(drawn, test.want) || strings.Contains(drawn, "challenge") != (test.want == challenge) {
			t.Errorf("%s: no %q in\n%s", name, test.want, drawn)
		}
	}
	s := newScript(sim.Inferred).connected()
	s.seg(client, "RST", 9, 0, 0)
	s.seg(server, "ACK", 1, 1, 0)
	if drawn := picture(s.ladder(), 78, Options{Grow: 1}); strings.Contains(drawn, "challenge") {
		t.Errorf("an inferred segment proves nothing:\n%s", drawn)
	}
}
