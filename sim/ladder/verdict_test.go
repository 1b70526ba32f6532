package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// TestDiffers: a difference from the model has a row of its own, below what the kernel did.
func TestDiffers(t *testing.T) {
	const fin, ack = "FIN ACK seq 1 ack 1", "ACK ack 2"
	for _, c := range []struct {
		name          string
		at            sim.End
		what          sim.What
		model, kernel string
		want          string
	}{
		{"beside the client's line", client, sim.WhatState, "FIN_WAIT2", "CLOSED", "         kernel: CLOSED ┃ ≠ model: FIN_WAIT2         ┃"},
		{"beside the server's line", server, sim.WhatState, "CLOSE_WAIT", "CLOSED", "                        ┃           kernel: CLOSED ≠ ┃ model: CLOSE_WAIT"},
		{"nothing on one side", client, sim.WhatSignal, "", "SIGPIPE killed", " kernel: SIGPIPE killed ┃ ≠ model: no signal         ┃"},
		{"only in what they differ, the end", client, sim.WhatSegment, fin + "; " + ack, fin, "   kernel: nothing else ┃ ≠ model: also ACK ack 2    ┃"},
		{"only in what they differ, the beginning", server, sim.WhatSegment, fin, ack + "; " + fin, "                        ┃   kernel: also ACK ack 2 ≠ ┃ model: nothing else"},
		{"nothing in common", client, sim.WhatSegment, fin, ack, "            client, kernel: ACK ack 2 ≠ model: FIN ACK seq 1 ack 1"},
		{"a long state", client, sim.WhatState, "ESTABLISHED", "FIN_WAIT2, orphan, timewait", "       client, kernel: FIN_WAIT2, orphan, timewait ≠ model: ESTABLISHED"},
		{
			"from where they differ", server, sim.WhatSegment, "PSH ACK seq 1 ack 20000 len 14 and so on", "PSH ACK seq 1 ack 20000 len 13 and so on",
			"        server, kernel: … len 13 and so on ≠ model: … len 14 and so on",
		},
		{"not returned", server, sim.WhatReturn, "write = 13", "", "                        ┃ kernel: has not returned ≠ ┃ model: write = 13"},
		{"the longer one is cut", client, sim.WhatReturn, "write = 13", "read = " + strings.Repeat("9", 99), " client, kernel: read = 99999999999999999999999999999999… ≠ model: write = 13"},
	} {
		s := newScript(sim.Captured).connected()
		s.step("client close")
		before := s.ladder().Len()
		s.differs(c.at, c.what, c.model, c.kernel)
		l := s.ladder()
		if l.Len() != before+1 {
			t.Errorf("%s: %d rows, then %d", c.name, before, l.Len())
			continue
		}
		if got := l.Draw(before, before+1, 78, Options{Grow: 1})[0].String(); got != c.want {
			t.Errorf("%s: got\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

// TestAgreementHasNoRow: verdicts of agreement leave the ladder as it is.
func TestAgreementHasNoRow(t *testing.T) {
	s := newScript(sim.Captured).connected()
	want := picture(s.ladder(), 78, Options{Grow: 1})
	s.agrees(client, sim.WhatState, "ESTABLISHED")
	s.agrees(server, sim.WhatBlocked, "")
	if got := picture(s.ladder(), 78, Options{Grow: 1}); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// TestSilent: a row says that the model says nothing more, with the reason where there is
// room; so does a line of the transcript in each of its forms.
func TestSilent(t *testing.T) {
	const why = "a write of more than one segment"
	s := newScript(sim.Captured).connected()
	s.step("client write 20000")
	s.does(client, 20000, "write", 3, `"xxx"...`, "20000")
	s.add(sim.Event{Body: sim.ModelSilent{Why: why}})
	l := s.ladder()
	for width, want := range map[int]string{
		78: "model: no verdicts from here on: " + why,
		60: "model silent: " + why,
		40: "model silent",
	} {
		line := l.Draw(l.Len()-1, l.Len(), width, Options{Grow: 1})[0].String()
		if got := strings.Trim(line, " ┃"); got != want {
			t.Errorf("%d columns: got %q, want %q", width, got, want)
		}
	}
	for _, c := range []struct {
		form Transcript
		want string
	}{
		{Transcript{}, "\n\n· model: no verdicts from here on: " + why + "\n"},
		{Transcript{ASCII: true}, "\n\n- model: no verdicts from here on: " + why + "\n"},
		{Transcript{Plain: true}, "\n1  model: no verdicts from here on: " + why + ".\n"},
	} {
		text := transcript(c.form, append(s.log, sim.Event{Body: sim.StepSettled{}}))
		if strings.Count(text, "no verdicts") != 1 || !strings.Contains(text, c.want) || !strings.Contains(text, "No step was compared with the model: "+why) {
			t.Errorf("no %q in\n%s", c.want, text)
		}
	}
}
