package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"finwait/sim/lesson"
)

func newShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show LESSON",
		Short:   "Print a lesson of finwait as the file it is",
		Long:    "Print a lesson of finwait as the Markdown file it is: to read, or to begin your own lesson with.",
		Example: "  finwait show client-gone > my-lesson.md",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("show needs one name from `finwait lessons`")}
			}
			return nil
		},
		ValidArgsFunction: completeLesson,
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := lesson.Find(args[0])
			if err != nil {
				return usageError{err}
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), l.Source)
			return err
		},
	}
}
