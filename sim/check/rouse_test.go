package check

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// A blocked read returns all that has arrived, not a part of it.
func TestCheckerFindsOutShortReads(t *testing.T) {
	truth := logOf(t, model.Options{Wire: true}, handshake("server read 9", `client write "hello"`, "deliver client")...)
	forged := slices.Clone(truth)
	i := first(t, forged, 9, returns)
	sim.Edit(&forged[i], func(b *sim.CallReturned) { b.Result.Ret, b.Result.Data = 1, "h" })
	accused(t, truth, forged, 9, sim.WhatReturn)
}
