package tui

import (
	"regexp"
	"slices"
	"strings"

	"finwait/sim/lesson"
)

// telling is what the prose of a lesson says at one moment. Its texts are Markdown.
type telling struct {
	earlier []string // told before, in its order
	now     string
	card    lesson.Card // at the end of the lesson
}

// tell returns what is told once step number made has been started, where at is the index of
// the step that runs or comes next. The sentence of a step takes the place of what was told
// before it. At rest the paragraph before the next step follows below the sentence.
func tell(l *lesson.Lesson, made, at int) telling {
	if l.Sandbox() {
		return telling{now: l.Outro}
	}
	if made == 0 {
		return telling{now: runIn(l.Steps[0].Story)}
	}
	var all []string
	for _, s := range l.Steps[:made] {
		if s.First {
			all = append(all, runIn(s.Story))
		}
		if s.Say != "" {
			all = append(all, s.Say)
		}
	}
	newest, story := l.Steps[made-1].Say, ""
	var card lesson.Card
	switch {
	case at < made: // it runs
	case at < len(l.Steps) && l.Steps[at].First:
		story = runIn(l.Steps[at].Story)
	case at == len(l.Steps):
		story, card = l.Ending()
	}
	last := len(all) - 1
	switch {
	case story != "" && newest != "":
		return telling{all[:last], newest + "\n\n" + story, card}
	case story != "":
		return telling{all, story, card}
	case card != (lesson.Card{}) && newest == "":
		return telling{earlier: all, card: card}
	}
	return telling{all[:last], all[last], card}
}

// tellMade returns what is told of step number made alone: the paragraph before the next step may
// say what that will do.
func tellMade(l *lesson.Lesson, made int) telling {
	t := tell(l, made, made-1)
	if made > 0 && l.Steps[made-1].Say == "" {
		t.earlier, t.now = append(slices.Clip(t.earlier), t.now), ""
	}
	return t
}

// heading matches the heading of a chapter in front of a paragraph of plain text.
var heading = regexp.MustCompile(`(?m)^## *([^\n]*?)([.:!?]?)\n+([\pL*_` + "`" + `])`)

// runIn makes a heading in front of a paragraph the bold first words of the paragraph: it takes
// no row of its own then.
func runIn(md string) string {
	if !strings.Contains(md, "##") {
		return md
	}
	return heading.ReplaceAllStringFunc(md, func(s string) string {
		m := heading.FindStringSubmatch(s)
		end := m[2]
		if end == "" {
			end = "."
		}
		return "**" + strings.TrimSpace(m[1]) + end + "** " + m[3]
	})
}
