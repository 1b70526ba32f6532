package predict

import (
	"slices"

	"finwait/sim"
	"finwait/sim/lang"
)

// arrivesRST is the condition that a RST of the peer arrives in the step.
func arrivesRST(c *claimed) bool {
	return c.arrives(func(s sim.Segment) bool { return s.Flags&sim.RST != 0 })
}

// arrives reports whether such a segment of the peer arrives in the step.
func (c *claimed) arrives(such func(sim.Segment) bool) bool {
	return slices.ContainsFunc(c.events, func(e sim.Event) bool {
		s := e.Segment()
		return e.Kind() == sim.KindSegment && e.At == c.q.At.Peer() && (s.ID == 0 || s.Fate == sim.Delivered) && such(s)
	})
}

// sending returns the claim that the kernel sends such a segment.
func sending(flags sim.Flags) func(*claimed) Claim { return always(Segment{Flags: flags}) }

const finACK = sim.FIN | sim.ACK

// itself is the condition that the step closes the end that the question is about.
func itself(c *claimed) bool { return c.closes(c.q.At) }

// sent returns the condition that the kernel sends such a segment.
func sent(flags sim.Flags) func(*claimed) bool {
	return func(c *claimed) bool { return c.truth == Segment{Flags: flags} }
}

// hasUnread is the condition that data wait at the end that nobody has read.
func hasUnread(c *claimed) bool { return c.unread(c.q.At) }

// kill is the condition that the step kills a process.
func kill(c *claimed) bool { return c.step.Verb == sim.VerbKill }

// lingers is the condition that a close without unread data sends a RST: SO_LINGER {1, 0}.
func lingers(c *claimed) bool { return itself(c) && !hasUnread(c) && c.lingers[index(c.q.At)] }

// nobodyThere is the condition that a segment arrives for which the end has no socket, or one
// without a process.
func nobodyThere(c *claimed) bool {
	return !itself(c) && c.alone(c.q.At) && c.arrives(func(sim.Segment) bool { return true })
}

// arrivesSYN is the condition that a SYN of the peer arrives in the step.
func arrivesSYN(c *claimed) bool {
	return c.arrives(func(s sim.Segment) bool { return s.Flags == sim.SYN })
}

// arrivesData is the condition that data of the peer arrive in the step.
func arrivesData(c *claimed) bool { return c.arrives(func(s sim.Segment) bool { return s.Len > 0 }) }

var segmentMistakes = []mistake{
	{lang.WhyUnreadResets, all(itself, sent(sim.RST), hasUnread), sending(finACK)},
	{lang.WhyLingerResets, all(lingers, sent(sim.RST)), sending(finACK)},
	{lang.WhyCloseNeverWaits, all(itself, sent(sim.RST)), sending(0)},
	{lang.WhyResetIsSent, all(itself, sent(sim.RST)), sending(sim.ACK)},

	{lang.WhyKernelCloses, all(itself, kill, sent(finACK)), sending(0)},
	{lang.WhyLastDescriptor, all(itself, not(kill), sent(finACK)), sending(0)},
	{lang.WhyResetNeedsUnread, all(itself, sent(finACK)), sending(sim.RST)},
	{lang.WhyACKIsAnAnswer, all(itself, sent(finACK)), sending(sim.ACK)},

	{lang.WhyOtherHolds, all(itself, sent(0)), sending(finACK)},
	{lang.WhyOtherHolds, all(itself, sent(0)), sending(sim.RST)},

	{lang.WhyNeedsListener, all(nobodyThere, sent(sim.RST), arrivesSYN), sending(sim.SYN | sim.ACK)},
	{lang.WhyNobodyReads, all(nobodyThere, sent(sim.RST), arrivesData), sending(sim.ACK)},
	{lang.WhyNoSocket, all(nobodyThere, sent(sim.RST), not(arrivesData)), sending(sim.ACK)},
	{lang.WhyKernelAnswers, all(nobodyThere, sent(sim.RST)), sending(0)},
	{lang.WhyResetNotFIN, all(nobodyThere, sent(sim.RST)), sending(finACK)},

	{lang.WhyTimeWaitAnswers, all(wasIn(sim.TimeWait), sent(sim.ACK)), sending(sim.RST)},
	{lang.WhyTimeWaitAnswers, all(wasIn(sim.TimeWait), sent(sim.ACK)), sending(0)},
	{lang.WhyFINWasSent, all(wasIn(sim.TimeWait), sent(sim.ACK)), sending(finACK)},
}

var segmentExplanations = []explanation{
	{lang.BecauseUnread, all(itself, sent(sim.RST), hasUnread)},
	{lang.BecauseLinger, all(lingers, sent(sim.RST))},
	{lang.BecauseNoListener, all(nobodyThere, sent(sim.RST), arrivesSYN)},
	{lang.BecauseNobodyThere, all(nobodyThere, sent(sim.RST), arrivesData)},
	{lang.BecauseNoSocket, all(nobodyThere, sent(sim.RST))},
	{lang.BecauseKernelCloses, all(itself, kill, sent(finACK))},
	{lang.BecauseLastDescriptor, all(itself, sent(finACK))},
	{lang.BecauseOtherHolds, all(itself, sent(0))},
	{lang.BecauseACKWasLost, all(wasIn(sim.TimeWait), sent(sim.ACK))},
}
