//go:build !race

package tcp_test

// raceDetector says whether the race detector is on, which makes the exploration slow.
const raceDetector = false
