package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Word is one word of a line of a script. Col is the column of its first
// character, counted from 1 in characters. Quoted words have lost their quotes.
type Word struct {
	Text   string
	Col    int
	Quoted bool
}

// SyntaxError says what is wrong with a line of a script, where, and what would
// be right. Hint may be empty.
type SyntaxError struct {
	Col  int
	Msg  string
	Hint string
}

// Error returns the message and the hint, without the column.
func (e *SyntaxError) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + "; " + e.Hint
}

// Words splits a line at spaces. A word in double quotes is a Go string, escapes
// included. A # outside quotes begins a comment. The error is a *SyntaxError.
func Words(line string) ([]Word, error) {
	var words []Word
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '#':
			return words, nil
		case c == '"':
			w, size, err := quotedWord(line, i)
			if err != nil {
				return nil, err
			}
			words = append(words, w)
			i += size
		default:
			size := strings.IndexAny(line[i:], " \t\r#\"")
			if size < 0 {
				size = len(line) - i
			}
			words = append(words, Word{Text: line[i : i+size], Col: column(line, i)})
			i += size
		}
	}
	return words, nil
}

// quotedWord reads the quoted word at line[i:] and returns it and its size in
// bytes.
func quotedWord(line string, i int) (Word, int, error) {
	quoted, err := strconv.QuotedPrefix(line[i:])
	if err != nil {
		return Word{}, 0, &SyntaxError{
			Col: column(line, i), Msg: "a quoted text is broken",
			Hint: `it ends with a " on the same line, and \n, \" and \x00 are its escapes`,
		}
	}
	text, err := strconv.Unquote(quoted)
	if err != nil { // QuotedPrefix has checked it
		panic(err)
	}
	return Word{Text: text, Col: column(line, i), Quoted: true}, len(quoted), nil
}

func column(line string, i int) int { return utf8.RuneCountInString(line[:i]) + 1 }

// Lexer hands out the words of a line in order and keeps the first error. After an error
// it goes on handing out words, so that a reader need not look at each.
type Lexer struct {
	words  []Word
	taken  int // how many of them have been handed out
	err    error
	open   bool // the line may go on after its words
	wanted Wanted
}

// Wanted is what may follow the words of a line that is not finished.
type Wanted struct {
	Words []string // of the grammar
	What  string   // what else, as an error names it: "a descriptor"; empty for nothing
}

// NewLexer returns a lexer at the beginning of the words, which it shares.
func NewLexer(words []Word) *Lexer { return &Lexer{words: words} }

// openLexer returns a lexer of a line that is not finished. What its reader asks for after the
// last word is kept in wanted.
func openLexer(words []Word) *Lexer { return &Lexer{words: words, open: true} }

// atOpenEnd reports whether all words are taken of a line that is not finished, and nothing was
// wrong so far.
func (x *Lexer) atOpenEnd() bool { return x.open && x.err == nil && x.taken == len(x.words) }

// Want says that the next word may be one of known.
func (x *Lexer) Want(known ...string) {
	for _, w := range known {
		if x.atOpenEnd() && !slices.Contains(x.wanted.Words, w) {
			x.wanted.Words = append(x.wanted.Words, w)
		}
	}
}

// Err returns the first error, a *SyntaxError; nil while there is none.
func (x *Lexer) Err() error { return x.err }

// Fail keeps the error, if it is the first.
func (x *Lexer) Fail(err *SyntaxError) {
	if x.err == nil {
		x.err = err
	}
}

// More reports whether a word follows, and nothing was wrong so far.
func (x *Lexer) More() bool { return x.atOpenEnd() || x.err == nil && x.taken < len(x.words) }

// Follows reports whether the next word is that one, without quotes.
func (x *Lexer) Follows(word string) bool {
	x.Want(word)
	return x.err == nil && x.taken < len(x.words) && !x.words[x.taken].Quoted && x.words[x.taken].Text == word
}

// Accept takes the next word if it is that one, without quotes, and reports whether it
// was.
func (x *Lexer) Accept(word string) bool {
	if !x.Follows(word) {
		return false
	}
	x.taken++
	return true
}

// Next takes the next word. Where there is none it fails: what says what it should have
// been. It then returns the last word.
func (x *Lexer) Next(what string) Word {
	if x.taken == len(x.words) {
		if x.atOpenEnd() {
			x.wanted.What = what
		}
		last := x.Last()
		x.Fail(&SyntaxError{Col: last.Col, Msg: fmt.Sprintf("after %s something is missing", Quote(last.Text)), Hint: "it needs " + what})
		return last
	}
	x.taken++
	return x.Last()
}

// Last returns the word that was taken last, one without text where none was.
func (x *Lexer) Last() Word {
	if x.taken == 0 {
		return Word{Col: 1}
	}
	return x.words[x.taken-1]
}

// Back gives the word back that was taken last.
func (x *Lexer) Back() { x.taken-- }

// End fails where a word follows; hint says what would be right.
func (x *Lexer) End(hint string) {
	if x.err == nil && x.taken < len(x.words) {
		w := x.words[x.taken]
		x.Fail(&SyntaxError{Col: w.Col, Msg: Quote(w.Text) + " is too much", Hint: hint})
	}
}

// OneOf takes the next word, which must be one of known, without quotes. What says what
// it is.
func (x *Lexer) OneOf(what string, known ...string) string {
	x.Want(known...)
	w := x.Next(what)
	for _, k := range known {
		if k == w.Text && !w.Quoted {
			return k
		}
	}
	x.Fail(Unknown(w, what, known))
	return ""
}

// Number takes the next word, which must be a number from low to high.
func (x *Lexer) Number(what string, low, high int) int {
	w := x.Next(what)
	n, err := strconv.Atoi(w.Text)
	if err != nil || n < low || n > high || w.Quoted {
		x.Fail(&SyntaxError{Col: w.Col, Msg: fmt.Sprintf("%s is not %s", Quote(w.Text), what), Hint: fmt.Sprintf("it is a number from %d to %d", low, high)})
	}
	return n
}

// Quoted takes the next word, which must be in quotes.
func (x *Lexer) Quoted(what string) string {
	w := x.Next(what)
	if !w.Quoted {
		x.Fail(&SyntaxError{Col: w.Col, Msg: Quote(w.Text) + " is not in quotes", Hint: "it needs " + what})
	}
	return w.Text
}

// Unknown returns the error for a word that none of known spells: it names the
// nearest of them, or lists them when none is near. What says what the word
// should have been ("a verb").
func Unknown(w Word, what string, known []string) *SyntaxError {
	e := &SyntaxError{Col: w.Col, Msg: fmt.Sprintf("%s is not %s", Quote(w.Text), what)}
	near := Nearest(w.Text, known)
	if len(known) == 1 {
		near = known[0]
	}
	if near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	} else {
		e.Hint = "it is one of: " + strings.Join(known, ", ")
	}
	return e
}

// Nearest returns the known word that takes the fewest edits to become word, or
// "" when none is near: more than a third of its letters, and more than two, or
// all of them would have to change.
func Nearest(word string, known []string) string {
	best, bestCost := "", 0
	for _, k := range known {
		limit := min(max(2, len(k)/3), len(k)-1)
		if len(word) > len(k)+limit {
			continue
		}
		cost := editDistance(strings.ToLower(word), strings.ToLower(k))
		if cost <= limit && (best == "" || cost < bestCost) {
			best, bestCost = k, cost
		}
	}
	return best
}

// editDistance is the number of single letters to insert, delete, replace or
// swap with their neighbour to make b of a.
func editDistance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
