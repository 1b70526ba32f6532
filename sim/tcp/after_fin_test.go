package tcp

import (
	"testing"

	"finwait/sim"
)

// Segments after the peer's FIN, as Linux 6.18 was seen to handle them: text beyond the FIN is
// ignored, text before it is acknowledged again, text across it ends the connection.
func TestAfterFIN(t *testing.T) {
	for name, b := range map[string]*bench{
		"CLOSE_WAIT": closeWait(),
		"LAST_ACK":   closeWait().do(sys(clientProc, OpShutdown, 3, ShutWrite)),
		"CLOSING":    finWait1().do(sys(serverProc, OpClose, 4, 0)).deliver(Server),
	} {
		t.Run(name, func(t *testing.T) {
			b.receivesAll(t, Client, []reception{
				{Segment{Flags: sim.PSH | sim.ACK, Seq: 2, Ack: 1, Len: 5}, "-"},
				{Segment{Flags: sim.PSH | sim.ACK, Seq: 11, Ack: 1, Len: 5}, "-"},
				{Segment{Flags: finAck, Seq: 2, Ack: 1}, "-"},
				{Segment{Flags: finAck, Seq: 1, Ack: 1}, "ACK ack 2"},
				{Segment{Flags: finAck | sim.PSH, Seq: 0, Ack: 1, Len: 1}, "ACK ack 2"},
				{Segment{Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: 5}, "RST seq 1; CLOSED"},
			})
		})
	}
}

// In CLOSE_WAIT text across the FIN leaves EPIPE, as a reset does. In LAST_ACK the
// acknowledgement of the FIN is handled first.
func TestDataAcrossFIN(t *testing.T) {
	b := closeWait().receives(Client, Segment{Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: 5})
	b.do(sys(clientProc, OpSoError, 3, 0)).expect(t, "= 0 EPIPE")
	b = closeWait().do(sys(clientProc, OpClose, 3, 0))
	b.receives(Client, Segment{Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 2, Len: 5}).expect(t, "CLOSED")
}
