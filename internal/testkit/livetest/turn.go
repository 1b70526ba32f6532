package livetest

import (
	"flag"
	"strconv"
)

// labs is how many tests of a package may have a lab open at the same time. They wait for the
// kernel most of the time; what they compute must not make each other's late.
const labs = 6

// TakeTurn waits until no other process has live tests on the way, and keeps the others waiting
// until this one ends. TestMain calls it before it runs the tests, so that no test's time is
// spent waiting. It also bounds how many tests run in parallel, unless -parallel is given.
func TakeTurn() {
	if err := flag.Set("test.parallel", strconv.Itoa(labs)); err != nil { // a flag that is given is read later, and wins
		panic(err)
	}
	if err := waitTurn(); err != nil {
		panic(err)
	}
}
