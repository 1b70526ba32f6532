// Package lesson reads lessons and walks through them.
//
// A lesson is a Markdown file: prose, and fenced finwait blocks of steps and of
// expectations. The same file is the handout, the demonstration and the test.
//
//	lesson.md ──Parse──▶ Lesson ──▶ Player ──Next──▶ Lab
//	                                  ▲               │
//	                                  └──── Observe ──┘ events
//
// Parse returns the lesson, or one *Error that says where the file is wrong and what would
// be right. A lesson that was accepted is safe to print: it has no character that a
// terminal obeys. A Player keeps the log of a run and checks the expectations of a step when
// the step has settled; it starts nothing itself.
//
//	source.go        the file: its lines, its errors with file:line:column
//	frontmatter.go   the settings at the top of the file
//	parse.go         blocks of steps and the prose between them
//	expect_parse.go  the grammar of expectations; expect.go and expect_segment.go check them
//	markdown.go      the reader of Markdown: prose as lines for screen and transcript
//	player.go        the run of a lesson
//
// The package is pure: it opens no file, starts no goroutine and asks no clock. The lessons
// that come with finwait are embedded in the program.
package lesson
