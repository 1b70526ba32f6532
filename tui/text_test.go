package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// TestCells: the short way gives what the long one would.
func TestCells(t *testing.T) {
	for r := rune(1); r < 0x3000; r++ {
		if got, want := cells(string(r)), ansi.StringWidth(string(r)); got != want && r >= ' ' {
			t.Errorf("%U %q is %d cells wide, want %d", r, r, got, want)
		}
	}
}

// TestClean: nothing that a terminal obeys is left, and what it prints is.
func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                     "plain",
		"a\x1b[31mred":              "a[31mred",
		"bell\a, back\b, nul\x00":   "bell, back, nul",
		"two\nlines\tand\r":         "two lines and ",
		"c1 \u009b31m":              "c1 31m",
		"rtl \u202egnp.exe":         "rtl gnp.exe",
		"zero\u200bwidth\ufeff":     "zerowidth",
		"broken \xff\xfe utf-8":     "broken  utf-8",
		"kernel → 内核 ✝":             "kernel → 内核 ✝",
		"line\u2028and\u2029breaks": "lineandbreaks",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestLines: cut, pad and between give the width that they promise, whatever the
// text.
func TestLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab 1…━▶✝内核é")))
		l := line{{clean(text.Draw(t, "a")), toneText}, {clean(text.Draw(t, "b")), toneOK}}
		right := say(toneFaint, clean(text.Draw(t, "right")))
		w := rapid.IntRange(0, 40).Draw(t, "w")
		if got := l.cut(w, "…").width(); got > w {
			t.Fatalf("cut to %d is %d wide", w, got)
		}
		if got := l.cut(w, "…"); l.width() <= w && got.String() != l.String() {
			t.Fatalf("cut changed %q to %q", l, got)
		}
		if got := l.cut(w, "…").pad(w).width(); got != w {
			t.Fatalf("padded to %d is %d wide", w, got)
		}
		if got := between(l, right, w, "…").width(); got != w {
			t.Fatalf("between of %d is %d wide", w, got)
		}
		var b strings.Builder
		newStyles(look{dark: true}).draw(&b, l, w)
		if got := ansi.StringWidth(b.String()); got != w {
			t.Fatalf("drawn %d wide, want %d", got, w)
		}
	})
}

// TestJoined: parts that do not fit are left out, the others stay.
func TestJoined(t *testing.T) {
	parts := []line{say(toneText, "aaa"), say(toneText, "bbbbbb"), say(toneText, "cc")}
	for w, want := range map[int]string{20: "aaa-bbbbbb-cc", 10: "aaa-bbbbbb", 9: "aaa-cc", 3: "aaa", 2: "cc", 0: ""} {
		if got := joined(parts, chunk{"-", toneText}, w).String(); got != want {
			t.Errorf("in %d cells: %q, want %q", w, got, want)
		}
	}
}
