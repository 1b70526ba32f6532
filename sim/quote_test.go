package sim

import (
	"strings"
	"testing"
)

// A reader sees printable text in any script; what a terminal obeys is escaped.
func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                  `""`,
		"a\"b\\c":           `"a\"b\\c"`,
		"你好，世界":             `"你好，世界"`,
		"é 👩":               `"é 👩"`,
		"a\x00\n\x1b[2J":    `"a\x00\n\x1b[2J"`,
		"\xff\u202e\u009b":  `"\xff\u202e\u009b"`,
		"می\u200cرود":       "\"می\u200cرود\"",
		"👩\u200d💻":          `"👩\u200d💻"`,
		"\u200dx":           `"\u200dx"`,
		"x\u200d\u200d":     "\"x\u200d\\u200d\"",
		"\x1b\u200dx\u200b": `"\x1b\u200dx\u200b"`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

// No character of the data that are shown is cut in two.
func TestShowData(t *testing.T) {
	for in, want := range map[string]string{
		strings.Repeat("x", 32):            `"` + strings.Repeat("x", 32) + `"`,
		strings.Repeat("x", 33):            `"` + strings.Repeat("x", 32) + `"...`,
		strings.Repeat("你", 10):            `"` + strings.Repeat("你", 10) + `"`,
		strings.Repeat("你", 11):            `"` + strings.Repeat("你", 10) + `"...`,
		strings.Repeat("x", 31) + "😀":      `"` + strings.Repeat("x", 31) + `"...`,
		strings.Repeat("x", 31) + "\xff~~": `"` + strings.Repeat("x", 31) + `\xff"...`,
	} {
		if got := showData(in); got != want {
			t.Errorf("showData(%+q) = %s, want %s", in, got, want)
		}
	}
}

// The arguments of a call are exact in the log and printable for a reader.
func TestShown(t *testing.T) {
	greeting := Call{Name: CallWrite, FD: 3, Data: []byte("你好")}
	for _, test := range []struct {
		call         Call
		exact, shown string
	}{
		{greeting, `"\u4f60\u597d"`, `"你好"`},
		{Call{Name: CallWrite, FD: 3, Data: []byte(strings.Repeat("你", 11))}, `"` + strings.Repeat(`\u4f60`, 10) + `\xe4\xbd"...`, `"` + strings.Repeat("你", 10) + `"...`},
		{Call{Name: CallWrite, FD: 3, Text: []string{`"\u4f60"`}}, `"\u4f60"`, `"你"`},
		{Call{Name: CallWrite, FD: 3, Text: []string{`"\33[2J"`}}, `"\33[2J"`, `"\33[2J"`},
		{Call{Name: CallShutdown, FD: 3, How: ShutWR}, "SHUT_WR", "SHUT_WR"},
	} {
		if got := strings.Join(test.call.Args(), ", "); got != test.exact {
			t.Errorf("the log has %s, want %s", got, test.exact)
		}
		if got := strings.Join(test.call.Shown(), ", "); got != test.shown {
			t.Errorf("a reader sees %s, want %s", got, test.shown)
		}
	}
	if got, want := greeting.String(), `write(3, "你好")`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
