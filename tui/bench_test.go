package tui

import (
	"bytes"
	"context"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"

	"finwait/sim"
	"finwait/sim/lesson"
)

// played returns the screen of the tests' lesson and a function that makes the
// next step and shows it.
func played(w, h int) (m *model, step func()) {
	lab := newFakeLab()
	open := func(context.Context, *lesson.Lesson) (sim.Lab, error) { return lab, nil }
	c := lessonConfig()
	c.Open = open
	m = newModel(c, shell{ctx: context.Background(), labs: newLabPool(open, nil), now: time.Now})
	m.onSize(w, h)
	m.onOpened(openedMsg{play: 1, lab: lab})
	step = func() {
		n, s, _ := m.play.player.Next()
		m.play.player.Started()
		_ = lab.Start(n, s.Step)
		var events []sim.Event
		for len(lab.events) > 0 {
			events = append(events, <-lab.events)
		}
		m.play.observe(events, time.Now())
		m.refresh()
	}
	for range 3 { // the connection
		step()
	}
	return m, step
}

// BenchmarkFrame draws the screen in the middle of a lesson.
func BenchmarkFrame(b *testing.B) {
	for _, size := range sizes {
		b.Run(sizeName(size.w, size.h), func(b *testing.B) {
			m, step := played(size.w, size.h)
			step()
			step()
			step()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				m.refresh()
				_ = m.draw()
			}
		})
	}
}

// BenchmarkStepBytes is what a terminal is sent for one step: `write`, a segment,
// its answer, two states and a new story.
func BenchmarkStepBytes(b *testing.B) {
	sent := 0
	for range b.N {
		m, step := played(100, 30)
		step()
		step()
		var out bytes.Buffer
		r := uv.NewTerminalRenderer(&out, []string{"TERM=xterm-256color", "COLORTERM=truecolor"})
		r.SetFullscreen(true)
		frame := func() {
			buf := uv.NewScreenBuffer(100, 30)
			uv.NewStyledString(m.draw()).Draw(buf, buf.Bounds())
			r.Render(buf.RenderBuffer)
			_ = r.Flush()
		}
		frame()
		before := out.Len()
		step()
		frame()
		sent += out.Len() - before
	}
	b.ReportMetric(float64(sent)/float64(b.N), "bytes/step")
}
