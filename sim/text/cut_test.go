package text

import "testing"

// A quoted text that is cut keeps its quotes, and its characters and escapes whole.
func TestCutQuoted(t *testing.T) {
	for _, test := range []struct {
		in    string
		width int
		want  string
	}{
		{`"first message"`, 15, `"first message"`},
		{`"first message"`, 10, `"first m…"`},
		{`"Hello world, this is a rather l"...`, 34, `"Hello world, this is a rather l…"`},
		{`"Hello world, this is a rather l"...`, 35, `"Hello world, this is a rather l…"`},
		{`"Hello world, this is a rather l"...`, 12, `"Hello wor…"`},
		{`"你好，世界"`, 9, `"你好，…"`},
		{`"你好，世界"`, 8, `"你好…"`},
		{`"\u4f60\u597d"`, 10, `"\u4f60…"`},
		{`"a\"b\"c"`, 5, `"a…"`},
		{`"a\x00b"`, 7, `"a…"`},
		{`"😀"`, 4, `"😀"`},
	} {
		if got, ok := CutQuoted(test.in, test.width, "…"); !ok || got != test.want {
			t.Errorf("CutQuoted(%s, %d) = %s, want %s", test.in, test.width, got, test.want)
		}
	}
	for _, in := range []string{"plain", ""} {
		if got, ok := CutQuoted(in, 10, "…"); ok || got != in {
			t.Errorf("CutQuoted(%s) = %s, %v", in, got, ok)
		}
	}
	if got, ok := CutQuoted(`"first"`, 3, "…"); ok || got != `"first"` {
		t.Errorf("no room: %s, %v", got, ok)
	}
}
