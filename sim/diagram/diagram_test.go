package diagram

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Every line of edges.txt but its head is an edge with a walk, and is spelled as the
// package spells it.
func TestEdges(t *testing.T) {
	lines := 0
	for line := range strings.Lines(edges) {
		if !strings.HasPrefix(line, "#") {
			lines++
		}
	}
	all := Edges()
	if len(all) != lines || lines < 20 {
		t.Fatalf("%d edges in %d lines", len(all), lines)
	}
	for _, f := range all {
		if f.Walk == "" || !strings.Contains(edges, f.String()+" <- "+f.Walk+"\n") {
			t.Errorf("%s <- %s is not in edges.txt", f, f.Walk)
		}
	}
}

// What is no edge is refused.
func TestParseEdge(t *testing.T) {
	for _, text := range []string{"", "CLOSED", "CLOSED --> LISTEN", "CLOSED --> LISTEN: ", "CLOSED --> OPEN: listen", "OPEN --> CLOSED: close"} {
		if e, ok := ParseEdge(text); ok {
			t.Errorf("%q is %v", text, e)
		}
	}
}

// Everything that is not as in figure 5 is an ending or explained, and nothing else is.
func TestFigure5(t *testing.T) {
	all := Arrows()
	explained := map[string]bool{}
	for _, a := range all {
		if _, ends := a.Ending(); ends || a.InFigure5() {
			continue
		}
		explained[a.String()] = true
		if a.Note() == "" {
			t.Errorf("%s is not in figure 5, and no note says why", a)
		}
	}
	for _, a := range figure5 {
		if !slices.Contains(all, a) {
			explained[a.String()] = true
			if a.Note() == "" {
				t.Errorf("%s is not reached, and no note says why", a)
			}
		}
	}
	for text := range notes {
		if !explained[text] {
			t.Errorf("%s has a note, but is as in figure 5, or is not reached", text)
		}
	}
	for _, e := range endings {
		if !slices.ContainsFunc(all, func(a Arrow) bool { return a.Label == e.Label }) {
			t.Errorf("%s is not reached", e.Label)
		}
	}
}

// markdown returns the diagram and its tables for the manual.
func markdown() string {
	all := Arrows()
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, a := range all {
		if _, ends := a.Ending(); ends {
			continue
		}
		mark := ""
		if !a.InFigure5() {
			mark = " *"
		}
		fmt.Fprintf(&b, "    %s%s\n", a, mark)
	}
	b.WriteString("```\n\n| * not as in figure 5 | |\n|---|---|\n")
	for _, a := range append(all, figure5...) {
		if a.Note() != "" {
			fmt.Fprintf(&b, "| `%s` | %s |\n", a, a.Note())
		}
	}
	b.WriteString("\n| not drawn | in | |\n|---|---|---|\n")
	for _, e := range endings {
		var in []string
		for _, a := range all {
			if name := a.From.String(); a.Label == e.Label && !slices.Contains(in, name) {
				in = append(in, name)
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.Label, strings.Join(in, ", "), e.Words)
	}
	return b.String()
}

// The diagram of the manual is what was found. To renew it, copy what a failure prints.
func TestManual(t *testing.T) {
	const file = "../../docs/states.md"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := markdown(); !strings.Contains(string(src), want) {
		t.Errorf("%s does not have:\n%s", file, want)
	}
}
