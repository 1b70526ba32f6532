package lesson

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
)

const walk = `
First the client.

` + "```finwait" + `
client close
expect client FIN_WAIT2
expect server CLOSE_WAIT
server read 100
` + "```" + `

Then the server.

` + "```finwait" + `
server close
` + "```" + `

The end.
`

// startNext starts the player's next step and returns it as "number step".
func startNext(t *testing.T, p *Player) string {
	t.Helper()
	n, s, ok := p.Next()
	if !ok {
		t.Fatal("there is no next step")
	}
	p.Started()
	return fmt.Sprintf("%d %s", n, s)
}

func settle(p *Player, step int) []sim.Event {
	return p.Observe(sim.Event{T: 1.5, Step: step, Body: sim.StepSettled{}})
}

func TestPlayerWalksThrough(t *testing.T) {
	l := mustParse(t, walk)
	p := NewPlayer(l)
	if p.Lesson() != l {
		t.Error("another lesson")
	}
	var got []string
	for !p.Done() {
		n, _, _ := p.Next()
		step := startNext(t, p)
		if !p.Busy() {
			t.Fatal("not busy")
		}
		got = append(got, step)
		p.Observe(sim.Event{Step: n, Body: sim.StepBegun{}})
		if !p.Busy() || p.Done() {
			t.Fatal("settled too early")
		}
		settle(p, n)
		if p.Busy() {
			t.Fatal("still busy")
		}
	}
	want := []string{
		"0 server listen", "0 client connect", "0 server accept",
		"1 client close", "2 server read 100", "3 server close",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, _, ok := p.Next(); ok {
		t.Error("there is a step after the last")
	}
	p.Started()
	if p.Busy() {
		t.Error("a step that does not exist was started")
	}
}

// On the wire no segment is held while the connection is established.
func TestPlayerSetsUpTheWire(t *testing.T) {
	p := NewPlayer(mustParse(t, onWire("client close", "deliver")))
	var got []string
	for !p.Done() {
		n, _, _ := p.Next()
		got = append(got, startNext(t, p))
		settle(p, n)
	}
	want := "0 auto deliver on, 0 server listen, 0 client connect, 0 server accept, 0 auto deliver off, 1 client close, 2 deliver"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func TestPlayerBeginsWithNothing(t *testing.T) {
	p := NewPlayer(mustParse(t, "---\nbegin: nothing\n---\n"+walk))
	if got, want := startNext(t, p), "1 client close"; got != want {
		t.Errorf("begins with %q, want %q", got, want)
	}
}

func TestPlayerStartsOneStepAtATime(t *testing.T) {
	p := NewPlayer(mustParse(t, lessonOf("server listen", "client connect")))
	startNext(t, p)
	p.Started()
	if n, s, _ := p.Next(); n != 2 || s.Verb != sim.VerbConnect {
		t.Errorf("next is %d %s", n, s)
	}
}

func TestPlayerChecksExpectations(t *testing.T) {
	p := NewPlayer(mustParse(t, "---\nbegin: nothing\n---\n"+walk))
	startNext(t, p)
	p.Observe(sim.Event{Step: 1, Body: sim.StepBegun{}})
	p.Observe(sim.Event{Step: 1, At: sim.Client, Body: sim.StateChanged{Conn: 1, To: sim.FinWait2}})
	verdicts := settle(p, 1)
	want := []sim.Event{
		{T: 1.5, Step: 1, Body: sim.ExpectationChecked{Text: "client FIN_WAIT2", OK: true, Got: "FIN_WAIT2", Line: 9, Column: 8}},
		{T: 1.5, Step: 1, Body: sim.ExpectationChecked{Text: "server CLOSE_WAIT", OK: false, Got: "CLOSED", Line: 10, Column: 8}},
	}
	if fmt.Sprint(verdicts) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", verdicts, want)
	}
	if all := p.Log().All(); len(all) != 5 || fmt.Sprint(all[3:]) != fmt.Sprint(want) {
		t.Errorf("the log holds %v", all)
	}
	if p.Failures() != 1 {
		t.Errorf("%d failures, want 1", p.Failures())
	}
}

// TestPlayerChecksAnswers: the answer that is marked right holds, the others do not. One that
// the step expects as well is checked once.
func TestPlayerChecksAnswers(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
		want  []sim.ExpectationChecked
	}{
		{"a right key", []string{"ask What?", "- client CLOSED", "* client FIN_WAIT2"}, []sim.ExpectationChecked{
			{Text: "client FIN_WAIT2", OK: true, Got: "FIN_WAIT2", Answer: sim.RightAnswer, Line: 9, Column: 3},
		}},
		{"a wrong key", []string{"ask What?", " * client CLOSED", "- server CLOSED"}, []sim.ExpectationChecked{
			{Text: "client CLOSED", Got: "FIN_WAIT2", Answer: sim.RightAnswer, Line: 8, Column: 4},
			{Text: "server CLOSED", Got: "CLOSED", Answer: sim.WrongAnswer, Line: 9, Column: 3},
		}},
		{"expected as well", []string{"ask What?", "* client FIN_WAIT2", "- client CLOSED", "ask Who?", "- no segment RST", "* server alive"}, []sim.ExpectationChecked{
			{Text: "client FIN_WAIT2", OK: true, Got: "FIN_WAIT2", Line: 14, Column: 8},
			{Text: "no segment RST", Got: "none", Answer: sim.WrongAnswer, Line: 11, Column: 3},
			{Text: "server alive", Got: "never started", Answer: sim.RightAnswer, Line: 12, Column: 3},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			lines := append(test.lines, "client close")
			if test.want[0].Answer == "" {
				lines = append(lines, "expect client FIN_WAIT2")
			}
			p := NewPlayer(mustParse(t, "---\nbegin: nothing\n---\n"+lessonOf(lines...)))
			startNext(t, p)
			p.Observe(sim.Event{Step: 1, Body: sim.StepBegun{}})
			p.Observe(sim.Event{Step: 1, At: sim.Client, Body: sim.StateChanged{Conn: 1, To: sim.FinWait2}})
			fell := 0
			var want []sim.Event
			for _, b := range test.want {
				want = append(want, sim.Event{T: 1.5, Step: 1, Body: b})
				if !b.OK {
					fell++
				}
			}
			if got := settle(p, 1); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			if p.Failures() != fell {
				t.Errorf("%d failures, want %d", p.Failures(), fell)
			}
		})
	}
}

