package ladder_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	. "finwait/sim/ladder"
)

// picture draws a whole ladder.
func picture(l *Ladder, width int, o Options) string {
	var b strings.Builder
	for _, line := range l.Draw(0, l.Len(), width, o) {
		b.WriteString(line.String() + "\n")
	}
	return b.String()
}

// go test ./sim/ladder -update writes the golden files. Look at them before you commit
// them: they are the picture.
func TestGolden(t *testing.T) {
	for _, story := range slices.Concat(stories, wireStories) {
		for _, width := range []int{78, 98, 158} {
			t.Run(fmt.Sprintf("%s-%d", story.name, width), func(t *testing.T) {
				golden.RequireEqual(t, picture(story.log().ladder(), width, Options{Grow: 1}))
			})
		}
	}
}

func TestGoldenASCII(t *testing.T) {
	golden.RequireEqual(t, picture(clientKilled().ladder(), 78, Options{ASCII: true, Grow: 1}))
}

func TestGoldenDiffersASCII(t *testing.T) {
	golden.RequireEqual(t, picture(differs().ladder(), 78, Options{ASCII: true, Grow: 1}))
}

func TestGoldenDiffersNarrow(t *testing.T) {
	for _, width := range []int{40, 58} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			golden.RequireEqual(t, picture(differs().ladder(), width, Options{Grow: 1}))
		})
	}
}

func TestGoldenWireASCII(t *testing.T) {
	golden.RequireEqual(t, picture(wireLostFIN().ladder(), 78, Options{ASCII: true, Grow: 1}))
}

func TestGoldenNarrow(t *testing.T) {
	for _, width := range []int{40, 58} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			golden.RequireEqual(t, picture(clientKilled().ladder(), width, Options{Grow: 1}))
		})
	}
}
