package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim/lesson"
)

// withoutQuestions returns a lesson that asks nothing itself.
func withoutQuestions(t *testing.T, name string) *lesson.Lesson {
	t.Helper()
	l := found(t, name)
	for i := range l.Steps {
		l.Steps[i].Ask = nil
	}
	return l
}

// TestPredict: with p each telling step is asked about, in every lesson and at every size; whoever
// answers as the model does is right each time.
func TestPredict(t *testing.T) {
	for _, size := range sizesFor(t) {
		for _, l := range lesson.Embedded() {
			l = withoutQuestions(t, l.Name)
			drive(t, size.w, size.h, simulated(l), func(d *driver) {
				d.press("p")
				questions := 0
				for range l.Steps {
					if open := d.m.picture.quiz.open; open != nil {
						questions++
						d.asks(open)
						d.press(digits[open.right])
						if d.m.picture.quiz.open != nil {
							t.Errorf("%s: %q is still open", l.Name, open.text)
						}
					}
					d.press("space")
				}
				if right, all := d.m.play.quiz.score(d.m.play.fold.k); len(all) != questions || len(right) != questions || questions < 3 {
					t.Errorf("%s: %d of %d questions answered right, %d were asked", l.Name, len(right), len(all), questions)
				}
				d.shows(fmt.Sprintf("%d of %d questions", questions, questions))
			})
		}
	}
}

// asks checks that a question is on the screen with all its answers, and that nothing there tells
// what comes next.
func (d *driver) asks(q *asked) {
	d.t.Helper()
	screen := strings.Join(strings.Fields(d.text()), " ")
	if !strings.Contains(screen, strings.Fields(q.text)[0]) {
		d.t.Errorf("%q is not on the screen:\n%s", q.text, d.text())
	}
	for i, a := range q.answers {
		if !strings.Contains(screen, digits[i]+" "+a.text) {
			d.t.Errorf("the answer %q to %q is not on the screen:\n%s", a.text, q.text, d.text())
		}
		if why := strings.Fields(a.why); strings.Contains(screen, strings.Join(why[:min(4, len(why))], " ")) && d.m.picture.quiz.made == nil {
			d.t.Errorf("the screen says why %q:\n%s", a.text, d.text())
		}
	}
	p := &d.m.picture
	if p.layout.wide() {
		_, list, _ := strings.Cut(d.m.panes[paneSteps].render(p, p.layout[paneSteps].size()), "\n")
		for _, s := range p.lesson.Steps[p.current():] {
			if after := p.words.Step(s.Step); !slices.ContainsFunc(p.lesson.Steps[:p.current()], func(s lesson.Step) bool { return strings.Contains(p.words.Step(s.Step), after) }) && strings.Contains(list, after) {
				d.t.Errorf("the screen tells of a step to come, %q:\n%s", after, d.text())
			}
		}
	}
	if made := p.position.step; made > 0 && p.position.telling.now != p.lesson.Steps[made-1].Say {
		d.t.Errorf("the prose before the next step is on the screen: %q", p.position.telling.now)
	}
}

// TestPredictGolden: what is asked, what was answered, and the score.
func TestPredictGolden(t *testing.T) {
	screens := []struct {
		name string
		keys []string
	}{
		{"open", []string{"p", "1", "space", "space"}},
		{"answered", []string{"p", "1", "space", "space", "2"}},
		{"wrong", []string{"p", "1", "space", "space", "2", "space"}},
		{"next", []string{"p", "1", "space", "space", "1", "space", "space", "3"}},
		{"unanswered", []string{"p", "space", "space", "space"}},
		{"score", []string{"p", "1", "space", "space", "2", "space", "space", "1", "space"}},
		{"back", []string{"p", "1", "space", "space", "2", "space", "space", "left", "left"}},
	}
	for _, s := range screens {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s_%dx%d", s.name, size.w, size.h), func(t *testing.T) {
				drive(t, size.w, size.h, simulated(goneAndAsked(t)), func(d *driver) {
					d.press(s.keys...)
					golden.RequireEqual(t, []byte(d.text()))
				})
			})
		}
	}
}

