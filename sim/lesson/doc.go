// Package lesson reads lessons and walks through them.
//
// A lesson is a Markdown file: prose, and fenced finwait blocks of steps, of expectations, of
// questions and of sentences that are shown with a step. It may have several endings, its runs.
// The same file is the handout, the demonstration and the test.
//
//	lesson.md ──Parse──▶ Lesson ──▶ Player ──Next──▶ Lab
//	                                  ▲               │
//	                                  └──── Observe ──┘ events
//
// Parse returns the lesson, or Errors that say where the file is wrong and what would be
// right. A lesson that was accepted is safe to print: it has no character that a
// terminal obeys. A Player keeps the log of a run, and when a step has settled it
// checks its expectations and the answers to its questions; it starts nothing itself. Markdown
// writes a lesson as the file that Parse reads.
//
//	source.go        the file: its lines, and what a lesson may not hold
//	errors.go        the mistakes of a file, each with file:line:column
//	frontmatter.go   the settings at the top of the file
//	parse.go         the blocks, the prose between them, the headings
//	block.go         the lines of a block: steps, say, expect
//	question.go      the lines of a block: ask and its answers
//	runs.go          the runs, and the lesson of each
//	expect_parse.go  the grammar of expectations; expect.go, expect_call.go and
//	                 expect_segment.go check them
//	format.go        a lesson as a file
//	record.go        a play as a lesson
//	markdown.go      the reader of Markdown: prose as lines for screen and transcript
//	player.go        the walk through a lesson
//
// The package is pure: it opens no file, starts no goroutine and asks no clock. The lessons
// that come with finwait are embedded in the program.
package lesson
