package predict

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
)

// outcome returns what is true of the call.
func (c *claimed) outcome() Outcome { o, _ := c.truth.(Outcome); return o }

// isCall returns the condition that the question is about one of some calls.
func isCall(names ...sim.CallName) func(*claimed) bool {
	return func(c *claimed) bool { return slices.Contains(names, c.q.Call) }
}

var (
	writing = isCall(sim.CallWrite, sim.CallSend)
	reading = isCall(sim.CallRead, sim.CallRecv)
	polling = isCall(sim.CallPoll)
	asking  = isCall(sim.CallGetsockopt)
	listens = isCall(sim.CallListen, sim.CallBind)
)

// returned is the condition that the call returns without an error.
func returned(c *claimed) bool {
	o := c.outcome()
	return o.Errno == "" && o.Signal == "" && !o.Blocks
}

// blocks is the condition that the call does not return.
func blocks(c *claimed) bool { return c.outcome().Blocks }

// over is the condition that the kernel takes no more data: EPIPE, with or without a signal.
func over(c *claimed) bool { return c.outcome().Errno == "EPIPE" || c.outcome().Signal == "SIGPIPE" }

// killed is the condition that SIGPIPE ends the process.
func killed(c *claimed) bool { return c.outcome().Signal == "SIGPIPE" }

// failed returns the condition that the call fails with an error.
func failed(errno string) func(*claimed) bool {
	return func(c *claimed) bool { return c.outcome().Errno == errno }
}

// endOfFile is the condition that the call returns 0.
func endOfFile(c *claimed) bool { return returned(c) && c.outcome().Ret == 0 }

// brings is the condition that the call returns more than 0.
func brings(c *claimed) bool { return returned(c) && c.outcome().Ret > 0 }

// disposition returns the condition that the process of the end treats SIGPIPE so.
func disposition(how string) func(*claimed) bool {
	return func(c *claimed) bool {
		p := c.before.Table.Process(c.q.PID)
		return p != nil && p.Sigpipe == how
	}
}

// noSignal is the condition that the step writes with MSG_NOSIGNAL.
func noSignal(c *claimed) bool { return c.step.NoSignal }

// deadly is the condition that SIGPIPE would end the process in this step.
func deadly(c *claimed) bool { return !noSignal(c) && disposition(sim.SigpipeDefault)(c) }

// cut is the condition that the cable is cut.
func cut(c *claimed) bool { return c.before.Cut }

// waiting is the condition that the call was made before the step.
func waiting(c *claimed) bool { return c.q.Waiting }

// endedIn returns the condition that the connection has ended at this end, in that state.
func endedIn(states ...sim.State) func(*claimed) bool {
	return func(c *claimed) bool { return among(c.ending().in, states) }
}

// told is the condition that a call has reported the error of this end.
func told(c *claimed) bool { return c.ending().told }

var (
	kills   = always(Outcome{Signal: "SIGPIPE"})
	waits   = always(Outcome{Blocks: true})
	zero    = always(Outcome{})
	written = func(c *claimed) Claim { return Outcome{Ret: c.writes()} }
)

// callMistakes are the mistakes about what a call does, each call with its own.
var callMistakes = slices.Concat(writeMistakes, readMistakes, otherCallMistakes, pollMistakes, socketErrorMistakes)

