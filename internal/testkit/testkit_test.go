package testkit

import (
	"os/exec"
	"strings"
	"testing"
)

// The program has nothing of the testkit in it.
func TestNotInProgram(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "finwait").Output()
	if err != nil {
		t.Skipf("the go command cannot list the program's packages here: %v", err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 10 {
		t.Fatalf("only %d packages: %s", len(packages), out)
	}
	for _, p := range packages {
		if strings.HasPrefix(p, "finwait/internal/testkit") {
			t.Errorf("%s is in the program", p)
		}
	}
}
