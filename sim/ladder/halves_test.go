package ladder_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The fold knows nothing of widths and signs, and the drawing nothing of events.
func TestHalvesAreApart(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	foreign := map[string][]string{
		"fold": {"painter", "Options", "Glyphs", "Board", "Line", "Cells", "Cut", "FirstFit"},
		"draw": {"Event", "Apply", "openCall", "descriptor"},
	}
	seen := 0
	for _, file := range files {
		half, _, _ := strings.Cut(strings.TrimSuffix(file, ".go"), "_")
		if foreign[half] == nil {
			continue
		}
		seen++
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && slices.Contains(foreign[half], id.Name) {
				t.Errorf("%s: %s", fset.Position(id.Pos()), id.Name)
			}
			return true
		})
	}
	if seen < 2 {
		t.Errorf("only %d files have a half", seen)
	}
}
