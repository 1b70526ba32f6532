package sim

import (
	"fmt"
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

// Unknown returns the error for a word that none of known spells: it names the
// nearest of them, or lists them when none is near. What says what the word
// should have been ("a verb").
func Unknown(w Word, what string, known []string) *SyntaxError {
	e := &SyntaxError{Col: w.Col, Msg: fmt.Sprintf("%s is not %s", strconv.QuoteToASCII(w.Text), what)}
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
