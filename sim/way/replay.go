package way

import (
	"slices"

	"finwait/sim"
)

// Replay is the moves that lead to another place of the tree, made once more on a fresh lab. It
// is a value.
type Replay struct {
	moves   []Move
	made    int
	wire    bool // segments are held: each is compared, also a bare acknowledgement
	virtual bool // time costs nothing: no wait is skipped
}

// NewReplay returns the replay of moves in a lab of those abilities.
func NewReplay(moves []Move, lab sim.Abilities) Replay {
	return Replay{moves: moves, wire: lab.Hold, virtual: lab.Virtual}
}

// Progress returns how many of the moves were made, and how many there are.
func (r Replay) Progress() (made, of int) { return r.made, len(r.moves) }

// Next returns the move to make next. If skip is set, it is a wait in which nothing happened: it
// need not be made. After the last move ok is false.
func (r Replay) Next() (m Move, skip, ok bool) {
	if r.made == len(r.moves) {
		return Move{}, false, false
	}
	m = r.moves[r.made]
	return m, !r.virtual && m.Step.Verb == sim.VerbWait && Quiet(m.Happened), true
}

// Quiet reports whether nothing happened in a step but that time went by.
func Quiet(events []sim.Event) bool {
	return !slices.ContainsFunc(events, func(e sim.Event) bool {
		switch e.Body.(type) {
		case sim.StepBegun, sim.StepSettled, sim.TimerChanged, sim.QueuesChanged, sim.Verdict, sim.ModelSilent:
			return false
		}
		return true
	})
}

// Difference is where the kernel did something else than before.
type Difference struct {
	Move int      // number of the move, from 1
	Step sim.Step // what was made
	Fact
}

// Made takes in what happened in the move that Next returned: the events from StepBegun to
// StepSettled. The difference is nil if it is what happened before.
func (r Replay) Made(happened []sim.Event) (Replay, *Difference) {
	m := r.moves[r.made]
	r.made++
	if all := Differences(m.Happened, happened, r.wire); len(all) > 0 {
		return r, &Difference{r.made, m.Step, all[0]}
	}
	return r, nil
}