var writeMistakes = []mistake{
	// It succeeds.
	{lang.WhyNothingTold, all(writing, returned, not(cut)), fails("EPIPE")},
	{lang.WhyNoResetYet, all(writing, returned), fails("ECONNRESET")},
	{lang.WhySignalWithEPIPE, all(writing, returned, deadly), kills},
	{lang.WhyNotGivenUp, all(writing, returned, cut), fails("ETIMEDOUT")},
	{lang.WhyNoWaitForACK, all(writing, returned), waits},
	// It fails with EPIPE, or SIGPIPE ends the process.
	{lang.WhyResetHasCome, all(writing, over, reset, not(shutDown)), written},
	{lang.WhyHasShutDown, all(writing, over, shutDown), written},
	{lang.WhyDefaultEnds, all(writing, killed), fails("EPIPE")},
	{lang.WhyNoSignalAsked, all(writing, over, noSignal), kills},
	{lang.WhySignalIgnored, all(writing, over, not(noSignal), disposition(sim.SigpipeIgnore)), kills},
	{lang.WhySignalHandled, all(writing, over, not(noSignal), disposition(sim.SigpipeHandler)), kills},
	{lang.WhyResetInCloseWait, all(writing, over, reset, endedIn(sim.CloseWait), not(told)), fails("ECONNRESET")},
	{lang.WhyReportedOnce, all(writing, over, told), fails("ECONNRESET")},
	{lang.WhyNoResetButShutDown, all(writing, over, not(reset), shutDown), fails("ECONNRESET")},
	{lang.WhySignalIsNoErrno, all(writing, over), fails("SIGPIPE")},
	// It fails otherwise.
	{lang.WhyEPIPEInCloseWait, all(writing, failed("ECONNRESET")), fails("EPIPE")},
	{lang.WhySignalWithEPIPEOnly, all(writing, failed("ECONNRESET")), kills},
	{lang.WhyResetHasCome, all(writing, failed("ECONNRESET")), written},
	{lang.WhyNobodyAnswered, all(writing, failed("ETIMEDOUT")), fails("ECONNRESET")},
	{lang.WhyGivenUp, all(writing, failed("ETIMEDOUT")), written},
	{lang.WhySignalWithEPIPEOnly, all(writing, failed("ETIMEDOUT")), kills},
	// It blocks.
	{lang.WhyBufferFull, all(writing, blocks), written},
	{lang.WhyBlockingDescriptor, all(writing, blocks), fails("EAGAIN")},
	{lang.WhyNoResetYet, all(writing, blocks), fails("ECONNRESET")},
}

var readMistakes = []mistake{
	// It returns 0.
	{lang.WhyMinusOneIsError, all(reading, endOfFile), always(Outcome{Ret: -1})},
	{lang.WhyFINIsNoError, all(reading, endOfFile, not(reset), hadFIN), fails("ECONNRESET")},
	{lang.WhyFINCameFirst, all(reading, endOfFile, reset, hadFIN), fails("ECONNRESET")},
	{lang.WhyReportedOnce, all(reading, endOfFile, told, not(hadFIN)), fails("ECONNRESET")},
	{lang.WhyNothingToWaitFor, all(reading, endOfFile), waits},
	{lang.WhyEPIPEIsForWriters, all(reading, endOfFile), fails("EPIPE")},
	// It brings data.
	{lang.WhyDataFirst, all(reading, brings), zero},
	{lang.WhyQueueOutlivesReset, all(reading, brings, reset, not(told)), fails("ECONNRESET")},
	{lang.WhyReportedOnce, all(reading, brings, reset, told), fails("ECONNRESET")},
	{lang.WhyNoResetYet, all(reading, brings, not(reset)), fails("ECONNRESET")},
	{lang.WhyDataAreThere, all(reading, brings), waits},
	// It fails.
	{lang.WhyZeroIsForFIN, all(reading, failed("ECONNRESET")), zero},
	{lang.WhySignalIsForWriters, all(reading, failed("ECONNRESET")), kills},
	{lang.WhyEPIPEIsForWriters, all(reading, failed("ECONNRESET")), fails("EPIPE")},
	{lang.WhyNothingToWaitFor, all(reading, failed("ECONNRESET")), waits},
	{lang.WhyNobodyAnswered, all(reading, failed("ETIMEDOUT")), fails("ECONNRESET")},
	{lang.WhyZeroIsForFIN, all(reading, failed("ETIMEDOUT")), zero},
	{lang.WhyGivenUp, all(reading, failed("ETIMEDOUT")), waits},
	// It blocks.
	{lang.WhyNoFINYet, all(reading, blocks), zero},
	{lang.WhyNoResetYet, all(reading, blocks), fails("ECONNRESET")},
	{lang.WhyBlockingDescriptor, all(reading, blocks), fails("EAGAIN")},
}

var (
	connects = isCall(sim.CallConnect)
	accepts  = isCall(sim.CallAccept)
	shuts    = isCall(sim.CallShutdown)
	closing  = isCall(sim.CallClose)
)

