package line

import (
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// Known is what the grammar cannot know: what there is in the lab.
type Known struct {
	Wire        bool              // there is a wire that holds segments
	Descriptors map[sim.End][]int // the open ones of an end's acting process
	Segments    []int             // numbers of those on the wire
}

// View is what there is to say of a line while it is typed.
type View struct {
	Usage   string   // how the verb of the line is written; empty before there is one
	Help    string   // what the verb does
	Choices []string // the words that may stand in the place of the last one
	Err     error    // a *sim.SyntaxError where no ending would make the line right
}

// Look returns what there is to say of a line whose last word may be unfinished.
func Look(text string, k Known) View {
	v := View{}
	before, last, err := split(text)
	switch {
	case err != nil:
		v.Err = err
		return v
	case len(before) > 0 && before[0].Text == save, len(before) > 0 && before[0].Text == saveOver, len(before) > 0 && isNumber(before[0].Text):
		v.Usage = saveUsage
		if isNumber(before[0].Text) {
			v.Usage = ""
		}
		if strings.TrimSpace(text) != before[0].Text {
			_, v.Err = Parse(text)
		}
		return v
	}
	v.describe(append(slices.Clone(before), last...))
	wanted, err := sim.StepWanted(before)
	if err != nil {
		v.Err = err
		return v
	}
	v.Choices = k.choices(before, wanted)
	if len(last) == 0 {
		return v
	}
	word := last[0]
	v.Choices = slices.DeleteFunc(v.Choices, func(c string) bool { return word.Quoted || !strings.HasPrefix(c, word.Text) })
	if _, err := sim.StepOf(append(before, word)); err != nil && len(v.Choices) == 0 && (wanted.What == "" || len(wanted.Words) > 0 && !startsNumber(word.Text)) {
		v.Err = err
	}
	return v
}

// startsNumber reports whether a word may become a number or a time.
func startsNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// endings are what may end a quotation, also in the middle of an escape.
var endings = []string{`"`, `\"`, `0"`, `00"`}

// split returns the finished words of a line and, if there is one, the last that is not
// finished. A quotation that has no end yet is such a word.
func split(text string) (before, last []sim.Word, err error) {
	words, err := wordsOf(text)
	if err == nil && strings.HasSuffix(text, " ") {
		return words, nil, nil
	}
	for _, ending := range endings {
		if err != nil {
			words, err = wordsOf(text + ending)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	n := max(0, len(words)-1)
	return words[:n:n], words[n:], nil
}

// describe says how the verb of the words is written, and what it does. Of several that are
// joined it is the newest.
func (v *View) describe(words []sim.Word) {
	for _, w := range words {
		for _, u := range sim.Usages() {
			if string(u.Verb) == w.Text && !w.Quoted {
				v.Usage, v.Help = strings.TrimSpace(string(u.Verb)+" "+u.Args), u.Help
			}
		}
	}
}

// choices returns the words that may follow the finished words of a line.
func (k Known) choices(before []sim.Word, wanted sim.Wanted) []string {
	list := slices.DeleteFunc(slices.Clone(wanted.Words), func(w string) bool {
		return is(w, func(u sim.Usage) bool { return u.Traced }) || len(before) == 0 && !k.Wire && is(w, func(u sim.Usage) bool { return u.Wire })
	})
	numbers := k.Segments
	switch {
	case len(before) == 0:
		list = append(list, save)
	case wanted.What == sim.ADescriptor:
		numbers = k.Descriptors[sim.End(before[0].Text)]
	case wanted.What != sim.SegmentNumber:
		numbers = nil
	}
	if len(before) == 0 {
		numbers = nil
	}
	for _, n := range numbers {
		list = append(list, strconv.Itoa(n))
	}
	return list
}

// is reports whether a word is a verb of a kind.
func is(word string, kind func(sim.Usage) bool) bool {
	return slices.ContainsFunc(sim.Usages(), func(u sim.Usage) bool { return string(u.Verb) == word && kind(u) })
}

// Complete returns the line with its last word as far as all choices agree on it. Where there is
// one choice, a space follows it.
func Complete(text string, k Known) string {
	choices := Look(text, k).Choices
	if len(choices) == 0 {
		return text
	}
	common := choices[0]
	for _, c := range choices[1:] {
		for !strings.HasPrefix(c, common) {
			common = common[:len(common)-1]
		}
	}
	if len(choices) == 1 && common != `"` {
		common += " "
	}
	at := strings.LastIndexByte(text, ' ') + 1
	if at == 0 && strings.HasPrefix(text, ":") {
		at = 1
	}
	if !strings.HasPrefix(common, text[at:]) {
		return text
	}
	return text[:at] + common
}
