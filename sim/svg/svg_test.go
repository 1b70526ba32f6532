package svg

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim/text"
)

// ladder is a small picture with most of what a picture has.
func ladder() []text.Line {
	return []text.Line{
		{{Text: " finwait", Role: text.RoleTitle}, {Text: "  a < b & \"c\"  ", Role: text.RoleNormal}, {Text: " looking back ", Role: text.RolePast}},
		nil,
		{{Text: "  FIN_WAIT1 ╎", Role: text.RoleActiveClose}, {Text: "━━ FIN ACK ━━▶", Role: text.RoleClient}, {Text: "┃ 内核", Role: text.RoleOpen}},
		text.In(text.RoleEmphasis, "slanted"),
		text.In(text.RoleDeath, "✝ SIGPIPE"),
	}
}

// TestDraw: the whole document, on both backgrounds.
func TestDraw(t *testing.T) {
	for name, dark := range map[string]bool{"dark": true, "light": false} {
		t.Run(name, func(t *testing.T) {
			golden.RequireEqual(t, Draw(ladder(), 44, Options{Title: "A ladder <1>", Dark: dark}))
		})
	}
}

// TestDocument: a document is well-formed XML in ASCII, and has all the text that was put in.
func TestDocument(t *testing.T) {
	lines := append(ladder(), text.In(text.RoleNormal, "\x00\x1b[31m\ufffe\U0001f600 ]]> <!-- ' -->"))
	doc := Draw(lines, 44, Options{Title: "]]>\x07"})
	if i := strings.IndexFunc(doc, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }); i >= 0 {
		t.Errorf("not ASCII at %d: %q", i, doc[i:i+1])
	}
	var got strings.Builder
	for d := xml.NewDecoder(strings.NewReader(doc)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := token.(xml.CharData); ok {
			got.Write(data)
		}
	}
	for _, want := range []string{"a < b & \"c\"", "╎", "━━ FIN ACK ━━▶", "┃ 内核", "✝ SIGPIPE", "\ufffd\ufffd[31m\ufffd\U0001f600 ]]> <!-- ' -->", "]]>\ufffd"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is missing in %q", want, got.String())
		}
	}
}

// TestGrid: a span begins at the column that it has in its line, and is as long as its cells.
func TestGrid(t *testing.T) {
	doc := Draw([]text.Line{{{Text: "内核 ", Role: text.RoleNormal}, {Text: "  ab ", Role: text.RoleCode}}}, 10, Options{})
	for _, want := range []string{
		`<text x="12" y="25" textLength="36" lengthAdjust="spacingAndGlyphs">`,
		`<text x="75" y="25" textLength="18" lengthAdjust="spacingAndGlyphs" fill="#0072b2">ab</text>`,
		`<svg xmlns="http://www.w3.org/2000/svg" width="114" height="41" viewBox="0 0 114 41" role="img">`,
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("%s is missing in\n%s", want, doc)
		}
	}
}

// TestRoles: every role is drawn, and in both themes.
func TestRoles(t *testing.T) {
	for r := range text.RoleCount {
		for _, dark := range []bool{true, false} {
			if doc := Draw([]text.Line{text.In(r, "x")}, 1, Options{Dark: dark}); !strings.Contains(doc, ">x</text>") || strings.Contains(doc, `fill=""`) {
				t.Errorf("role %d, dark %v: %s", r, dark, doc)
			}
		}
	}
}
