package puppet

import "testing"

func TestSleeps(t *testing.T) {
	tests := []struct {
		stat string
		want bool
	}{
		{"12 (finwait) S 1 12 12 0 -1", true},
		{"12 (finwait) T 1 12 12 0 -1", true},
		{"12 (finwait) R 1 12 12 0 -1", false},
		{"12 (finwait) Z 1 12 12 0 -1", false},
		{"12 (a) R (b) S 1", true},
		{"12 (a) S (b) R 1", false},
		{"", false},
		{"12 finwait S", false},
		{"12 (finwait)", false},
		{"12 (finwait) ", false},
	}
	for _, test := range tests {
		if got := sleeps([]byte(test.stat)); got != test.want {
			t.Errorf("%q: %v, want %v", test.stat, got, test.want)
		}
	}
}

// Whatever a line of /proc says, it does not panic.
func FuzzSleeps(f *testing.F) {
	f.Add([]byte("12 (finwait) S 1 12"))
	f.Add([]byte(")"))
	f.Fuzz(func(t *testing.T, stat []byte) {
		if sleeps(stat) && len(stat) < len(") S") {
			t.Errorf("%q sleeps", stat)
		}
	})
}
