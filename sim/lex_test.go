package sim

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	tests := []struct {
		line string
		want []Word
	}{
		{"", nil},
		{" \t\r", nil},
		{"# all of it", nil},
		{"one", []Word{{"one", 1, false}}},
		{"  one\ttwo ", []Word{{"one", 3, false}, {"two", 7, false}}},
		{"one # two", []Word{{"one", 1, false}}},
		{"one#two", []Word{{"one", 1, false}}},
		{`"a b"`, []Word{{"a b", 1, true}}},
		{`"#" x`, []Word{{"#", 1, true}, {"x", 5, false}}},
		{`x"a"y`, []Word{{"x", 1, false}, {"a", 2, true}, {"y", 5, false}}},
		{`"\"\\\n\x41\u00e4"`, []Word{{"\"\\\nAä", 1, true}}},
		{`""`, []Word{{"", 1, true}}},
		{"ä ö", []Word{{"ä", 1, false}, {"ö", 3, false}}},
		{`"äö" x`, []Word{{"äö", 1, true}, {"x", 6, false}}},
		{"'a b'", []Word{{"'a", 1, false}, {"b'", 4, false}}},
		{"a\u00a0b", []Word{{"a\u00a0b", 1, false}}},
	}
	for _, test := range tests {
		got, err := Words(test.line)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: got %v, %v, want %v", test.line, got, err, test.want)
		}
	}
}

func TestWordsErrors(t *testing.T) {
	tests := []struct {
		line string
		col  int
	}{
		{`"`, 1},
		{`one "two`, 5},
		{`ä "two`, 3},
		{`"one" "\z"`, 7},
		{"\"a\nb\"", 1},
		{`"a\"`, 1},
	}
	for _, test := range tests {
		_, err := Words(test.line)
		var e *SyntaxError
		if !errors.As(err, &e) || e.Col != test.col {
			t.Errorf("%q: got %v, want column %d", test.line, err, test.col)
		}
	}
}

func TestSyntaxErrorWithoutHint(t *testing.T) {
	if got := (&SyntaxError{Col: 3, Msg: "no"}).Error(); got != "no" {
		t.Errorf("got %q", got)
	}
	if got := (&SyntaxError{Col: 3, Msg: "no", Hint: "yes"}).Error(); got != "no; yes" {
		t.Errorf("got %q", got)
	}
}

func TestNearest(t *testing.T) {
	verbs := []string{"listen", "connect", "accept", "write", "read", "shutdown", "close", "dup"}
	states := []string{"ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT", "TIME_WAIT"}
	tests := []struct {
		word  string
		known []string
		want  string
	}{
		{"close", verbs, "close"},
		{"Close", verbs, "close"},
		{"clsoe", verbs, "close"}, // one swap
		{"cloes", verbs, "close"},
		{"closed", verbs, "close"},
		{"los", verbs, "close"},
		{"shut-down", verbs, "shutdown"},
		{"acept", verbs, "accept"},
		{"dump", verbs, "dup"},
		{"reed", verbs, "read"},
		{"xyzzy", verbs, ""},
		{"", verbs, ""},
		{"FIN_WAIT_2", states, "FIN_WAIT2"},
		{"fin_wait_1", states, "FIN_WAIT1"},
		{"FIN-WAIT-1", states, "FIN_WAIT1"},
		{"FIN_WAIT", states, "FIN_WAIT1"}, // the first of equals
		{"ESTABLISH", states, "ESTABLISHED"},
		{"TIMEWAIT", states, "TIME_WAIT"},
		{"of", []string{"by"}, ""}, // nothing of it would stay
		{"b", []string{"by"}, "by"},
		{strings.Repeat("close", 1<<16), verbs, ""},
		{"close", nil, ""},
	}
	for _, test := range tests {
		if got := Nearest(test.word, test.known); got != test.want {
			t.Errorf("%.20q: got %q, want %q", test.word, got, test.want)
		}
	}
}

func TestUnknown(t *testing.T) {
	tests := []struct {
		word  string
		known []string
		want  string
	}{
		{"clos", []string{"close", "listen"}, `"clos" is not a verb; did you mean "close"?`},
		{"dance", []string{"close", "listen"}, `"dance" is not a verb; it is one of: close, listen`},
		{"dance", []string{"close"}, `"dance" is not a verb; did you mean "close"?`},
		{"\x1b[31m\xff", []string{"close", "listen"}, `"\x1b[31m\xff" is not a verb; it is one of: close, listen`},
	}
	for _, test := range tests {
		e := Unknown(Word{Text: test.word, Col: 7}, "a verb", test.known)
		if e.Error() != test.want || e.Col != 7 {
			t.Errorf("got %d: %s, want 7: %s", e.Col, e, test.want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"abc", "acb", 1},
		{"abc", "abcd", 1},
		{"abc", "bc", 1},
		{"kitten", "sitting", 3},
		{"abcdef", "badcfe", 3},
	}
	for _, test := range tests {
		if got := editDistance(test.a, test.b); got != test.want {
			t.Errorf("%q to %q: %d edits, want %d", test.a, test.b, got, test.want)
		}
		if got := editDistance(test.b, test.a); got != test.want {
			t.Errorf("%q to %q: %d edits, want %d", test.b, test.a, got, test.want)
		}
	}
}
