package cli

import (
	"time"

	"finwait/internal/progress"
)

// doneLessons returns the names of the lessons that the person who runs finwait has played to their end;
// none where that cannot be known.
func doneLessons() []string {
	file, err := progress.File()
	if err != nil {
		return nil
	}
	done, _ := progress.Done(file) // a file that cannot be read holds nothing
	return done
}

// finished remembers that a lesson was played to its end. Where that is not possible, it is not
// remembered.
func finished(lesson string) {
	if file, err := progress.File(); err == nil {
		_ = progress.Mark(file, lesson, time.Now())
	}
}
