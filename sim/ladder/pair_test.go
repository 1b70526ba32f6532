package ladder_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/lesson"
	"finwait/sim/model"
	"finwait/sim/text"
)

// endings is a lesson with two runs, of which the second has a step more.
const endings = "---\ntitle: Two endings\n---\n# Two endings\n\n```finwait\nclient close\nrun A: default\nserver sigpipe default\n" +
	"server write \"first\"\nserver write \"second\"\nrun B: ignored\nserver sigpipe ignore\nserver write \"first\"\nserver write \"second\"\nserver close\n```\n"

// heldEndings is one on the wire: in the second run the FIN is lost.
const heldEndings = "---\ntitle: A FIN\nnet: wire\n---\n# A FIN\n\n```finwait\nclient close\nrun A: arrives\ndeliver client\n" +
	"server close\nrun B: is lost\ndrop client\nserver close\n```\n"

// logOf returns the log of a lesson on the model.
func logOf(l *lesson.Lesson) []sim.Event {
	lab, begun := model.Open(model.Options{Title: l.Heading(), Wire: l.HasWire()})
	player := lesson.NewPlayer(l)
	for _, e := range begun {
		player.Observe(e)
	}
	for {
		n, step, more := player.Next()
		if !more {
			return player.Log().All()
		}
		player.Started()
		for _, e := range lab.Do(n, step.Step) {
			player.Observe(e)
		}
	}
}

// runsOf returns the logs of both runs of a lesson.
func runsOf(t *testing.T, text string) (names [2]string, logs [2][]sim.Event) {
	t.Helper()
	l, err := lesson.Parse("x.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i, run := range l.Runs() {
		names[i], logs[i] = run.Run.String(), logOf(run)
	}
	return names, logs
}

// TestPairGolden: two endings as text.
func TestPairGolden(t *testing.T) {
	for _, c := range []struct {
		name, lesson string
		width        int
		ascii        bool
	}{
		{"loopback", endings, 120, false}, {"narrow", endings, 87, false}, {"wire", heldEndings, 100, false}, {"ascii", endings, 100, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			names, logs := runsOf(t, c.lesson)
			p := PairTranscript{Names: names, Held: c.name == "wire", Width: c.width, ASCII: c.ascii}
			for side, log := range logs {
				for _, e := range log {
					p.Apply(side, e)
				}
			}
			lines, differ := p.Lines()
			if !differ {
				t.Error("no difference was found")
			}
			golden.RequireEqual(t, strings.Join(lines, "\n")+"\n")
		})
	}
}

// TestPairIsTheSame: a log does not differ from itself.
func TestPairIsTheSame(t *testing.T) {
	_, logs := runsOf(t, endings)
	p := PairTranscript{Names: [2]string{"one", "two"}, Width: 120}
	for _, e := range logs[0] {
		p.Apply(0, e)
		p.Apply(1, e)
	}
	lines, differ := p.Lines()
	if last := lines[len(lines)-1]; differ || last != "= No difference in 4 steps." {
		t.Errorf("differ: %v, %q", differ, last)
	}
}

// TestPairIsAligned: whatever both logs are and however long, each step begins in one row of both,
// a row has as many cells as are asked for, and it is the row of the ladder alone.
func TestPairIsAligned(t *testing.T) {
	_, ends := runsOf(t, endings)
	_, held := runsOf(t, heldEndings)
	all := [][]sim.Event{ends[0], ends[1], held[0], held[1]}
	rapid.Check(t, func(t *rapid.T) {
		var p Pair
		var ladders [2]Ladder
		for side := range 2 {
			log := all[rapid.IntRange(0, len(all)-1).Draw(t, "log")]
			if rapid.Bool().Draw(t, "any") {
				log = rapid.SliceOfN(anyEvent(), 0, 30).Draw(t, "events")
			}
			for _, e := range log[:rapid.IntRange(0, len(log)).Draw(t, "length")] {
				p.Apply(side, e)
				ladders[side].Apply(e)
			}
		}
		w := rapid.IntRange(0, 200).Draw(t, "width")
		o := PairOptions{Options: Options{Grow: 1, ASCII: rapid.Bool().Draw(t, "ascii")}, Grows: [2]float64{1, 1}, Marked: rapid.IntRange(-1, 9).Draw(t, "marked")}
		for what, drawn := range map[string][]text.Line{
			"both": p.Draw(-1, p.Len()+1, w, o), "left": p.DrawSide(0, 0, p.Len(), w, o), "right": p.DrawSide(1, 0, p.Len(), w, o),
		} {
			if len(drawn) != p.Len() {
				t.Fatalf("%s: %d rows, want %d", what, len(drawn), p.Len())
			}
			for i, l := range append(drawn, p.Head(w, o.Options), p.HeadSide(1, w, o.Options), p.Titles([2]string{"A", "B"}, w, o.Options)) {
				if l.Width() != w {
					t.Fatalf("%s: row %d has %d cells of %d: %q", what, i, l.Width(), w, l.String())
				}
			}
		}
		for step := range p.Steps() + 2 {
			if from, to := p.Row(step), p.Row(step+1); from > to || to > p.Len() {
				t.Fatalf("step %d has rows %d to %d of %d", step, from, to, p.Len())
			}
		}
		if p.Len() < max(ladders[0].Len(), ladders[1].Len()) || p.Len() > ladders[0].Len()+ladders[1].Len() {
			t.Fatalf("%d rows of %d and %d", p.Len(), ladders[0].Len(), ladders[1].Len())
		}
	})
}
