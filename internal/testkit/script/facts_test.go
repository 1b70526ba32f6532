package script

import (
	"path"
	"slices"
	"strings"
	"testing"

	"finwait/sim"
)

// The table of the cases.
const cases = folder + "/CASES.md"

// row is a row of the table: cases, the fact, and its scripts or the reason why none.
type row struct {
	ids     []string
	fact    string
	where   string
	scripts bool
}

// table returns the rows of both tables of CASES.md.
func table(t *testing.T) (rows []row) {
	t.Helper()
	text, err := facts.ReadFile(cases)
	if err != nil {
		t.Fatal(err)
	}
	with, without, found := strings.Cut(string(text), "## Without one")
	if !found {
		t.Fatal("there is no table of what has no script")
	}
	for i, part := range []string{with, without} {
		for _, line := range strings.Split(part, "\n") {
			cells := strings.Split(line, "|")
			if len(cells) != 5 || strings.Contains(line, "| case |") || strings.Contains(line, "|---|") {
				continue
			}
			rows = append(rows, row{strings.Fields(cells[1]), strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3]), i == 0})
		}
	}
	return rows
}

// Every case has a script or a reason, every script a case, and neither is missing.
func TestCases(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, s := range all {
		missing[s.Name] = true
	}
	scripts := len(missing)
	seen, expressed := map[string]bool{}, 0
	for _, r := range table(t) {
		for _, id := range r.ids {
			if seen[id] {
				t.Errorf("%s stands twice", id)
			}
			seen[id] = true
		}
		if len(r.ids) == 0 || r.fact == "" || r.where == "" {
			t.Errorf("%v says too little", r)
		}
		if !r.scripts {
			continue
		}
		expressed += len(r.ids)
		for _, name := range strings.Fields(r.where) {
			if !slices.ContainsFunc(all, func(s Script) bool { return s.Name == name }) {
				t.Errorf("%s: there is no script %s", r.ids, name)
			}
			delete(missing, name)
		}
	}
	for name := range missing {
		t.Errorf("%s is the script of no case", name)
	}
	t.Logf("%d cases, %d of them in %d scripts", len(seen), expressed, scripts)
}

// A script has a head and steps, and lies where its network says.
func TestScriptsAreScripts(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if !strings.HasPrefix(s.Head, "# ") || len(s.Steps) == 0 {
			t.Errorf("%s: head %q, %d steps", s.Name, s.Head, len(s.Steps))
		}
		for _, text := range s.Steps {
			if _, err := sim.ParseStep(text); err != nil {
				t.Errorf("%s: %s: %v", s.Name, text, err)
			}
		}
		if s.Wire != (path.Dir(s.Name) != ".") || s.Slow != strings.HasPrefix(s.Name, "slow/") || s.Story != strings.HasPrefix(s.Name, "story/") {
			t.Errorf("%s: wire %v, slow %v, story %v", s.Name, s.Wire, s.Slow, s.Story)
		}
	}
}
