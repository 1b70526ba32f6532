package text

import (
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// seeds are texts that go wrong where a width is a length, or a character a rune.
var seeds = []string{
	"", " ", "plain words in a row", "你好，世界", "ab你好cd", `"你好 quoted"`, "e\u0301 and \u0301e", "👩‍💻👩\u200d",
	"🇩🇪🇩", "\x1b[31mred\x1b[m", "two\r\nlines\tand \v more", "\u202eright", "\xff\xfe", "می\u200cرود", "क्षत्रिय", "각", "\ufe0f▶\ufe0f",
}

// obeyed returns the first character that a terminal would obey instead of drawing.
func obeyed(s string) (rune, bool) {
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && r != joiner && r != nonJoiner {
			return r, true
		}
	}
	return 0, false
}

// FuzzClean: nothing that a terminal obeys comes through, and text that was clean stays.
func FuzzClean(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if r, bad := obeyed(got); bad {
			t.Errorf("Clean(%+q) = %+q, with %U", s, got, r)
		}
		if again := Clean(got); again != got {
			t.Errorf("Clean(%+q) = %+q, and of that %+q", s, got, again)
		}
		if want, got := ansi.StringWidth(got), Cells(got); got != want {
			t.Errorf("%d cells wide, not %d: %+q", got, want, s)
		}
		if got := ASCII(Clean(s)); !isPlain(got) {
			t.Errorf("ASCII(Clean(%+q)) = %+q", s, got)
		}
	})
}

// FuzzCut: what is cut is never wider than was asked, begins as the text does, and ends
// with the mark if anything is missing.
func FuzzCut(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, i, "…")
		f.Add(s, i, "...")
		f.Add(`"`+s+`"`, 2*i, "")
	}
	f.Fuzz(func(t *testing.T, s string, width int, mark string) {
		s, mark = Clean(s), Clean(mark)
		got := Cut(s, width, mark)
		if w := Cells(got); w > max(width, 0) {
			t.Errorf("Cut(%+q, %d, %+q) = %+q, %d cells wide", s, width, mark, got, w)
		}
		if rest, marked := strings.CutSuffix(got, mark); got != s && got != "" && (!marked || !strings.HasPrefix(s, rest)) {
			t.Errorf("Cut(%+q, %d, %+q) = %+q", s, width, mark, got)
		}
		if quoted, ok := CutQuoted(s, width, mark); ok && (Cells(quoted) > width || !strings.HasPrefix(quoted, `"`) || !strings.HasSuffix(quoted, `"`)) {
			t.Errorf("CutQuoted(%+q, %d, %+q) = %+q", s, width, mark, quoted)
		}
		if last := Last(s, width); Cells(last) > max(width, 0) || !strings.HasSuffix(s, last) {
			t.Errorf("Last(%+q, %d) = %+q", s, width, last)
		}
	})
}

// FuzzWrap: no line is wider than was asked, none is empty, and nothing but spaces and
// characters for which there is no room is lost.
func FuzzWrap(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, 1+i%7)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		s = Clean(s)
		lines := Wrap(s, width)
		for _, l := range lines {
			if w := Cells(l); width > 0 && w > width || w == 0 {
				t.Errorf("Wrap(%+q, %d) has a line of %d cells: %+q", s, width, w, l)
			}
		}
		if joined := strings.Join(lines, ""); width > 1 && strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("Wrap(%+q, %d) = %+q", s, width, lines)
		}
	})
}

// FuzzBoard: whatever is drawn over what, a board shows as many cells as it has.
func FuzzBoard(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, i, "内核", i/2, 2*i)
	}
	f.Fuzz(func(t *testing.T, first string, at int, second string, over, width int) {
		const columns = 30
		b := NewBoard(columns)
		b.Put(at&15, Clean(first), RoleOK)
		b.Put(over&31, Clean(second), RoleFail)
		width = min(max(width, 0), columns)
		if got := b.Line(width).Width(); got != width {
			t.Errorf("%d cells, not %d: %+q at %d, then %+q at %d", got, width, first, at&15, second, over&31)
		}
	})
}
