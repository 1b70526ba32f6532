package cli

import (
	"slices"
	"testing"
)

func TestSplitWords(t *testing.T) {
	for line, want := range map[string][]string{
		"nc 127.0.0.1 8088":          {"nc", "127.0.0.1", "8088"},
		"  a\t b ":                   {"a", "b"},
		`sh -c 'echo "$HOME" | cat'`: {"sh", "-c", `echo "$HOME" | cat`},
		`a "b \"c\" \d" 'e\f'`:       {"a", `b "c" \d`, `e\f`},
		`a\ b '' ""`:                 {"a b", "", ""},
		`x'y'"z"`:                    {"xyz"},
	} {
		if got, err := splitWords(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", line, got, err, want)
		}
	}
	for _, line := range []string{"", "  ", `a "b`, "a 'b", `a \`} {
		if got, err := splitWords(line); err == nil {
			t.Errorf("%q: %q, want an error", line, got)
		}
	}
}

func TestExecMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"exec", "--auto"},
		{"exec", "--auto", "--server", "a"},
		{"exec", "--server", "a", "--client", "b"},
		{"exec", "--auto", "--server", "'a", "--client", "b"},
		{"exec", "--auto", "--server", "a", "--client", "b", "--net", "sim"},
		{"exec", "--auto", "--server", "a", "--client", "b", "--limit", "0s"},
		{"exec", "--auto", "--server", "a", "--client", "b 127.0.0.1", "--net", "wire"},
	} {
		if r := finwait(t, args...); r.status != exitUsage || r.stdout != "" {
			t.Errorf("%q: status %d, %q", args, r.status, r.stderr)
		}
	}
}
