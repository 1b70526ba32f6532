package conform

import (
	"strings"
	"testing"

	"finwait/sim"
)

// lostAt is a judge that finds nothing, and cannot follow after so many steps.
type lostAt struct {
	content
	left int
}

func (l *lostAt) Observe(e sim.Event) []sim.Event {
	if e.Kind() == sim.KindSettled {
		l.left--
	}
	return l.content.Observe(e)
}

func (l *lostAt) Silent() string {
	if l.left <= 0 {
		return "the judge is lost"
	}
	return ""
}

// A walk that the judge could not follow to its end is no whole walk, and the report says so.
func TestCutShort(t *testing.T) {
	for _, test := range []struct {
		steps int // number of steps after which the judge is lost
		walks int // number of walks that were cut short
		says  string
	}{
		{3, 5, "no disagreement, 5 cut short.\n"},
		{1000, 0, "no disagreement.\n"},
	} {
		o := onModel(func() Judge { return &lostAt{left: test.steps} })
		o.Walks = 5
		r := conform(t, o)
		if r.Short != test.walks || r.Walks != o.Walks || !strings.Contains(r.String(), test.says) {
			t.Errorf("lost after %d steps: %d walks cut short\n%s", test.steps, r.Short, r)
		}
	}
}

// One that disagrees has come to its end.
func TestDisagreementIsNotCutShort(t *testing.T) {
	o := posed(func(e sim.Event) sim.Event {
		if e.Segment().Flags&sim.FIN != 0 {
			sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Seq++ })
		}
		return e
	})
	o.Walks = 20
	if r := conform(t, o); r.Short > 0 || len(r.Disagreements) == 0 {
		t.Errorf("%d walks cut short, %d disagree", r.Short, len(r.Disagreements))
	}
}

// silent is a judge that says nothing, from the beginning.
type silent struct{}

func (silent) Observe(sim.Event) []sim.Event { return nil }
func (silent) Silent() string                { return "tcp_sack is 0 on this machine" }

// Where nothing was compared there is no agreement to report.
func TestNothingCompared(t *testing.T) {
	o := onModel(func() Judge { return silent{} })
	o.Walks = 3
	_, err := Run(t.Context(), o)
	if want := "nothing could be compared: tcp_sack is 0 on this machine"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
