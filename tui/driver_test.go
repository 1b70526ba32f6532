package tui

import (
	"context"
	"image/color"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
	"finwait/sim/lesson"
)

// driver stands for the framework: it feeds messages to the model, runs the commands that
// come back, and feeds what those return. Time passes in wait only, so that no test takes
// time, and every run sees the same.
type driver struct {
	t       *testing.T
	m       *model
	lab     *fakeLab // the lab that was opened last
	labs    *labPool
	results chan tea.Msg
	quit    bool
	raw     []string       // sequences sent to the terminal
	widths  map[string]int // cells of the rows that were measured
	opened  int
}

// drive runs a test on a screen of the given size.
func drive(t *testing.T, w, h int, c Config, test func(d *driver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		d := &driver{t: t, results: make(chan tea.Msg, 4096), widths: map[string]int{}}
		if c.Open == nil {
			c.Open = func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) {
				d.opened++
				d.lab = newFakeLab()
				if l.Net == sim.Wire {
					d.lab = newFakeWire()
				}
				return d.lab, nil
			}
		}
		d.labs = newLabPool(c.Open, c.OpenModel)
		d.labs.openBeside = c.OpenBeside
		d.m = newModel(c, shell{ctx: ctx, labs: d.labs, now: time.Now, wire: c.Wire, save: c.Save, saveLesson: c.SaveLesson, finished: c.Finished})
		defer func() {
			cancel()
			if err := d.labs.close(); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Hour) // the timers that are left run out
		}()
		d.run(d.m.Init())
		d.send(tea.WindowSizeMsg{Width: w, Height: h}, tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.BackgroundColorMsg{Color: color.Black})
		test(d)
	})
}

// lessonConfig returns the tests' lesson, played without menu and animation.
func lessonConfig() Config {
	dark := true
	return Config{First: testLesson(), Dark: &dark}
}

// menuConfig returns a menu of two lessons.
func menuConfig() Config {
	c := lessonConfig()
	c.Lessons, c.First = func() []*lesson.Lesson { return []*lesson.Lesson{testLesson(), otherLesson()} }, nil
	return c
}

// otherLesson returns the second lesson of the menu.
func otherLesson() *lesson.Lesson {
	l := testLesson()
	l.Name, l.Title, l.Minutes = "four-way", "Four segments", 3
	l.Summary = "The client closes, then the server: four segments, and a minute of TIME_WAIT."
	return l
}

// send feeds messages and everything that follows from them.
func (d *driver) send(msgs ...tea.Msg) {
	for _, msg := range msgs {
		d.handle(msg)
		d.drain()
	}
}

// drain feeds what commands have returned so far.
func (d *driver) drain() {
	for {
		synctest.Wait()
		select {
		case msg := <-d.results:
			d.handle(msg)
		default:
			return
		}
	}
}

func (d *driver) handle(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
		return
	case tea.Cmd, func() tea.Msg:
		d.t.Fatalf("a command where a message belongs: %T", msg)
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.run(cmd)
		}
		return
	case tea.QuitMsg:
		d.quit = true
		return
	case tea.RawMsg:
		d.raw = append(d.raw, msg.Msg.(string))
		return
	}
	if reflect.TypeOf(msg).Kind() == reflect.Slice && reflect.TypeOf(msg).PkgPath() == "charm.land/bubbletea/v2" {
		d.t.Fatalf("a sequence: %T", msg) // no command here needs a sequence
	}
	next, cmd := d.m.Update(msg)
	if next != tea.Model(d.m) {
		d.t.Fatalf("Update returned another model: %T", next)
	}
	d.check()
	d.run(cmd)
}

// run runs a command until it has returned or waits for something.
func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() { d.results <- cmd() }()
	synctest.Wait()
}

// wait lets time pass, and handles what falls due on the way.
func (d *driver) wait(span time.Duration) {
	const grain = 5 * time.Millisecond
	for ; span > 0; span -= grain {
		time.Sleep(min(span, grain)) //nolint:gocritic // the bubble's time, which takes none
		d.drain()
	}
}

// press presses keys by their names.
func (d *driver) press(names ...string) {
	for _, name := range names {
		d.send(keyPress(name))
	}
}

// keyPress returns the message of a key.
func keyPress(name string) tea.KeyPressMsg {
	special := map[string]rune{
		"space": tea.KeySpace, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "left": tea.KeyLeft, "right": tea.KeyRight,
		"up": tea.KeyUp, "down": tea.KeyDown, "home": tea.KeyHome, "backspace": tea.KeyBackspace, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// check makes sure that the screen is exactly as large as the terminal.
func (d *driver) check() {
	content := d.m.View().Content
	if d.m.w <= 0 || d.m.h <= 0 {
		return
	}
	rows := strings.Split(content, "\n")
	if len(rows) != d.m.h {
		d.t.Fatalf("%d rows on a screen of %d×%d", len(rows), d.m.w, d.m.h)
	}
	for y, row := range rows {
		w, measured := d.widths[row]
		if !measured {
			w = ansi.StringWidth(row)
			d.widths[row] = w
		}
		if w != d.m.w {
			d.t.Fatalf("row %d is %d cells wide on a screen of %d×%d: %q", y, w, d.m.w, d.m.h, ansi.Strip(row))
		}
	}
}

// cells returns the screen as a terminal draws it.
func (d *driver) cells() uv.ScreenBuffer { return cellsOf(d.m.View().Content, d.m.w, d.m.h) }

// cellsOf returns what a terminal of w columns and h rows draws.
func cellsOf(content string, w, h int) uv.ScreenBuffer {
	buf := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(content).Draw(buf, buf.Bounds())
	return buf
}

// rows returns the text of the screen, row by row.
func (d *driver) rows() []string {
	buf := d.cells()
	rows := make([]string, d.m.h)
	for y := range rows {
		var b strings.Builder
		for x := range d.m.w {
			if c := buf.CellAt(x, y); c != nil && c.Content != "" {
				b.WriteString(c.Content)
			} else if c == nil || c.Width != 0 {
				b.WriteString(" ")
			}
		}
		rows[y] = strings.TrimRight(b.String(), " ")
	}
	return rows
}

// text returns the screen as text.
func (d *driver) text() string { return strings.Join(d.rows(), "\n") + "\n" }

// shows fails the test unless the screen has all the texts.
func (d *driver) shows(texts ...string) {
	d.t.Helper()
	screen := d.text()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			d.t.Errorf("the screen does not show %q:\n%s", text, screen)
		}
	}
}

// hides fails the test if the screen has one of the texts.
func (d *driver) hides(texts ...string) {
	d.t.Helper()
	screen := d.text()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			d.t.Errorf("the screen shows %q:\n%s", text, screen)
		}
	}
}
