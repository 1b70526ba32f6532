package tui

import (
	"math"
	"strconv"

	"finwait/sim"
)

// This file spells spans of time as a person reads a clock, and knows when the spelling
// changes: only then is the screen drawn again.

// minutesFrom is the shortest span, in seconds, that is spelled in minutes.
const minutesFrom = 120

// span returns how long something has lasted, as a person reads a clock.
func span(s sim.Seconds) string {
	if s >= minutesFrom {
		return strconv.Itoa(int(s/60)) + " min"
	}
	return strconv.Itoa(int(max(0, s))) + " s"
}

// ageChangesIn returns after what time the age of something reads differently.
func ageChangesIn(age sim.Seconds) sim.Seconds {
	unit := sim.Seconds(1)
	if age >= minutesFrom {
		unit = 60
	}
	return max(0.05, unit-sim.Seconds(math.Mod(float64(max(0, age)), float64(unit))))
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

// countdownChangesIn returns after what time a countdown reads differently, 0 for never.
func countdownChangesIn(left sim.Seconds) sim.Seconds {
	switch {
	case left <= 0:
		return 0
	case left <= 1:
		return 0.1
	case left >= minutesFrom:
		return max(0.05, sim.Seconds(math.Mod(float64(left), 60))) // to the next whole minute
	}
	return max(0.05, left-sim.Seconds(int(left))) // to the next whole second
}

// tenthsUpTo is the longest time, in seconds, that a timer which stands still shows to the tenth.
const tenthsUpTo = 10

// standing returns the time left of a timer that stands still: to the tenth while it is
// short, for nobody sees it change.
func standing(s sim.Seconds) string {
	if s >= tenthsUpTo || s == sim.Seconds(int(s)) {
		return countdown(s)
	}
	return strconv.FormatFloat(max(0, float64(s)), 'f', 1, 64) + " s"
}

// timeLeft returns how long an endpoint's timer has still to run, below zero when
// there is none.
func timeLeft(end sim.Endpoint, now sim.Seconds) sim.Seconds {
	if end.Timer == "" || end.Timer == sim.TimerOff {
		return -1
	}
	return max(0, end.Expires-(now-end.TimerAt))
}
