package sim

import (
	"strings"
	"testing"
)

// Data are shown as strace(1) shows them: quoted, and the first 32 bytes.
func TestShownData(t *testing.T) {
	long := strings.Repeat("x", 32)
	for _, test := range []struct{ got, want string }{
		{QuoteData("a\x00\n"), `"a\x00\n"`},
		{QuoteData(long), `"` + long + `"`},
		{QuoteData(long + "x"), `"` + long + `"...`},
		{Call{Name: "write", FD: 4, Args: FillerArgs(100000)}.String(), `write(4, "` + long + `"..., 100000)`},
		{Call{Name: "write", FD: 4, Args: FillerArgs(3)}.String(), `write(4, "xxx", 3)`},
		{Result{Ret: 33, Data: long + "x"}.String(), `33 "` + long + `"...`},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}
