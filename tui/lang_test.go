package tui

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// foreign returns the text in letters of which none is ASCII, each as wide as before.
func foreign(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'а' + (r-'a')%26 // Cyrillic
		case r >= 'A' && r <= 'Z':
			return 'А' + (r-'A')%26
		}
		return r
	}, s)
}

// foreignCatalogue returns a catalogue whose every text, and whose functions' every result, is
// foreign.
func foreignCatalogue() *lang.Catalogue {
	c := *lang.English()
	translate(reflect.ValueOf(&c).Elem())
	return &c
}

// translate makes the texts of a value foreign, in place where it can be set.
func translate(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		out := reflect.New(v.Type()).Elem()
		out.SetString(foreign(v.String()))
		return set(v, out)
	case reflect.Struct:
		for i := range v.NumField() {
			translate(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			translate(v.Index(i))
		}
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), 0, v.Len())
		for i := range v.Len() {
			element := reflect.New(v.Type().Elem()).Elem()
			element.Set(v.Index(i))
			translate(element)
			out = reflect.Append(out, element)
		}
		return set(v, out)
	case reflect.Map:
		out := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			out.SetMapIndex(k, reflect.ValueOf(foreign(v.MapIndex(k).String())))
		}
		return set(v, out)
	case reflect.Func:
		english := reflect.ValueOf(v.Interface())
		return set(v, reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
			out := english.Call(args)
			for i := range out {
				out[i] = translate(out[i])
			}
			return out
		}))
	}
	return v
}

// set sets v, if it can be set, and returns out.
func set(v, out reflect.Value) reflect.Value {
	if v.CanSet() {
		v.Set(out)
	}
	return out
}

// word is an English word, not a name that the kernel spells.
var word = regexp.MustCompile(`[A-Za-z][a-z]+`)

// kept are the words that are the same in every language: keys of a keyboard, calls, what the log
// and a lesson's head spell, and units.
var kept = []string{
	"space", "enter", "tab", "esc", "home", "end", "pgup", "pgdn", "ctrl", // keys
	"connect", "accept", "read", "write", "close", "listen", "poll", "send", "recv", "shutdown", "error", "kill", "start", "setsockopt", "sigaction", "rt", // calls
	"seq", "ack", "len", // fields of a segment
	"loopback", "captured", "model", "sim", "wire", // networks and captures
	"min", // a unit
}

// leftEnglish returns the words of a text that no catalogue has made and no lesson has.
func leftEnglish(text string, l *lesson.Lesson) []string {
	known := word.FindAllString(l.Source+" "+l.Title, -1)
	var left []string
	for _, w := range word.FindAllString(text, -1) {
		begins := func(k string) bool { return strings.HasPrefix(k, w) } // it may have been cut
		if !slices.ContainsFunc(known, begins) && !slices.Contains(kept, w) && !slices.Contains(left, w) {
			left = append(left, w)
		}
	}
	return left
}

// TestNoEnglishLeft: on the screen and in the transcript of a lesson every word comes from the
// catalogue, the lesson or the kernel, so that another language is another catalogue.
func TestNoEnglishLeft(t *testing.T) {
	words := foreignCatalogue()
	for _, l := range lesson.Embedded() {
		t.Run(l.Name, func(t *testing.T) {
			c := simulated(l)
			c.Lang = words
			drive(t, 100, 30, c, func(d *driver) {
				check := func(when string) {
					t.Helper()
					if left := leftEnglish(d.text(), l); left != nil {
						t.Errorf("%s: %q in\n%s", when, left, d.text())
					}
				}
				check("at the start")
				for range l.Steps {
					d.press("space")
					check("after a step")
				}
				d.press("?")
				check("in the help")
				d.press("esc", "left")
				check("looking back")
				script := ladder.Transcript{Lang: words}
				var lines []string
				for _, e := range d.m.play.player.Log().All() {
					lines = append(lines, script.Apply(e)...)
				}
				lines = append(lines, script.Flush()...)
				if left := leftEnglish(strings.Join(lines, "\n"), l); left != nil {
					t.Errorf("in the transcript: %q in\n%s", left, strings.Join(lines, "\n"))
				}
			})
		})
	}
}

// TestLeftEnglish: the check itself finds a word that is in no catalogue.
func TestLeftEnglish(t *testing.T) {
	l := &lesson.Lesson{Source: "story"}
	if got := leftEnglish("FIN_WAIT2 "+foreign("orphan")+" story 58 s again "+sim.Established.String(), l); !slices.Equal(got, []string{"again"}) {
		t.Errorf("got %q", got)
	}
}
