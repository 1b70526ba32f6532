package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxREADME is how many lines README.md may have: who wants more reads docs.
const maxREADME = 130

// The README is short.
func TestREADMELength(t *testing.T) {
	if n := strings.Count(text(t, filepath.Join(root, "README.md")), "\n"); n > maxREADME {
		t.Errorf("README.md has %d lines, at most %d are read", n, maxREADME)
	}
}

// Every link of the manual to a file leads to one, and every picture is there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`(?:\]\(|src(?:set)?=")([^)#"]+)(#[^)]*)?[)"]`)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		for _, m := range link.FindAllStringSubmatch(text(t, page), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

// Every Go file that the manual or a doc.go names exists: a path from the root of the module,
// or in a doc.go the name of a file beside it. A file that is still to be written has capitals.
func TestFilesExist(t *testing.T) {
	inManual := regexp.MustCompile("`((?:[a-z_]+/)+[a-z_]+\\.go)`")
	inDoc := regexp.MustCompile(`[a-z0-9_*/]+\.go\b`)
	check := func(page string, names []string) {
		for _, name := range names {
			dir := root
			if !strings.Contains(name, "/") {
				dir = filepath.Dir(page)
			}
			if files, err := filepath.Glob(filepath.Join(dir, strings.Trim(name, "`"))); err != nil || len(files) == 0 {
				t.Errorf("%s names %s, which does not exist", page, name)
			}
		}
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		check(page, inManual.FindAllString(text(t, page), -1))
	}
	err = filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
		if err == nil && d.Name() == "doc.go" {
			check(file, inDoc.FindAllString(text(t, file), -1))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The table of folders in docs/how-it-works.md has every folder with Go code, and no other
// but docs.
func TestFolders(t *testing.T) {
	const page = "docs/how-it-works.md"
	named := map[string]bool{"docs": true}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\|").FindAllStringSubmatch(text(t, filepath.Join(root, page)), -1) {
		named[m[1]] = true
		if files, err := filepath.Glob(filepath.Join(root, m[1], "*.go")); m[1] != "docs" && (err != nil || len(files) == 0) {
			t.Errorf("%s names %s, which has no Go code", page, m[1])
		}
	}
	err := filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(file))
		if dir = filepath.ToSlash(dir); err == nil && dir != "." && !named[dir] {
			named[dir] = true
			t.Errorf("%s does not name %s", page, dir)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// text returns the text of a file.
func text(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
