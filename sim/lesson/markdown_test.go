package lesson

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim/text"
)

func TestPlain(t *testing.T) {
	tests := []struct {
		name  string
		md    string
		width int
		want  []string
	}{
		{"nothing", "", 20, nil},
		{"a paragraph", "One\ntwo   three.", 0, []string{"One two three."}},
		{"wrapped", "One two three four.", 9, []string{"One two", "three", "four."}},
		{"exactly", "One two three", 7, []string{"One two", "three"}},
		{"two paragraphs", "One.\n\n\nTwo.", 20, []string{"One.", "", "Two."}},
		{"marks", "*One* **two** ***three*** `four`.", 0, []string{"One two three `four`."}},
		{"no marks", `2 * 3 * 4, a_b_c, \*not\* and FIN_WAIT2`, 0, []string{"2 * 3 * 4, a_b_c, *not* and FIN_WAIT2"}},
		{"heading", "# One *two*\n\nthree\n\n## Four", 0, []string{"One two", "", "three", "", "Four"}},
		{"list", "- one\n- two three four\n- five", 12, []string{"- one", "- two three", "  four", "- five"}},
		{"numbered list", "9. nine\n10. ten\n", 0, []string{"9. nine", "10. ten"}},
		{"loose list", "- one\n\n- two\n\n  more", 0, []string{"- one", "", "- two", "", "  more"}},
		{"nested list", "- one\n  - two\n  - three\n- four\n\nfive", 0, []string{"- one", "  - two", "  - three", "- four", "", "five"}},
		{"list after prose", "one:\n- two", 0, []string{"one:", "", "- two"}},
		{"list in a list item", "- - one\n  - two", 0, []string{"- - one", "  - two"}},
		{"list in a quotation", "> - one\n> - two", 0, []string{"  - one", "  - two"}},
		{"quotation", "> one two", 9, []string{"  one two"}},
		{"hard break", "one  \ntwo\\\nthree", 0, []string{"one", "two", "three"}},
		{"entities", "&lt;b&gt; &amp; &auml; \\&lt; &nosuch;", 0, []string{"<b> & ä &lt; &nosuch;"}},
		{"entity in code", "`&lt;`", 0, []string{"`&lt;`"}},
		{"control entity", "a&#27;[2Jb&#x202e;c&#7;", 0, []string{`a\x1b[2Jb\u202ec\a`}},
		{"control character", "a\x1b[2Jb `\x07`\n\n    \x1bc", 0, []string{"a\\x1b[2Jb `\\a`", "", "    \\x1bc"}},
		{"tab", "a\tb", 0, []string{"a b"}},
		{"HTML", "a <b>c</b>\n\n<div>x</div>\n\n<!-- d -->\n\ne", 0, []string{"a c", "", "e"}},
		{"link", "see [RFC 9293](https://x.org/9293) and <https://y.org>", 0, []string{"see RFC 9293 (https://x.org/9293) and https://y.org"}},
		{"rule", "a\n\n***\n\nb", 0, []string{"a", "", "b"}},
		{"code block", "a\n\n```c\nif (x)\n\twrite();\n```\nb", 0, []string{"a", "", "    if (x)", "        write();", "", "b"}},
		{"code block, cut", "```\n1234567890123456\n```", 12, []string{"    12345678"}},
		{"code block, narrow", "```\n1234567890\n```", 6, []string{"123456"}},
		{"code in a list", "- one\n\n      two", 0, []string{"- one", "", "      two"}},
		{"code stays whole", "aaaa `write(4, 5)` bbbb", 26, []string{"aaaa `write(4, 5)` bbbb"}},
		{"code stays whole on the next line", "aaaaaaaaaaaaaaa `write(4, 5)` bbbb", 28, []string{"aaaaaaaaaaaaaaa", "`write(4, 5)` bbbb"}},
		{"long code is broken", "`one two three four five six seven`", 20, []string{"`one two three four", "five six seven`"}},
		{"mark after code", "the `close`, and", 11, []string{"the", "`close`,", "and"}},
		{"a long word", "abcdefghij kl", 4, []string{"abcd", "efgh", "ij", "kl"}},
		{"no room", "ab c", 1, []string{"a", "b", "c"}},
		{"Chinese", "服务器主动关闭，客户端继续写。", 10, []string{"服务器主动", "关闭，客户", "端继续写。"}},
		{"Chinese, no stop begins a line", "一二三四，五六「七", 8, []string{"一二三", "四，五六", "「七"}},
		{"Chinese, soft break", "服务器\n关闭", 0, []string{"服务器关闭"}},
		{"Chinese and Latin, soft break", "服务器\nFIN\n关闭", 0, []string{"服务器 FIN 关闭"}},
		{"emoji is one character", "ab👩‍💻cd", 3, []string{"ab", "👩‍💻", "cd"}},
		{"combining", "e\u0301e\u0301 e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"deep nesting keeps half the width", strings.Repeat("> ", 20) + "word", 8, []string{"    word"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Plain(test.md, test.width, text.GlyphsFor(false))
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestStyled(t *testing.T) {
	tests := []struct{ name, md, want string }{
		{"text", "one", "[{one 0}]"},
		{"emphasis", "a *b* c", "[{a  0} {b 2} { c 0}]"},
		{"strong", "a **b *c* d**", "[{a  0} {b c d 3}]"},
		{"code", "`a` and *`b`*", "[{a 4} { and  0} {b 4}]"},
		{"heading", "# One `two`", "[{One  3} {two 4}]"},
		{"soft break", "*a\nb* c", "[{a b 2} { c 0}]"},
		{"list", "- *a*", "[{-  0} {a 2}]"},
		{"code block", "    a", "[{     0} {a 4}]"},
		{"link", "*[a](b)*", "[{a (b) 2}]"},
		{"two paragraphs", "a\n\nb", "[{a 0}] [] [{b 0}]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, l := range Styled(test.md, 40, text.GlyphsFor(false)) {
				got = append(got, fmt.Sprint([]text.Span(l)))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %s, want %s", strings.Join(got, " "), test.want)
			}
		})
	}
}

// However narrow the screen, no line is wider, and no character is lost.
func TestProseFits(t *testing.T) {
	for _, l := range Embedded() {
		for _, step := range append(l.Steps, Step{Story: l.Outro}) {
			all := strings.Fields(strings.Join(Plain(step.Story, 0, text.GlyphsFor(false)), " "))
			for width := 1; width < 120; width += 1 + width/8 {
				lines := Plain(step.Story, width, text.GlyphsFor(false))
				for _, line := range lines {
					if w := ansi.StringWidth(line); w > width {
						t.Fatalf("%s: a line of %d cells at width %d: %q", l.Name, w, width, line)
					}
				}
				if got := strings.Fields(strings.Join(lines, " ")); strings.Join(got, "") != strings.Join(all, "") {
					t.Fatalf("%s: at width %d the prose is %q", l.Name, width, got)
				}
			}
		}
	}
}

// Marked keeps what Plain leaves out, and breaks no line between a mark and its text.
func TestMarked(t *testing.T) {
	got := Marked("A FIN says *no more* and **not** `close`; ***both***.", 20, text.GlyphsFor(false))
	want := []string{"A FIN says *no more*", "and **not** `close`;", "***both***."}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// In ASCII, what an entity spells is ASCII too.
func TestPlainASCII(t *testing.T) {
	got := Plain("a → “b”, &auml; &#x4f60;\x00 `→`", 0, text.GlyphsFor(true))
	if want := "a -> \"b\", ? ?? `->`"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
