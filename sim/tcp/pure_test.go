package tcp

import (
	"go/build"
	"slices"
	"strings"
	"testing"
)

// The model imports nothing that has a clock, randomness, goroutines or I/O.
func TestPure(t *testing.T) {
	impure := []string{"os", "net", "time", "math/rand", "sync", "syscall", "runtime", "log", "context", "io", "unsafe"}
	for _, dir := range []string{"..", ".", "../diagram"} {
		pkg, err := build.ImportDir(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range pkg.Imports {
			if name == "net/netip" { // values only
				continue
			}
			if slices.ContainsFunc(impure, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") }) {
				t.Errorf("%s imports %s", pkg.Name, name)
			}
		}
	}
}
