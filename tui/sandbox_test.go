package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// sandbox returns the lab without a lesson, on the model.
func sandbox(net sim.Net) Config {
	w := lang.English()
	return simulated(lesson.Sandbox(net, w.SandboxTitle, w.SandboxStory))
}

// saves lets lessons be saved, and returns where they are.
func saves(c *Config) map[string]string {
	files := map[string]string{}
	c.SaveLesson = func(name, text string, over bool) error {
		if _, there := files[name]; there && !over {
			return errors.New(name + " is there already")
		}
		files[name] = text
		return nil
	}
	return files
}

// TestSandbox: a lab without a lesson begins with two ends and the line, which stays; what was done
// is saved as a lesson.
func TestSandbox(t *testing.T) {
	for _, size := range sizes {
		c := sandbox(sim.Loopback)
		files := saves(&c)
		drive(t, size.w, size.h, c, func(d *driver) {
			d.shows(" :", "client server wait save", "The lab", "0 steps")
			d.hides("end of lesson")
			d.types("save x.md")
			d.press("enter")
			d.shows("nothing was done yet that could be saved")
			d.send(keyPress("ctrl+u"))
			for _, step := range []string{"server listen", "client connect", "server accept", "client close"} {
				d.types(step)
				d.press("enter")
			}
			d.shows("FIN_WAIT2", "CLOSE_WAIT", "4 steps", " :")
			d.hides("‹yours›", "✗")
			d.types("client poll")
			d.press("enter")
			d.shows("not done: ")
			d.types("save x.md")
			d.press("enter")
			d.shows("saved as x.md")
			d.types("save x.md")
			d.press("enter")
			d.shows("x.md is there already")
			d.press("esc")
			d.shows(": types the next step")
			d.press("u")
			d.press("u")
			d.shows("3 steps")
			d.hides("CLOSE_WAIT")
			d.press("s", "enter", "f", "f", "?", "?", ":")
			d.shows("5 steps", " :")
			d.types("1")
			d.press("enter")
			d.shows("there is no step 1")
		})
		l, err := lesson.Parse("x.md", []byte(files["x.md"]))
		if err != nil {
			t.Fatalf("%v in\n%s", err, files["x.md"])
		}
		if got := len(l.Steps); got != 4 || l.Begin != lesson.BeginNothing || strings.Contains(files["x.md"], "of the lesson") {
			t.Errorf("%d steps in\n%s", got, files["x.md"])
		}
	}
}

// TestSandboxEarly: a step that is entered before the lab is open is made when it is.
func TestSandboxEarly(t *testing.T) {
	c := sandbox(sim.Loopback)
	open := c.Open
	c.Open = func(ctx context.Context, l *lesson.Lesson) (sim.Lab, error) {
		<-time.After(time.Second) // the bubble's time
		return open(ctx, l)
	}
	drive(t, 80, 24, c, func(d *driver) {
		d.types("server listen")
		d.press("enter")
		d.shows(" : server listen", "0 steps")
		d.wait(2 * time.Second)
		d.shows("1 step", "LISTEN")
		d.hides(" : server")
	})
}

// TestSandboxOnWire: on the wire its segments are held, and keys deliver them once the line is left.
func TestSandboxOnWire(t *testing.T) {
	drive(t, 100, 30, sandbox(sim.Wire), func(d *driver) {
		for _, step := range []string{"server listen", "client connect"} {
			d.types(step)
			d.press("enter")
		}
		d.shows("1 in flight", "SYN_SENT")
		d.press("esc", "D")
		d.shows("ESTABLISHED")
	})
}

// TestSaveLesson: what was done in a lesson is saved with the person's own steps, and a name that
// is no good is said in one sentence.
func TestSaveLesson(t *testing.T) {
	c := simulated(found(t, "client-gone"))
	files := saves(&c)
	drive(t, 80, 24, c, func(d *driver) {
		d.press("space", "space", "space")
		d.enters("server poll")
		d.enters("save mine.md")
		d.shows("saved as mine.md", "step 3/27")
		d.press("left")
		d.hides("saved as")
	})
	if !strings.Contains(files["mine.md"], "server poll\nexpect events only") || !strings.Contains(files["mine.md"], "The client goes away: another way") {
		t.Error(files["mine.md"])
	}
}
