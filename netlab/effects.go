package netlab

import "finwait/sim"

// effectKind is what a call, or the end of a process, did to an end of a connection.
type effectKind uint8

// The effects. Only a call that has succeeded has one, and a refused connect.
const (
	didConnect   effectKind = iota // connect; n is 1 when the SYN was repeated before it returned
	wasRefused                     // connect: ECONNREFUSED
	didWrite                       // write or send of n bytes
	didRead                        // read of n bytes
	didShutRead                    // shutdown(SHUT_RD)
	didShutWrite                   // shutdown(SHUT_WR)
	didLinger                      // SO_LINGER; n is 1 when close is to reset, else 0
	didLinger2                     // TCP_LINGER2; n is 1 when there is to be no FIN_WAIT2, else 0
	didClose                       // close of the last descriptor, or the end of the last process
	wasDropped                     // close of the listener before the connection was accepted
)

// none is the place, or the index, of nothing.
const none = -1

// effect is what was done to one end of a connection.
type effect struct {
	place int // in the batch: where its segments belong
	rank  int // among the effects of one place
	conn  int // number of the connection
	at    sim.End
	what  effectKind
	n     int // see the kinds
}
