//go:build !race

package netlab

// raceDetector says whether the race detector is on, which slows everything down.
const raceDetector = false
