package predict

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// is returns the claim that the end is in a state.
func is(state sim.State) func(*claimed) Claim { return always(State{state}) }

// unchanged is the claim that the end stays in its state.
func unchanged(c *claimed) Claim { return State{c.from()} }

// stays is the condition that the end stays in its state.
func stays(c *claimed) bool { return c.from() == c.will(c.q.At) }

// gone is the condition that there is no socket any more after the step.
func gone(c *claimed) bool { return !c.will(c.q.At).Connected() }

// resetNow is the condition that a RST ends the connection here in the step.
func resetNow(c *claimed) bool {
	return gone(c) && (arrivesRST(c) || c.sends(c.q.At, sim.RST) && !byTime(c))
}

// byTime is the condition that only time passes in the step.
func byTime(c *claimed) bool { return c.step.Verb == sim.VerbWait }

// crossed is the condition that both ends were to close first.
func crossed(c *claimed) bool {
	return c.from() == sim.Closing || c.from() == sim.FinWait1 && c.was(c.q.At.Peer()) != sim.LastAck
}

var stateMistakes = []mistake{
	{lang.WhyOtherHolds, stays, is(sim.FinWait2)},
	{lang.WhyOtherHolds, stays, is(sim.FinWait1)},
	{lang.WhyOtherHolds, stays, is(sim.Closed)},

	{lang.WhyNeedsOtherFIN, willBe(sim.FinWait2, sim.FinWait1), is(sim.TimeWait)},
	{lang.WhyFINIsAcknowledged, willBe(sim.FinWait2), is(sim.FinWait1)},
	{lang.WhyFINNotAcknowledged, willBe(sim.FinWait1), is(sim.FinWait2)},
	{lang.WhyOtherWayIsOpen, willBe(sim.FinWait2), is(sim.Closed)},
	{lang.WhyCloseWaitHasFIN, willBe(sim.FinWait2, sim.FinWait1), is(sim.CloseWait)},
	{lang.WhyFINNotAcknowledged, willBe(sim.FinWait1), is(sim.Closed)},

	{lang.WhyNoFINOfItsOwn, willBe(sim.CloseWait), is(sim.LastAck)},
	{lang.WhyKernelTakesFIN, all(willBe(sim.CloseWait), wasIn(sim.Established)), is(sim.Established)},
	{lang.WhyMayStillSend, willBe(sim.CloseWait), is(sim.Closed)},
	{lang.WhyFirstFIN, willBe(sim.CloseWait, sim.LastAck), is(sim.TimeWait)},
	{lang.WhyFinWaitIsFirst, willBe(sim.LastAck), is(sim.FinWait1)},
	{lang.WhyHasSentFIN, willBe(sim.LastAck, sim.Closing), is(sim.CloseWait)},
	{lang.WhyFINNotAcknowledged, willBe(sim.LastAck), is(sim.Closed)},

	{lang.WhyFINNotAcknowledged, willBe(sim.Closing), is(sim.TimeWait)},
	{lang.WhyFINIsNoACK, willBe(sim.Closing), is(sim.FinWait2)},

	{lang.WhySomebodyRemembers, willBe(sim.TimeWait), is(sim.Closed)},
	{lang.WhyBothFINsAreHere, all(willBe(sim.TimeWait), wasIn(sim.Closing, sim.FinWait2)), unchanged},
	{lang.WhyFirstWaits, all(willBe(sim.TimeWait), not(crossed)), is(sim.LastAck)},
	{lang.WhyHasSentFIN, willBe(sim.TimeWait), is(sim.CloseWait)},

	{lang.WhyResetEndsAtOnce, resetNow, is(sim.TimeWait)},
	{lang.WhyResetEndsAtOnce, resetNow, unchanged},
	{lang.WhyResetIsNoFIN, all(resetNow, not(wasIn(sim.CloseWait))), is(sim.CloseWait)},
	{lang.WhyResetEndsAtOnce, resetNow, is(sim.FinWait2)},
	{lang.WhyFirstFIN, all(gone, not(byTime), not(resetNow), wasIn(sim.LastAck, sim.CloseWait)), is(sim.TimeWait)},
	{lang.WhyFINIsAcknowledged, all(gone, not(byTime), not(resetNow), wasIn(sim.LastAck, sim.CloseWait)), is(sim.LastAck)},
	{lang.WhyHasSentFIN, all(gone, not(byTime), not(resetNow), wasIn(sim.LastAck, sim.CloseWait)), is(sim.CloseWait)},
	{lang.WhyTimeIsOver, all(gone, byTime, wasIn(sim.TimeWait, sim.FinWait2)), unchanged},
	{lang.WhyNeedsOtherFIN, all(gone, byTime, wasIn(sim.FinWait2)), is(sim.TimeWait)},
	{lang.WhyCloseWaitHasFIN, all(gone, byTime, wasIn(sim.FinWait2)), is(sim.CloseWait)},

	{lang.WhyThirdIsMissing, willBe(sim.SynRecv), is(sim.Established)},
	{lang.WhyListenerStays, willBe(sim.SynRecv), is(sim.Listen)},
	{lang.WhySynSentIsActive, willBe(sim.SynRecv), is(sim.SynSent)},
	{lang.WhyHandshakeIsDone, all(willBe(sim.Established), wasIn(sim.SynSent)), is(sim.SynSent)},
	{lang.WhyHandshakeIsDone, all(willBe(sim.Established), wasIn(sim.SynSent, sim.SynRecv)), is(sim.SynRecv)},
	{lang.WhyAcceptIsNoState, all(willBe(sim.Established), wasIn(sim.SynRecv)), is(sim.Listen)},
	{lang.WhyNoFINYet, all(willBe(sim.Established), wasIn(sim.SynSent, sim.SynRecv)), is(sim.CloseWait)},
}