func TestPlayerCountsRefusals(t *testing.T) {
	p := NewPlayer(mustParse(t, lessonOf("client close")))
	startNext(t, p) // a set-up step
	p.Observe(sim.Event{At: sim.Server, Body: sim.StepRefused{Why: "the port is in use"}})
	settle(p, 0)
	if p.Failures() != 1 {
		t.Errorf("%d failures, want 1", p.Failures())
	}
}

func TestPlayerIgnoresLateEvents(t *testing.T) {
	p := NewPlayer(mustParse(t, "---\nbegin: nothing\n---\n"+walk))
	if v := settle(p, 0); v != nil || p.Busy() || p.Done() {
		t.Errorf("an event before the first step settled something: %v", v)
	}
	startNext(t, p)
	settle(p, 1)
	if v := settle(p, 1); v != nil {
		t.Errorf("a step settled twice: %v", v)
	}
	p.Observe(sim.Event{Step: 1, At: sim.Client, Body: sim.TimerChanged{Timer: sim.TimerTimewait}})
	if n := p.Log().Len(); n != 6 {
		t.Errorf("the log has %d events, want 6", n)
	}
	if got, want := startNext(t, p), "2 server read 100"; got != want {
		t.Errorf("goes on with %q, want %q", got, want)
	}
}

// Two players of one lesson do not share their steps.
func TestPlayersAreIndependent(t *testing.T) {
	l := mustParse(t, walk)
	a, b := NewPlayer(l), NewPlayer(l)
	startNext(t, a)
	if b.Busy() {
		t.Error("the other player is busy")
	}
	if got, want := startNext(t, b), "0 server listen"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A person's own step goes into the log with the number of the newest step, and is marked as
// such. No expectation is checked, and the lesson continues where it was.
func TestPlayerOwn(t *testing.T) {
	p := NewPlayer(mustParse(t, "---\nbegin: nothing\n---\n"+walk))
	startNext(t, p)
	settle(p, 1)
	failures := p.Failures()
	n, ok := p.Own()
	if n != 1 || !ok {
		t.Fatalf("an own step is number %d, %v", n, ok)
	}
	p.StartedOwn()
	if _, ok := p.Own(); ok || !p.Busy() {
		t.Errorf("while it runs: another %v, busy %v", ok, p.Busy())
	}
	p.Observe(sim.Event{Step: n, Body: sim.StepBegun{Step: sim.MustParseStep("deliver 7")}})
	p.Observe(sim.Event{Step: n, Body: sim.StepRefused{Why: "segment 7 is not on the wire"}})
	if verdicts := settle(p, n); verdicts != nil {
		t.Errorf("verdicts of an own step: %v", verdicts)
	}
	if log := p.Log().All(); !sim.Of[sim.StepBegun](log[len(log)-3]).Own {
		t.Errorf("the log does not say whose step it is: %v", log[len(log)-3])
	}
	if p.Busy() || p.Failures() != failures {
		t.Errorf("afterwards: busy %v, %d failures", p.Busy(), p.Failures())
	}
	if got, want := startNext(t, p), "2 server read 100"; got != want {
		t.Errorf("goes on with %q, want %q", got, want)
	}
	p.Observe(sim.Event{Step: 2, Body: sim.StepBegun{}})
	if log := p.Log().All(); sim.Of[sim.StepBegun](log[len(log)-1]).Own {
		t.Error("the lesson's step is said to be a person's own")
	}
	p.Observe(sim.Event{Step: 2, Body: sim.StepRefused{}})
	if p.Failures() != failures+1 {
		t.Error("a refusal of the lesson's own step does not count any more")
	}
}

// No own step may be started while a step runs or before the connection is
// established; one at the end does not begin the lesson again.
func TestPlayerOwnWhen(t *testing.T) {
	p := NewPlayer(mustParse(t, onWire("client close")))
	for !p.Done() {
		n, _, _ := p.Next()
		if _, ok := p.Own(); ok != (n > 0) {
			t.Errorf("before step %d: own %v", n, ok)
		}
		startNext(t, p)
		p.StartedOwn()
		settle(p, n)
	}
	p.StartedOwn()
	if p.Done() {
		t.Error("done while an own step runs")
	}
	settle(p, 1)
	if n, ok := p.Own(); n != 1 || !ok || !p.Done() {
		t.Errorf("after the end: number %d, %v, done %v", n, ok, p.Done())
	}
}
