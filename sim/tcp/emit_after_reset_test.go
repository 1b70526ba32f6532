package tcp

import (
	"testing"

	"finwait/sim"
)

// resetWithUnacked returns an observed bench whose client has unacknowledged data when it
// receives a reset.
func resetWithUnacked() *bench {
	b := connected()
	b.Observed = true
	b.do(sys(clientProc, OpWrite, 3, 5))
	b.do(sys(serverProc, OpLinger, 4, 0), sys(serverProc, OpClose, 4, 0))
	return b.deliver(Server)
}

// An end that was reset sends no more. What it sent before it handled the reset may be
// observed afterwards, but only until another segment arrives or the delay is over.
func TestEmitAfterReset(t *testing.T) {
	again := Input{Op: OpEmit, Side: Client, Conn: 1, Seq: 1, N: 5, Flags: sim.PSH | sim.ACK, Ack: 1}
	for name, test := range map[string]struct {
		between []Input
		want    string
	}{
		"at once":               {nil, "PSH ACK seq 1 ack 1 len 5"},
		"after a while":         {[]Input{{Now: 50}}, "PSH ACK seq 1 ack 1 len 5"},
		"a second later":        {[]Input{{Now: 1500}}, "-"},
		"all was observed":      {[]Input{{Op: OpForget}}, "-"},
		"another segment comes": {[]Input{{Op: OpDeliver, ID: 4}}, "-"},
	} {
		t.Run(name, func(t *testing.T) {
			b := resetWithUnacked()
			again.Seq, again.Ack = b.beforeLastSegment.snd.UNA, b.beforeLastSegment.rcv.NXT
			again.Now = b.now + 3
			b.do(test.between...)
			b.do(again)
			b.expect(t, test.want)
		})
	}
}
