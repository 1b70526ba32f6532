package text

import "testing"

// What a terminal obeys, or would draw otherwise beside other text, is escaped; what it
// prints stays.
func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"plain":                     "plain",
		"a\x1b[31mred":              `a\x1b[31mred`,
		"bell\a, back\b, nul\x00":   `bell\a, back\b, nul\x00`,
		"two\nlines\tand\r":         "two lines and ",
		"two\r\nlines":              "two  lines",
		"c1 \u009b31m":              `c1 \u009b31m`,
		"rtl \u202egnp.exe":         `rtl \u202egnp.exe`,
		"zero\u200bwidth\ufeff":     `zero\u200bwidth\ufeff`,
		"broken \xff\xfe utf-8":     `broken \xff\xfe utf-8`,
		"line\u2028and\u2029breaks": `line\u2028and\u2029breaks`,
		"kernel → 内核 ✝":             "kernel → 内核 ✝",
		"replacement \ufffd":        "replacement \ufffd",
		"e\u0301":                   "e\u0301",
		"\u0301e":                   `\u0301e`,
		"👩‍💻":                       "👩‍💻",
		"👩\u200d":                   `👩\u200d`,
		"\u200dx":                   `\u200dx`,
		"می\u200cرود":               "می\u200cرود",
		"full\u3000width":           "full\u3000width",
		"private \ue000":            `private \ue000`,
	} {
		got := Clean(in)
		if got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
		if again := Clean(got); again != got {
			t.Errorf("Clean(%q) = %q", got, again)
		}
	}
}

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"plain":              "plain",
		"“a” → ‘b’ … § 3 ×2": `"a" -> 'b' ... section  3 x2`,
		"你好 é e\u0301 👩‍💻":   "?? ? ? ?",
		"a\n\tb":             "a\n\tb",
		"\x7f":               "?",
	} {
		if got := ASCII(in); got != want {
			t.Errorf("ASCII(%q) = %q, want %q", in, got, want)
		}
	}
}

// Code is spelled in ASCII without loss.
func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		`write(3, "plain")`:    `write(3, "plain")`,
		`"你好" é 👩` + "\u200d💻": `"\u4f60\u597d" \u00e9 \U0001f469\u200d\U0001f4bb`,
		`"\x00"`:               `"\x00"`,
	} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) = %s, want %s", in, got, want)
		}
	}
}
