package sim

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ShownBytes is how much of the data of a call is shown, as strace(1) does.
const ShownBytes = 32

// quoteData quotes data as the log has them: in ASCII, and no more of them than strace(1)
// shows.
func quoteData(data string) string {
	if len(data) > ShownBytes {
		return strconv.QuoteToASCII(data[:ShownBytes]) + cutData
	}
	return strconv.QuoteToASCII(data)
}

// cutData follows quoted data of which the end is left out, as in strace(1).
const cutData = "..."

// Quote quotes a text for a reader, as a Go string. Printable text in any script stays as it
// is, with the joiners that some scripts need after a letter; control and format characters and
// bytes that are not UTF-8 are escaped. So are the joiners of emoji: terminals do not agree on
// how wide what they join is.
func Quote(s string) string {
	quoted := strconv.Quote(s)
	if !strings.Contains(quoted, `\u200`) {
		return quoted
	}
	var b strings.Builder
	b.WriteByte('"')
	before := false // a letter or its mark stands before
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if before && (r == nonJoiner || r == joiner) {
			b.WriteString(s[:size])
			before = false
		} else {
			one := strconv.Quote(s[:size])
			b.WriteString(one[1 : len(one)-1])
			before = unicode.IsLetter(r) || unicode.IsMark(r)
		}
		s = s[size:]
	}
	b.WriteByte('"')
	return b.String()
}

// The joiners of Unicode, which have no width.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// showData quotes data for a reader, no more of them than strace(1) shows. The last character
// that is shown is whole.
func showData(data string) string {
	if len(data) > ShownBytes {
		return Quote(wholeCharacters(data[:ShownBytes])) + cutData
	}
	return Quote(data)
}

// wholeCharacters returns data without the beginning of a character at their end.
func wholeCharacters(data string) string {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		last := data[len(data)-n:]
		if utf8.RuneStart(last[0]) {
			if !utf8.FullRuneInString(last) {
				return data[:len(data)-n]
			}
			break
		}
	}
	return data
}

// showQuoted returns an argument as quoteData spells it as a reader sees it. Any other
// argument stays as it is.
func showQuoted(arg string) string {
	quoted, err := strconv.QuotedPrefix(arg)
	if err != nil || quoted[0] != '"' {
		return arg
	}
	data, err := strconv.Unquote(quoted)
	if err != nil {
		return arg
	}
	rest := arg[len(quoted):]
	if rest == cutData {
		data = wholeCharacters(data)
	}
	return Quote(data) + rest
}
