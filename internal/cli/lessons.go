package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

func newLessons() *cobra.Command {
	return &cobra.Command{
		Use:   "lessons",
		Short: "List the lessons",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return listLessons(cmd.OutOrStdout()) },
	}
}

// nameWidth is the width in cells of the column with the names of the lessons.
const nameWidth = 21

// listLessons prints name, title, minutes and summary of every lesson.
func listLessons(w io.Writer) error {
	for _, l := range lesson.Embedded() {
		name := l.Name + strings.Repeat(" ", max(0, nameWidth-text.Cells(l.Name)))
		lines := []string{fmt.Sprintf("%s %s (%d min)", name, l.Title, l.Minutes)}
		for _, line := range lesson.Plain(l.Summary, transcriptWidth-nameWidth-1, text.GlyphsFor(false)) {
			lines = append(lines, strings.Repeat(" ", nameWidth+1)+line)
		}
		if err := printLines(w, lines); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "\nPlay one with: finwait play NAME. Without a terminal: finwait run NAME")
	return err
}

// oneLesson accepts exactly one argument.
func oneLesson(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("%s needs one lesson: a name from `finwait lessons`, or a file", cmd.Name())}
	}
	return nil
}

// completeLesson completes the names of the lessons for the shell.
func completeLesson(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, l := range lesson.Embedded() {
		names = append(names, l.Name+"\t"+l.Title)
	}
	return names, cobra.ShellCompDirectiveDefault
}

// load returns the embedded lesson of that name, or reads the file of that name. A name
// with a separator or an extension is a file.
func load(name string) (*lesson.Lesson, error) {
	isFile := strings.ContainsRune(name, filepath.Separator) || filepath.Ext(name) != ""
	if !isFile {
		l, err := lesson.Find(name)
		if err == nil {
			return l, nil
		}
		if _, statErr := os.Stat(name); statErr != nil {
			return nil, usageError{err}
		}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, usageError{fmt.Errorf("cannot read the lesson: %w", err)}
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, lesson.MaxSize+1))
	if err != nil {
		return nil, usageError{fmt.Errorf("cannot read the lesson: %w", err)}
	}
	return lesson.Parse(name, src)
}
