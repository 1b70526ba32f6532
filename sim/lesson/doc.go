// Package lesson reads lessons and walks through them.
//
// A lesson is a Markdown file: prose, and fenced finwait blocks of steps and of
// expectations. The same file is the handout, the demonstration and the test.
//
//	lesson.md ──Parse──▶ Lesson ──▶ Player ──Next──▶ Lab
//	                                  ▲               │
//	                                  └──── Observe ──┘ events
//
// Parse accepts a file or returns one *Error that says where it is wrong and
// what would be right. Whatever it accepts is safe to print: a lesson cannot
// hold a character that a terminal obeys. A Player keeps the log of a run and
// checks each step's expectations when the step has settled; it starts nothing
// itself. A Lab does what the steps say; its implementations live elsewhere.
//
// The package is pure: it opens no file, starts no goroutine and asks no clock.
// The lessons that come with finwait are part of the program.
package lesson
