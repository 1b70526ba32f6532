package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"finwait/tui"
)

// manyFiles is how many screens of one lesson a directory may have: then no free name is looked
// for any more.
const manyFiles = 999

// saveScreen saves a screen in the current directory, in two files of one name: as text and as
// SVG. It takes the first number that neither file has: no file is ever overwritten.
func saveScreen(s tui.Screen) ([]string, error) {
	base := "finwait-" + fileName(s.Lesson)
	for n := 1; n <= manyFiles; n++ {
		name := fmt.Sprintf("%s-%02d", base, n)
		files := []string{name + ".txt", name + ".svg"}
		err := create(files[0], s.Text)
		if err == nil {
			if err = create(files[1], s.SVG); err != nil {
				_ = os.Remove(files[0]) // the two belong together
			}
		}
		if err == nil || !errors.Is(err, fs.ErrExist) {
			return files, err
		}
	}
	return nil, fmt.Errorf("there are %d files %s-*", manyFiles, base)
}

// create writes a file that does not exist yet.
func create(name, content string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(name)
	}
	return err
}

// fileName returns the name of a lesson with nothing in it that has a meaning to a file system or
// a shell; "menu" if there is none.
func fileName(lesson string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, lesson)
	if name == "" {
		return "menu"
	}
	return name
}
