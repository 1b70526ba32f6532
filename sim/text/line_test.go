package text

import (
	"testing"

	"pgregory.net/rapid"
)

// Cut, Pad and Between give the width that they promise, whatever the text.
func TestLineWidths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.StringOf(rapid.RuneFrom([]rune("ab 1…━▶✝内核é")))
		l := Line{{Clean(some.Draw(t, "a")), RoleNormal}, {Clean(some.Draw(t, "b")), RoleOK}}
		right := In(RoleFaint, Clean(some.Draw(t, "right")))
		w := rapid.IntRange(0, 40).Draw(t, "w")
		if got := l.Cut(w, "…").Width(); got > w {
			t.Fatalf("cut to %d is %d wide", w, got)
		}
		if got := l.Cut(w, "…"); l.Width() <= w && got.String() != l.String() {
			t.Fatalf("cut changed %q to %q", l, got)
		}
		if got := l.Cut(w, "…").Pad(w).Width(); got != w {
			t.Fatalf("padded to %d is %d wide", w, got)
		}
		if got := Between(l, right, w, "…").Width(); got != w {
			t.Fatalf("between of %d is %d wide", w, got)
		}
	})
}

// Cut leaves the line that it cuts as it is.
func TestLineCutCopies(t *testing.T) {
	l := Line{{"one", RoleOK}, {"two", RoleFail}, {"three", RoleWarn}}
	if got := l.Cut(5, "…"); got.String() != "onet…" || l.String() != "onetwothree" {
		t.Errorf("cut is %q, and of the line %q is left", got, l)
	}
}

// Parts that do not fit are left out, the others stay.
func TestJoin(t *testing.T) {
	parts := []Line{In(RoleNormal, "aaa"), In(RoleNormal, "bbbbbb"), In(RoleNormal, "cc")}
	for w, want := range map[int]string{20: "aaa-bbbbbb-cc", 10: "aaa-bbbbbb", 9: "aaa-cc", 3: "aaa", 2: "cc", 0: ""} {
		if got := Join(parts, Span{"-", RoleNormal}, w).String(); got != want {
			t.Errorf("in %d cells: %q, want %q", w, got, want)
		}
	}
}
