package traced

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestNotPermitted(t *testing.T) {
	for scope, want := range map[string]string{"": "not permitted", "0": "not permitted", "2": "private network", "3": "reboot"} {
		if got := notPermitted(unix.EPERM, scope); !strings.Contains(got, want) || strings.Contains(got, "yama") != (scope > "1") {
			t.Errorf("%q: %s", scope, got)
		}
	}
}

func TestLookUp(t *testing.T) {
	for _, c := range []struct{ name, dir, path, want string }{
		{"sh", "/", "/nonexistent:/bin", "/bin/sh"},
		{"./sh", "/bin", "", "/bin/sh"},
		{"bin/sh", "/", "", "/bin/sh"},
		{"/bin/sh", "/nonexistent", "", "/bin/sh"},
		{"sh", "/bin", ":/nonexistent", "/bin/sh"},
		{"no-such-program", "/", "/bin", ""},
		{"/bin", "/", "", ""},
	} {
		got, err := lookUp(c.name, c.dir, []string{"PATH=/else", "PATH=" + c.path})
		if got != c.want && c.want != "" || (err != nil) != (c.want == "") {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}