var stateExplanations = []explanation{
	{lang.BecauseOtherHolds, stays},
	{lang.BecauseFINAcknowledged, willBe(sim.FinWait2)},
	{lang.BecauseFINSent, willBe(sim.FinWait1)},
	{lang.BecauseFINCame, willBe(sim.CloseWait)},
	{lang.BecauseSecondFIN, willBe(sim.LastAck)},
	{lang.BecauseFINsCrossed, willBe(sim.Closing)},
	{lang.BecauseBothFINs, willBe(sim.TimeWait)},
	{lang.BecauseResetEnds, resetNow},
	{lang.BecauseSecondFINAcknowledged, all(gone, wasIn(sim.LastAck, sim.CloseWait), not(byTime))},
	{lang.BecauseTimeWaitOver, all(gone, byTime, wasIn(sim.TimeWait))},
	{lang.BecauseOrphanTime, all(gone, byTime, wasIn(sim.FinWait2))},
	{lang.BecauseSYNAnswered, willBe(sim.SynRecv)},
	{lang.BecauseHandshakeDone, willBe(sim.Established)},
}

// waitsIn returns the claim that these ends are in TIME_WAIT.
func waitsIn(client, server bool) func(*claimed) Claim { return always(TimeWait{client, server}) }

// someWait is the condition that some end is in TIME_WAIT.
func someWait(c *claimed) bool { return c.truth != TimeWait{} }

// bothWait is the condition that both are.
func bothWait(c *claimed) bool { return c.truth == TimeWait{true, true} }

// oneWaits is the condition that one of them is.
func oneWaits(c *claimed) bool { return someWait(c) && !bothWait(c) }

var timeWaitMistakes = []mistake{
	{lang.WhyFirstFIN, oneWaits, waitsIn(true, false)},
	{lang.WhyFirstFIN, oneWaits, waitsIn(false, true)},
	{lang.WhyOnlyCrossing, oneWaits, waitsIn(true, true)},
	{lang.WhySomebodyRemembers, oneWaits, waitsIn(false, false)},
	{lang.WhyNeitherWasFirst, bothWait, waitsIn(true, false)},
	{lang.WhyNeitherWasFirst, bothWait, waitsIn(false, true)},
	{lang.WhySomebodyRemembers, bothWait, waitsIn(false, false)},
	{lang.WhyResetEndsBoth, not(someWait), waitsIn(true, false)},
	{lang.WhyResetEndsBoth, not(someWait), waitsIn(false, true)},
	{lang.WhyResetEndsBoth, not(someWait), waitsIn(true, true)},
}

var timeWaitExplanations = []explanation{
	{lang.BecauseNeitherWasFirst, bothWait},
	{lang.BecauseItWasFirst, oneWaits},
	{lang.BecauseResetEndsBoth, func(c *claimed) bool { return resets(c) || c.ended[0].byRST || c.ended[1].byRST }},
}
