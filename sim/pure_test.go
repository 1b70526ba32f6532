package sim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// impure are the packages that have a clock, randomness, goroutines or I/O. Some of their
// subpackages have none (net/netip), so each is named.
var impure = []string{
	"context", "io", "io/fs", "io/ioutil", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "os/signal",
	"runtime", "sync", "sync/atomic", "syscall", "testing", "time", "unsafe", "golang.org/x/sys/unix",
}

// Nothing under sim has a goroutine, a channel, a clock, randomness or I/O, and nothing there
// imports who has: neither netlab nor tui.
func TestPure(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, impurity := range impurities(file) {
			t.Errorf("%s %s", set.Position(impurity.pos), impurity.what)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("%d files were looked at", files)
	}
}

// impurity is what a pure package must not have.
type impurity struct {
	pos  token.Pos
	what string
}

// impurities returns what a file has that a pure package must not have.
func impurities(file *ast.File) (found []impurity) {
	for _, i := range file.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		ours, _ := strings.CutPrefix(name, "finwait/")
		if err != nil || slices.Contains(impure, name) || ours != name && ours != "sim" && !strings.HasPrefix(ours, "sim/") {
			found = append(found, impurity{i.Pos(), "imports " + name})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, impurity{n.Pos(), "starts a goroutine"})
		case *ast.SelectStmt, *ast.SendStmt:
			found = append(found, impurity{n.Pos(), "uses a channel"})
		}
		return true
	})
	return found
}

// The check finds what it should.
func TestImpurities(t *testing.T) {
	const source = `package p

import (
	"net/netip"
	"time"

	"finwait/netlab"
	"finwait/sim/tcp"
)

func f(c chan int) {
	go f(c)
	c <- 1
	select {}
}
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range impurities(file) {
		got = append(got, i.what)
	}
	want := []string{"imports time", "imports finwait/netlab", "starts a goroutine", "uses a channel", "uses a channel"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
