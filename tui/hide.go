package tui

import (
	"fmt"
	"strings"
)

// Hidden says which parts of a lesson are not shown, so that a class predicts, or looks at one thing.
type Hidden uint8

// The parts that can be hidden.
const (
	HideNext   Hidden = 1 << iota // the next step, and the prose before it
	HideStory                     // the story
	HideSteps                     // the list of steps
	HideBoxes                     // the boxes of both ends
	HideLadder                    // the ladder
)

// hiddenNames are the names of the parts, in the order of their bits.
var hiddenNames = []string{"next", "story", "steps", "boxes", "ladder"}

// ParseHidden reads names of parts that are separated by commas: next, story, steps, boxes, ladder.
// The error is one sentence.
func ParseHidden(list string) (Hidden, error) {
	var h Hidden
	if list == "" {
		return 0, nil
	}
next:
	for _, part := range strings.Split(list, ",") {
		for i, name := range hiddenNames {
			if strings.TrimSpace(part) == name {
				h |= 1 << i
				continue next
			}
		}
		return 0, fmt.Errorf("%q cannot be hidden, only %s", part, strings.Join(hiddenNames, ", "))
	}
	if h.has(HideBoxes) && h.has(HideLadder) {
		return 0, fmt.Errorf("boxes and ladder cannot both be hidden")
	}
	return h, nil
}

// has reports whether a part is hidden.
func (h Hidden) has(part Hidden) bool { return h&part != 0 }

// hiddenViews are what the key goes through: everything; without the next step; without story and next
// step; the ladder alone; the boxes alone.
var hiddenViews = []Hidden{
	0,
	HideNext,
	HideNext | HideStory,
	HideStory | HideSteps | HideBoxes,
	HideStory | HideSteps | HideLadder,
}

// following returns the view after this one; the first after one that is none of them.
func (h Hidden) following() Hidden {
	for i, view := range hiddenViews {
		if view == h {
			return hiddenViews[(i+1)%len(hiddenViews)]
		}
	}
	return hiddenViews[0]
}