// goneAndAsked returns the beginning of a story: a client is killed, the server goes on writing.
func goneAndAsked(t *testing.T) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Parse("gone.md", []byte("---\ntitle: The client goes away\nnet: loopback\nbegin: connected\n---\n\nA client is killed.\n\n"+
		"```finwait\nclient kill SIGINT\nsay Its kernel has closed its end.\nwait 1s\n```\n\nNow the server writes.\n\n```finwait\nserver write \"first message\"\nwait 1s\nserver write \"second message\"\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLessonAsks: what a lesson asks comes by itself; its answers are those of the lesson, and the
// right one is that of the kernel. Who has made a step of their own is asked no more.
func TestLessonAsks(t *testing.T) {
	l, err := lesson.Parse("asks.md", []byte("---\ntitle: Asks\nnet: loopback\nbegin: connected\n---\n\nA client closes.\n\n"+
		"```finwait\nclient close\nask What will the *server's* read do?\n* returns 0 > That is the end of file.\n- fails ECONNRESET > No RST has come.\nserver read 10\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(l), func(d *driver) {
			d.hides("What will")
			d.press("space")
			d.shows("What will the server's read do?", "1 returns 0", "2 fails ECONNRESET", "1-2 answer")
			d.hides("That is the end of file", "No RST")
			d.press("2")
			d.shows("2 fails ECONNRESET")
			d.hides("1 returns 0", "1-2 answer")
			d.press("space")
			d.shows("✗ fails ECONNRESET: No RST has come.", "✓ returns 0: That is the end of file.", "0 of 1 question", "Look again at")
		})
		drive(t, size.w, size.h, simulated(l), func(d *driver) {
			d.press("space")
			d.shows("What will the server's read do?")
			d.press(":")
			d.types("server write 5")
			d.press("enter")
			d.hides("What will the server's read do?", "1-2 answer")
		})
	}
}

// TestAnswerKeys: while a question is open 1 and 2 answer it, else they choose an end.
func TestAnswerKeys(t *testing.T) {
	drive(t, 80, 24, simulated(goneAndAsked(t)), func(d *driver) {
		d.press("1")
		d.shows(" client", "k kill")
		d.press("esc", "p")
		d.shows("What will the client's kernel send?", "1-4 answer")
		d.press("5", "9")
		d.shows("1-4 answer")
		d.press("1")
		d.hides("1-4 answer", "k kill")
		d.press("1")
		d.shows(" client", "k kill")
	})
}

// TestPredictOff: p again asks no more, and forgets what nobody has answered.
func TestPredictOff(t *testing.T) {
	drive(t, 80, 24, simulated(goneAndAsked(t)), func(d *driver) {
		d.press("p")
		d.shows("p ask no more")
		d.press("p")
		d.hides("What will")
		d.shows("p predict")
		d.press("p")
		d.shows("What will")
		d.press("space", "left")
		d.hides("1-4 answer")
	})
}

// TestPredictAnotherWay: what was answered about the steps that are made once more is kept, and the
// step that was undone is asked about again.
func TestPredictAnotherWay(t *testing.T) {
	drive(t, 80, 24, simulated(goneAndAsked(t)), func(d *driver) {
		d.press("p", "1", "space", "space", "2", "space")
		d.shows("✗ fails, ECONNRESET")
		d.press("u")
		d.shows("What will the server's write do?", "1-4 answer", "1 of 1 right")
		d.press("1", "space")
		d.shows("✓ returns 13")
		if right, all := d.m.play.quiz.score(d.m.play.fold.k); len(right) != 2 || len(all) != 2 {
			t.Errorf("%d of %d", len(right), len(all))
		}
	})
}
