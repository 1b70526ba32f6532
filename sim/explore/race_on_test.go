//go:build race

package explore

// raceDetector says whether the race detector is on, which slows everything down.
const raceDetector = true
