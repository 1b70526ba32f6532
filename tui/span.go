package tui

import (
	"math"
	"strconv"

	"finwait/sim"
)

// How long something has lasted, or will, as a person reads a clock.

// minutesFrom is the span from which on minutes are told.
const minutesFrom = 120

// span returns how long something has lasted, as a person reads a clock.
func span(s sim.Seconds) string {
	if s >= minutesFrom {
		return strconv.Itoa(int(s/60)) + " min"
	}
	return strconv.Itoa(int(max(0, s))) + " s"
}

// countdown returns a span that runs out, as a person reads a clock: whole
// seconds, tenths in the last one.
func countdown(s sim.Seconds) string {
	switch {
	case s >= minutesFrom:
		return strconv.Itoa(int(math.Ceil(float64(s)/60))) + " min"
	case s >= 1:
		return strconv.Itoa(int(math.Ceil(float64(s)))) + " s"
	}
	return strconv.FormatFloat(max(0, float64(s)), 'f', 1, 64) + " s"
}

// exactly is the span up to which tenths are told of a timer that stands still.
const exactly = 10

// after returns a span of a clock that stands still: to the tenth while it is short.
func after(s sim.Seconds) string {
	if s >= exactly || s == sim.Seconds(int(s)) {
		return countdown(s)
	}
	return strconv.FormatFloat(max(0, float64(s)), 'f', 1, 64) + " s"
}