var otherCallMistakes = []mistake{
	{lang.WhyHandshakeIsDone, all(connects, returned, waiting), waits},
	{lang.WhyKernelShakesHands, all(connects, returned), waits},
	{lang.WhySomebodyListens, all(connects, returned), fails("ECONNREFUSED")},
	{lang.WhySYNWasAnswered, all(connects, returned), fails("ETIMEDOUT")},

	{lang.WhyNobodyListens, all(connects, failed("ECONNREFUSED")), zero},
	{lang.WhyResetIsAnAnswer, all(connects, failed("ECONNREFUSED")), fails("ETIMEDOUT")},
	{lang.WhyResetInSynSent, all(connects, failed("ECONNREFUSED")), fails("ECONNRESET")},
	{lang.WhyResetIsAnAnswer, all(connects, failed("ECONNREFUSED")), waits},

	{lang.WhyNobodyAnswered, all(connects, failed("ETIMEDOUT")), fails("ECONNREFUSED")},
	{lang.WhyNobodyAnswered, all(connects, failed("ETIMEDOUT")), zero},
	{lang.WhyGivenUp, all(connects, failed("ETIMEDOUT")), waits},

	{lang.WhyAcceptHandsItOut, all(accepts, returned), fails("ECONNABORTED")},
	{lang.WhyAcceptHandsItOut, all(accepts, returned), fails("ECONNRESET")},
	{lang.WhyAcceptHandsItOut, all(accepts, returned), waits},

	{lang.WhyNothingToShutDown, all(shuts, failed("ENOTCONN")), zero},
	{lang.WhyEPIPEIsForWriters, all(shuts, failed("ENOTCONN")), fails("EPIPE")},
	{lang.WhyShutdownTakesNoError, all(shuts, failed("ENOTCONN")), fails("ECONNRESET")},

	{lang.WhyCloseReportsNothing, all(closing, returned), fails("EPIPE")},
	{lang.WhyCloseReportsNothing, all(closing, returned), fails("ECONNRESET")},
	{lang.WhyNothingToWaitFor, all(closing, returned), waits},

	{lang.WhyPortIsHeld, all(listens, failed("EADDRINUSE")), zero},
	{lang.WhyBindNeverWaits, listens, waits},
	{lang.WhyReuseAddrAllows, all(listens, returned), fails("EADDRINUSE")},
	{lang.WhyRefusedIsForConnect, listens, fails("ECONNREFUSED")},
}

// polls returns the claim that poll reports some events.
func polls(events string) func(*claimed) Claim { return always(Outcome{Events: events}) }

// reports returns the condition that poll reports an event.
func reports(event string) func(*claimed) bool {
	return func(c *claimed) bool { return slices.Contains(strings.Fields(c.outcome().Events), event) }
}

const (
	pollOpen   = "OUT"
	pollFIN    = "RDHUP IN OUT"
	pollOver   = "RDHUP HUP IN OUT"
	pollFailed = "RDHUP HUP ERR IN OUT"
)

var pollMistakes = []mistake{
	{lang.WhyERRPending, all(polling, reports("ERR")), polls(pollOver)},
	{lang.WhyERRNeedsError, all(polling, not(reports("ERR"))), polls(pollFailed)},
	{lang.WhyHUPNeedsBoth, all(polling, not(reports("HUP"))), polls(pollOver)},
	{lang.WhyBothAreOver, all(polling, reports("HUP")), polls(pollFIN)},
	{lang.WhyFINIsHere, all(polling, reports("RDHUP")), polls(pollOpen)},
}

// socketErrors returns the claim that SO_ERROR has an error.
func socketErrors(errno string) func(*claimed) Claim { return always(Outcome{SocketError: errno}) }

// pending returns the condition that SO_ERROR has an error, "0" for none.
func pending(errno string) func(*claimed) bool {
	return func(c *claimed) bool { return c.outcome().SocketError == errno }
}

