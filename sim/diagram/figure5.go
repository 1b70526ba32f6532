package diagram

import "finwait/sim"

// figure5 is figure 5 of RFC 9293 (section 3.3.2), without the creation and deletion of a
// TCB. OPEN is listen and connect; the figure's x, which is nothing, is left out.
var figure5 = []Arrow{
	{sim.Closed, sim.Listen, "listen"},
	{sim.Closed, sim.SynSent, "connect / SYN"},
	{sim.Listen, sim.Closed, "close"},
	{sim.Listen, sim.SynRecv, "rcv SYN / SYN,ACK"},
	{sim.Listen, sim.SynSent, "send / SYN"},
	{sim.SynSent, sim.Closed, "close"},
	{sim.SynSent, sim.SynRecv, "rcv SYN / SYN,ACK"},
	{sim.SynSent, sim.Established, "rcv SYN,ACK / ACK"},
	{sim.SynRecv, sim.Listen, "rcv RST"},
	{sim.SynRecv, sim.Established, "rcv ACK of SYN"},
	{sim.SynRecv, sim.FinWait1, "close / FIN"},
	{sim.Established, sim.FinWait1, "close / FIN"},
	{sim.Established, sim.CloseWait, "rcv FIN / ACK"},
	{sim.FinWait1, sim.FinWait2, "rcv ACK of FIN"},
	{sim.FinWait1, sim.Closing, "rcv FIN / ACK"},
	{sim.FinWait2, sim.TimeWait, "rcv FIN / ACK"},
	{sim.CloseWait, sim.LastAck, "close / FIN"},
	{sim.Closing, sim.TimeWait, "rcv ACK of FIN"},
	{sim.LastAck, sim.Closed, "rcv ACK of FIN"},
	{sim.TimeWait, sim.Closed, "2MSL timeout"},
}

// notes say why an arrow is in the diagram and not in the figure, or in the figure and not
// in the diagram.
var notes = map[string]string{
	"LISTEN --> SYN_SENT: send / SYN":                    "sockets have no call for it",
	"SYN_RECV --> ESTABLISHED: rcv SYN,ACK / ACK":        "after a simultaneous open, the peer's SYN,ACK acknowledges the SYN (figure 7)",
	"SYN_RECV --> CLOSE_WAIT: rcv FIN, ACK of SYN / ACK": "the last ACK of the handshake was lost; the FIN acknowledges the SYN as well, and ESTABLISHED is skipped",
	"FIN_WAIT1 --> TIME_WAIT: rcv FIN, ACK of FIN / ACK": "note 2 of the figure: the peer closed before it acknowledged",
	"FIN_WAIT2 --> CLOSED: FIN_WAIT2 timeout":            "no process holds the socket, and no FIN came within `tcp_fin_timeout`",
	"FIN_WAIT2 --> SYN_SENT: connect / SYN":              "from the same port, when no process holds the old socket (`__inet_check_established`)",
	"TIME_WAIT --> SYN_SENT: connect / SYN":              "from the same port (`tcp_twsk_unique`)",
	"TIME_WAIT --> SYN_RECV: rcv SYN / SYN,ACK":          "a newer SYN, when a program listens (RFC 9293 section 3.6.1, MAY-2; RFC 6191)",
}

// endings are the labels that are not drawn.
var endings = []Ending{
	{"rcv RST", "a reset arrives"},
	{"gives up", "what it sent was never acknowledged, however often it was repeated; a listener drops the handshake"},
	{"close, unread data / RST", "the program closes, or dies, with data still unread"},
	{"close of the listener / RST", "the listener closes, or its process dies, before the connection is accepted"},
	{"rcv data / RST", "data arrive that no process will read"},
	{"rcv FIN, data missing / RST", "a FIN arrives without the data before it, which no process will read"},
	{"rcv anything / RST", "the listener was closed during the handshake"},
}
