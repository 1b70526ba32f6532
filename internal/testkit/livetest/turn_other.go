//go:build !linux

package livetest

// waitTurn does nothing: there are no live tests.
func waitTurn() error { return nil }
