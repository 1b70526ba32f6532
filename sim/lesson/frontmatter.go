package lesson

import (
	"fmt"
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

// HeadKey is a key of the head of a lesson, as the manual describes it.
type HeadKey struct {
	Key     string
	Value   string // what it sets, and the values that it can have, as Markdown
	Without string // what holds where the head does not have the key, as Markdown
}

// setting is a key of the front matter. Its set reads the value, which is one word, into the
// lesson.
type setting struct {
	HeadKey
	set func(l *Lesson, value *sim.Lexer)
}

// settings are the keys of the front matter in the order of the manual.
var settings = []setting{
	{
		HeadKey{"title", "the title in the menu and on the screen", "the first heading, else the name of the file"},
		func(l *Lesson, v *sim.Lexer) { l.Title = v.Next("a title").Text },
	},
	{
		HeadKey{"summary", "what the menu says about the lesson", "nothing"},
		func(l *Lesson, v *sim.Lexer) { l.Summary = v.Next("a sentence").Text },
	},
	{
		HeadKey{"minutes", fmt.Sprintf("how long it takes, from 1 to %d", maxMinutes), "no time is shown"},
		func(l *Lesson, v *sim.Lexer) { l.Minutes = v.Number("a number of minutes", 1, maxMinutes) },
	},
	{
		HeadKey{"net", "`loopback`, `wire` (two hosts, every segment held) or `sim` (as `wire`, on the model alone)", "`loopback`"},
		func(l *Lesson, v *sim.Lexer) {
			l.Net = sim.Net(v.OneOf("a network", string(sim.Loopback), string(sim.Wire), string(sim.Model)))
		},
	},
	{
		HeadKey{"begin", "`connected`: the connection exists before the first step; `nothing`: it does not", "`connected`, unless a step says `server listen` or `server connect` before any step needs a connection"},
		func(l *Lesson, v *sim.Lexer) { l.Begin = v.OneOf("a beginning", BeginConnected, BeginNothing) },
	},
	{
		HeadKey{timers, "on the wire: `patient`, so that a connection survives a long talk, or `kernel`, the defaults of Linux", "`patient`"},
		func(l *Lesson, v *sim.Lexer) {
			l.Timers = v.OneOf("whose timers they are", TimersPatient, TimersKernel)
		},
	},
}

// HeadKeys returns the keys that the head of a lesson may have.
func HeadKeys() []HeadKey {
	var keys []HeadKey
	for _, s := range settings {
		keys = append(keys, s.HeadKey)
	}
	return keys
}

// frontMatter reads the settings at the top of the file into the lesson and returns the number
// of the first line after them, 0 if they have no end.
func (s *source) frontMatter(l *Lesson) int {
	if strings.TrimRight(s.lines[0], " \t") != fence {
		return 1
	}
	given := map[string]int{} // the lines of the keys
	for i := 1; i < len(s.lines); i++ {
		line := s.lines[i]
		if strings.TrimRight(line, " \t") == fence {
			if n := given[timers]; n > 0 && !l.HasWire() {
				s.report(s.errorAt(n, needsWire(trimmedWord(s.lines[n-1][:strings.Index(s.lines[n-1], ":")], 1))))
			}
			return i + 2
		}
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		if err := readSetting(l, line, i+1, given); err != nil {
			s.report(s.errorAt(i+1, err))
		}
	}
	s.report(s.errorf(1, 1, "the front matter has no end; it ends with a line %s", fence))
	return 0
}

// readSetting reads line n of the front matter, "key: value". Given has the lines of the keys
// so far.
func readSetting(l *Lesson, line string, n int, given map[string]int) error {
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
		keys = append(keys, set.Key)
		if set.Key != k.Text {
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
