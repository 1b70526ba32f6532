package tui

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"

	"finwait/sim"
	"finwait/sim/lesson"
	simulation "finwait/sim/model"
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

// BenchmarkFrame draws the screen at the end of a lesson. The aims: 1 ms at 100×30, 3 ms at 200×60.
func BenchmarkFrame(b *testing.B) {
	l, err := lesson.Find("client-gone")
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []struct{ w, h int }{{80, 24}, {100, 30}, {200, 60}} {
		b.Run(sizeName(size.w, size.h), func(b *testing.B) {
			m, _ := playedOnModel(b, l, len(l.Steps))
			m.onSize(size.w, size.h)
			b.ReportAllocs()
			for b.Loop() {
				m.refresh()
				_ = m.draw()
			}
		})
	}
}

// playedOnModel returns the screen of a lesson of which n steps were made on the model, and a
// function that makes a step of one's own.
func playedOnModel(b *testing.B, l *lesson.Lesson, n int) (m *model, own func(text string)) {
	b.Helper()
	c := simulated(l)
	m = newModel(c, shell{ctx: context.Background(), labs: newLabPool(c.Open, nil), now: time.Now})
	m.onSize(100, 30)
	hosts, log := simulation.Open(simulation.Options{Lesson: l.Name, Title: l.Title, Wire: l.HasWire()})
	player := m.play.player
	m.play.observe(log, time.Now())
	for {
		next, s, ok := player.Next()
		if !ok || next > n {
			break
		}
		player.Started()
		m.play.observe(hosts.Do(next, s.Step), time.Now())
	}
	m.play.opened, m.play.lab = true, newFakeLab()
	m.refresh()
	return m, func(text string) {
		next, ok := player.Own()
		if !ok {
			b.Fatal("no step of one's own is possible")
		}
		player.StartedOwn()
		m.play.observe(hosts.Do(next, sim.MustParseStep(text)), time.Now())
	}
}

// BenchmarkLongLog is the time from a key to the drawn screen in a log of 100,000 events, without
// the framework's wait for its next frame, at most 13 ms. The aim is 33 ms for the two.
func BenchmarkLongLog(b *testing.B) {
	l, err := lesson.Find("client-gone")
	if err != nil {
		b.Fatal(err)
	}
	m, own := playedOnModel(b, l, 0)
	for m.play.player.Log().Len() < 100_000 {
		for _, text := range []string{"client write 100", "server read 100", "server write 100", "client read 100"} {
			own(text)
		}
	}
	if failed := m.play.fold.failed; failed > 0 || m.play.fold.ladder.Len() < 10_000 {
		b.Fatalf("%d rows, %d steps refused", m.play.fold.ladder.Len(), failed)
	}
	for _, key := range []string{"step", "left", "left again", "home", "end"} {
		b.Run(key, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				m.Update(keyPress("end"))
				switch key {
				case "left again":
					m.Update(keyPress("left"))
				case "end":
					m.Update(keyPress("home"))
				}
				begin := time.Now()
				switch key {
				case "step":
					own("client poll")
					m.refresh()
				case "left again":
					m.Update(keyPress("left"))
				default:
					m.Update(keyPress(key))
				}
				_ = m.draw()
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
		})
	}
}

// BenchmarkArrowBytes is what a terminal is sent for one frame while an arrow grows, and after the
// last one. The aims: 150 bytes, and none.
func BenchmarkArrowBytes(b *testing.B) {
	l, err := lesson.Find("client-gone")
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []struct{ w, h int }{{80, 24}, {100, 30}, {200, 60}} {
		b.Run(sizeName(size.w, size.h), func(b *testing.B) {
			var out bytes.Buffer
			frames, sent, most, idle := 0, 0, 0, 0
			for b.Loop() {
				m, own := playedOnModel(b, l, 0)
				m.onSize(size.w, size.h)
				r := uv.NewTerminalRenderer(&out, []string{"TERM=xterm-256color", "COLORTERM=truecolor"})
				r.SetFullscreen(true)
				frame := func() int {
					before := out.Len()
					m.refresh()
					buf := uv.NewScreenBuffer(size.w, size.h)
					uv.NewStyledString(m.draw()).Draw(buf, buf.Bounds())
					r.Render(buf.RenderBuffer)
					_ = r.Flush()
					return out.Len() - before
				}
				m.play.animate = true
				own("client write 5")
				frame() // the step itself
				at := m.play.now
				for m.play.revealing() {
					at = at.Add(frameTime)
					m.play.passTime(at)
					if m.play.revealing() {
						n := frame()
						frames, sent, most = frames+1, sent+n, max(most, n)
					}
				}
				frame()
				idle += frame()
			}
			b.ReportMetric(float64(sent)/float64(frames), "bytes/frame")
			b.ReportMetric(float64(most), "most-bytes")
			b.ReportMetric(float64(idle), "idle-bytes")
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
