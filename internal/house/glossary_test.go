package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The glossary explains every package below sim, and what it says is in the code is there.
func TestGlossary(t *testing.T) {
	glossary := text(t, filepath.Join(root, "docs", "glossary.md"))
	dirs, err := filepath.Glob(filepath.Join(root, "sim", "*", "doc.go"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no packages: %v", err)
	}
	for _, doc := range dirs {
		if name := "sim/" + filepath.Base(filepath.Dir(doc)); !strings.Contains(glossary, "`"+name+"`") {
			t.Errorf("it does not explain %s", name)
		}
	}
	_, own, _ := strings.Cut(glossary, "## finwait's own")
	terms := regexp.MustCompile("`([a-z/]+)(?:\\.([A-Z]\\w+))?`").FindAllStringSubmatch(own, -1)
	if len(terms) < 20 {
		t.Fatalf("only %d terms are in the code", len(terms))
	}
	for _, m := range terms {
		dir := m[1]
		switch {
		case m[2] == "" && !strings.Contains(dir, "/"):
			continue // a verb
		case m[2] != "" && dir != "sim":
			dir = "sim/" + dir
		}
		names, err := exported(filepath.Join(root, dir))
		if err != nil || m[2] != "" && !slices.Contains(names, m[2]) {
			t.Errorf("%s is not in the code: %v", strings.Trim(m[0], "`"), err)
		}
	}
}

// Every group of the glossary is in alphabetical order.
func TestGlossaryOrder(t *testing.T) {
	for _, group := range strings.Split(text(t, filepath.Join(root, "docs", "glossary.md")), "\n## ")[1:] {
		var terms []string
		for _, m := range regexp.MustCompile(`(?m)^\| ([^|]+) \|`).FindAllStringSubmatch(group, -1) {
			if m[1] != "term" {
				terms = append(terms, strings.ToLower(m[1]))
			}
		}
		if !slices.IsSorted(terms) {
			t.Errorf("out of order: %s", strings.Join(terms, "; "))
		}
	}
}

// exported returns the names that a package declares.
func exported(dir string) (names []string, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if filepath.Ext(f.Name()) != ".go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, f.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names = append(names, d.Name.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						names = append(names, s.Name.Name)
					case *ast.ValueSpec:
						for _, n := range s.Names {
							names = append(names, n.Name)
						}
					}
				}
			}
		}
	}
	return names, nil
}