var socketErrorMistakes = []mistake{
	{lang.WhyNotReportedYet, all(asking, not(pending("0"))), socketErrors("0")},
	{lang.WhyResetInCloseWait, all(asking, pending("EPIPE")), socketErrors("ECONNRESET")},
	{lang.WhySignalIsNoErrno, all(asking, pending("EPIPE")), socketErrors("SIGPIPE")},
	{lang.WhyEPIPEInCloseWait, all(asking, pending("ECONNRESET")), socketErrors("EPIPE")},
	{lang.WhyResetIsAnAnswer, all(asking, pending("ECONNRESET")), socketErrors("ETIMEDOUT")},
	{lang.WhyNobodyAnswered, all(asking, pending("ETIMEDOUT")), socketErrors("ECONNRESET")},
	{lang.WhyEPIPEInCloseWait, all(asking, pending("ETIMEDOUT")), socketErrors("EPIPE")},
	{lang.WhyReportedOnce, all(asking, pending("0"), told), socketErrors("ECONNRESET")},
	{lang.WhyReportedOnce, all(asking, pending("0"), told), socketErrors("EPIPE")},
	{lang.WhyNoResetYet, all(asking, pending("0"), not(told), not(reset)), socketErrors("ECONNRESET")},
	{lang.WhyFINIsNoError, all(asking, pending("0"), not(told), hadFIN), socketErrors("EPIPE")},
}

var callExplanations = []explanation{
	{lang.BecauseFINLeavesOneWay, all(writing, returned, wasIn(sim.CloseWait))},
	{lang.BecauseBuffered, all(writing, returned)},
	{lang.BecauseShutDownKills, all(writing, killed, not(reset), shutDown)},
	{lang.BecauseResetKills, all(writing, killed, reset)},
	{lang.BecauseOverKills, all(writing, killed)},
	{lang.BecauseNoSignalAsked, all(writing, over, noSignal)},
	{lang.BecauseSignalIgnored, all(writing, over, disposition(sim.SigpipeIgnore))},
	{lang.BecauseSignalHandled, all(writing, over, disposition(sim.SigpipeHandler))},
	{lang.BecauseResetIsReported, all(writing, failed("ECONNRESET"))},
	{lang.BecauseGivenUp, failed("ETIMEDOUT")},
	{lang.BecauseBufferFull, all(writing, blocks)},

	{lang.BecauseEndOfFileStays, all(reading, endOfFile, hadFIN, not(wasIn(sim.CloseWait, sim.Established, sim.FinWait2, sim.FinWait1)))},
	{lang.BecauseReportedOnce, all(reading, endOfFile, told, not(hadFIN))},
	{lang.BecauseShutRD, all(reading, endOfFile, not(hadFIN))},
	{lang.BecauseEndOfFile, all(reading, endOfFile)},
	{lang.BecauseQueueOutlives, all(reading, brings, reset)},
	{lang.BecauseDataBeforeFIN, all(reading, brings, hadFIN)},
	{lang.BecauseOtherWayOpen, all(reading, brings, shutDown)},
	{lang.BecauseDataAreThere, all(reading, brings)},
	{lang.BecauseResetIsReported, all(reading, failed("ECONNRESET"))},
	{lang.BecauseHeldElsewhere, all(reading, blocks, func(c *claimed) bool { return c.hasLetGo(c.q.At.Peer()) })},
	{lang.BecauseNothingCame, all(reading, blocks)},

	{lang.BecauseHandshakeDone, all(connects, returned, waiting)},
	{lang.BecauseKernelShakesHands, all(connects, returned)},
	{lang.BecauseRefused, all(connects, failed("ECONNREFUSED"))},
	{lang.BecauseHandedOut, all(accepts, returned)},
	{lang.BecauseNotConnected, all(shuts, failed("ENOTCONN"))},
	{lang.BecauseCloseReportsNothing, all(closing, returned)},
	{lang.BecausePortIsHeld, all(listens, failed("EADDRINUSE"))},
	{lang.BecauseReuseAddr, all(listens, returned)},

	{lang.BecauseERR, all(polling, reports("ERR"), reports("HUP"), reports("RDHUP"))},
	{lang.BecauseHUP, all(polling, reports("HUP"), reports("RDHUP"))},
	{lang.BecauseRDHUP, all(polling, reports("RDHUP"))},
	{lang.BecausePending, all(asking, not(pending("0")))},
	{lang.BecauseReportedOnce, all(asking, pending("0"), told)},
	{lang.BecauseNothingPending, all(asking, pending("0"))},
}
