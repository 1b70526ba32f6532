package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"finwait/sim/lesson"
)

func newNew() *cobra.Command {
	return &cobra.Command{
		Use:     "new NAME",
		Short:   "Write a lesson to begin with, with comments",
		Long:    "Write NAME.md, a short lesson that explains its own form and holds. A file that exists is never overwritten.",
		Example: "  finwait new my-lesson && finwait check my-lesson.md",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usageError{errors.New("new needs one name; it writes NAME.md")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := writeNew(args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is written. Play it with: finwait play %[1]s. Check it with: finwait check %[1]s\n", shown(file, plainLocale()))
			return err
		},
	}
}

// newLesson is the lesson that new writes, with TITLE in place of its title.
//
//go:embed new.md
var newLesson string

// writeNew writes a lesson to the file of that name, which may lack its extension, and
// returns the name of the file.
func writeNew(name string) (file string, err error) {
	file = name
	if filepath.Ext(file) == "" {
		file += ".md"
	}
	text := strings.ReplaceAll(newLesson, "TITLE", titleOf(file))
	if _, err := lesson.Parse(file, []byte(text)); err != nil {
		return "", usageError{fmt.Errorf("%+q cannot be the name of a lesson", name)}
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", usageError{fmt.Errorf("%s is there already, and new overwrites no file; choose another name", file)}
	case err != nil:
		return "", usageError{fmt.Errorf("cannot write the lesson: %w", err)}
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("cannot write the lesson: %w", err)
	}
	return file, nil
}

// titleOf returns a title for a lesson in that file: "my-first_lesson.md" becomes "My first
// lesson".
func titleOf(file string) string {
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	words := strings.Fields(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, base))
	if len(words) == 0 {
		return "A lesson"
	}
	first := []rune(words[0])
	return strings.ToUpper(string(first[:1])) + string(first[1:]) + strings.Join(append([]string{""}, words[1:]...), " ")
}
