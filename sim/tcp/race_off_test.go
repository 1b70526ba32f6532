//go:build !race

package tcp_test

// raceDetector says whether the race detector is on, which slows everything down.
const raceDetector = false
