// Package text makes text fit a terminal: how wide it is, what of it is safe to
// show, where it is cut, where its lines break, what stands for it in ASCII.
//
//	text from outside ──Clean──▶ text ──Cut, Wrap──▶ Line ──▶ screen, transcript
//	                                      Board ──────┘
//
// A width is a number of cells, the columns of a terminal: a letter takes one, a
// Chinese character two, a combining mark none. The length of a string says nothing
// about it.
//
// A Line is a row of spans, each with a Role: what the piece means. A screen has a
// style for each role; a file takes the text as it is. A Board is a row of cells to
// draw on.
//
// Clean comes first. Every other function expects cleaned text and keeps it clean:
// what comes out has no character in it that was not put in.
//
// The package is pure, as sim is.
package text
