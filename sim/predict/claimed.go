package predict

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// claimed is a question with what is true in the model: what decides which mistakes are wrong
// here, and why.
type claimed struct {
	*situation
	q     *Question
	truth Claim
}

// mistake is what somebody who has misunderstood one thing would answer.
type mistake struct {
	why   lang.Reason // why it is wrong
	when  func(*claimed) bool
	claim func(*claimed) Claim
}

// explanation is why an answer is right.
type explanation struct {
	why  lang.Reason
	when func(*claimed) bool
}

// bank has the common mistakes by topic. Where several apply the first ones are offered. A
// mistake applies only where its reason is true; one that claims what is true is left out.
var bank = map[Topic][]mistake{
	TopicCall:     callMistakes,
	TopicState:    stateMistakes,
	TopicSegment:  segmentMistakes,
	TopicTimeWait: timeWaitMistakes,
}

// explanations has why what is true is true, by topic. The first that applies is taken.
var explanations = map[Topic][]explanation{
	TopicCall:     callExplanations,
	TopicState:    stateExplanations,
	TopicSegment:  segmentExplanations,
	TopicTimeWait: timeWaitExplanations,
}

// reason returns why what is true is true, empty where nothing is known to say.
func (c *claimed) reason() lang.Reason {
	for _, x := range explanations[c.q.Topic] {
		if x.when(c) {
			return x.why
		}
	}
	return ""
}

// always returns the same claim.
func always(what Claim) func(*claimed) Claim { return func(*claimed) Claim { return what } }

// fails returns the claim that a call fails.
func fails(errno string) func(*claimed) Claim { return always(Outcome{Errno: errno}) }

// all returns the condition that several hold.
func all(conditions ...func(*claimed) bool) func(*claimed) bool {
	return func(c *claimed) bool {
		for _, holds := range conditions {
			if !holds(c) {
				return false
			}
		}
		return true
	}
}

// not returns the opposite of a condition.
func not(condition func(*claimed) bool) func(*claimed) bool {
	return func(c *claimed) bool { return !condition(c) }
}

// The end that the question is about.

func (c *claimed) from() sim.State { return c.was(c.q.At) }
func (c *claimed) ending() ending  { return c.ended[index(c.q.At)] }

// wasIn returns the condition that the end is in a state before the step.
func wasIn(states ...sim.State) func(*claimed) bool {
	return func(c *claimed) bool { return among(c.from(), states) }
}

// willBe returns the condition that the end is in a state after the step.
func willBe(states ...sim.State) func(*claimed) bool {
	return func(c *claimed) bool { return among(c.will(c.q.At), states) }
}

func among(one sim.State, states []sim.State) bool {
	for _, s := range states {
		if s == one {
			return true
		}
	}
	return false
}

// reset is the condition that a RST of the peer has ended the connection at this end; for a call
// that waits also one that does so in the step.
func reset(c *claimed) bool {
	return c.ending().byRST || c.q.Waiting && arrivesRST(c)
}

// hadFIN is the condition that the peer's FIN has come to this end; for a call that waits also
// one that comes in the step.
func hadFIN(c *claimed) bool {
	received := []sim.State{sim.CloseWait, sim.LastAck, sim.Closing, sim.TimeWait}
	return c.ending().hadFIN || among(c.from(), received) || c.q.Waiting && among(c.will(c.q.At), received)
}

// shutDown is the condition that this end has sent its FIN.
func shutDown(c *claimed) bool { return c.hasShutDown(c.q.At) }

// resets is the condition that somebody sends a RST in the step.
func resets(c *claimed) bool { return c.sends(sim.Client, sim.RST) || c.sends(sim.Server, sim.RST) }
