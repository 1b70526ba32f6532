package lesson

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"finwait/sim"
	"finwait/sim/text"
)

// fence is the line that begins and ends the front matter.
const fence = "---"

// timers is the key of a setting that needs a wire.
const timers = "timers"

// maxMinutes is the longest a lesson may say it takes.
const maxMinutes = 600

// settings are the keys of the front matter: each reads its value, which is one word,
// into the lesson.
var settings = []struct {
	key string
	set func(l *Lesson, value *sim.Lexer)
}{
	{"title", func(l *Lesson, v *sim.Lexer) { l.Title = v.Next("a title").Text }},
	{"summary", func(l *Lesson, v *sim.Lexer) { l.Summary = v.Next("a sentence").Text }},
	{"net", func(l *Lesson, v *sim.Lexer) {
		l.Net = sim.Net(v.OneOf("a network", string(sim.Loopback), string(sim.Wire), string(sim.Model)))
	}},
	{"minutes", func(l *Lesson, v *sim.Lexer) { l.Minutes = v.Number("a number of minutes", 1, maxMinutes) }},
	{"begin", func(l *Lesson, v *sim.Lexer) { l.Begin = v.OneOf("a beginning", BeginConnected, BeginNothing) }},
	{timers, func(l *Lesson, v *sim.Lexer) {
		l.Timers = v.OneOf("whose timers they are", TimersPatient, TimersKernel)
	}},
}

// frontMatter reads the settings at the top of the file into the lesson and
// returns the number of the first line after them.
func (s *source) frontMatter(l *Lesson) (int, error) {
	if strings.TrimRight(s.lines[0], " \t") != fence {
		return 1, nil
	}
	given := map[string]int{} // the lines of the keys
	for i := 1; i < len(s.lines); i++ {
		line := s.lines[i]
		if strings.TrimRight(line, " \t") == fence {
			if n := given[timers]; n > 0 && !l.HasWire() {
				return 0, s.errorAt(n, needsWire(trimmedWord(s.lines[n-1][:strings.Index(s.lines[n-1], ":")], 1)))
			}
			return i + 2, nil
		}
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		if err := setting(l, line, i+1, given); err != nil {
			return 0, s.errorAt(i+1, err)
		}
	}
	return 0, s.errorf(1, 1, "the front matter has no end; it ends with a line %s", fence)
}

// setting reads line n of the front matter, "key: value". Given has the lines of the keys
// so far.
func setting(l *Lesson, line string, n int, given map[string]int) error {
	key, value, found := strings.Cut(line, ":")
	k := trimmedWord(key, 1)
	if !found {
		return &sim.SyntaxError{
			Col: k.Col, Msg: sim.Quote(k.Text) + " has no value",
			Hint: `a setting is written "net: loopback"`,
		}
	}
	var keys []string
	for _, set := range settings {
		keys = append(keys, set.key)
		if set.key != k.Text {
			continue
		}
		if given[k.Text] > 0 {
			return &sim.SyntaxError{Col: k.Col, Msg: sim.Quote(k.Text) + " is there twice", Hint: "once is enough"}
		}
		given[k.Text] = n
		v := trimmedWord(value, utf8.RuneCountInString(key)+2)
		if unquoted, err := strconv.Unquote(v.Text); err == nil && strings.HasPrefix(v.Text, `"`) {
			v.Text = unquoted
		}
		v.Text = text.Clean(v.Text)
		if v.Text == "" {
			return &sim.SyntaxError{Col: k.Col, Msg: sim.Quote(k.Text) + " has no value", Hint: "give it one, or remove the line"}
		}
		x := sim.NewLexer([]sim.Word{v})
		set.set(l, x)
		return x.Err()
	}
	return sim.Unknown(k, "a setting", keys)
}

// trimmedWord returns the text without the spaces around it as a word, where the text
// begins in column col.
func trimmedWord(s string, col int) sim.Word {
	left := strings.TrimLeft(s, " \t")
	col += utf8.RuneCountInString(s) - utf8.RuneCountInString(left)
	return sim.Word{Text: strings.TrimRight(left, " \t"), Col: col}
}
