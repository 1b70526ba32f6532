package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the directory of the module, as seen from this package.
const root = "../.."

// continuations are the words with which a comment continues the line above.
var continuations = []string{
	"and", "or", "nor", "but", "then", "else", "which", "that", "whose", "it", "its", "they", "their", "them", "...", "…",
}

// The comment of a field, or of a constant or variable in a group, stands alone. One that
// begins in the middle of a sentence loses its meaning when a line is inserted above it.
func TestCommentsStandAlone(t *testing.T) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != root && (name == "testdata" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found, err := continued(filepath.ToSlash(path[len(root)+1:]), source)
		if err != nil {
			return err
		}
		for _, f := range found {
			t.Error(f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// continued returns the comments of a file that continue the line above, as "file:line: text".
func continued(name string, source []byte) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	check := func(groups ...*ast.CommentGroup) {
		for _, g := range groups {
			if text := g.Text(); slices.Contains(continuations, firstWord(text)) {
				found = append(found, fmt.Sprintf("%s: %s", files.Position(g.Pos()), strings.TrimSpace(text)))
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			for _, f := range n.Fields.List {
				check(f.Doc, f.Comment)
			}
		case *ast.InterfaceType:
			for _, f := range n.Methods.List {
				check(f.Doc, f.Comment)
			}
		case *ast.ValueSpec:
			check(n.Doc, n.Comment)
		}
		return true
	})
	return found, nil
}

// firstWord returns the first word of a comment as it is written, without a comma or a colon
// after it. An ellipsis is a word.
func firstWord(text string) string {
	for _, dots := range []string{"...", "…"} {
		if strings.HasPrefix(text, dots) {
			return dots
		}
	}
	word, _, _ := strings.Cut(strings.Join(strings.Fields(text), " "), " ")
	return strings.TrimRight(word, ",;:")
}

// The check itself finds what it should, and nothing else.
func TestContinued(t *testing.T) {
	const source = `package p

type s struct {
	a int // and b
	b int // the number of bytes, and a FIN
	// it is on
	c bool
	d bool // It begins a sentence.
	e int  // ... of the peer
	f int  // item
}

type i interface {
	m() // or nothing
}

const (
	k = 1 // which is one
	l = 2 // two
)

var v = 1 // then

// and this is no field
func f() {
	const local = 1 // its value
	_ = local       // and this is a statement
}
`
	found, err := continued("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"p.go:4:8: and b", "p.go:6:2: it is on", "p.go:9:9: ... of the peer", "p.go:14:6: or nothing",
		"p.go:18:8: which is one", "p.go:22:11: then", "p.go:26:18: its value",
	}
	if !slices.Equal(found, want) {
		t.Errorf("got  %q\nwant %q", found, want)
	}
}
