// Package script writes what the steps of a lesson do as a text that can be compared:
// between the model and the kernel, and with what was written down. It holds the facts
// about the kernel as such texts; both laboratories play them.
//
// A script is a file of steps, each behind "> ", and below each of them everything
// that the step must do, and nothing else:
//
//	> client close
//	client close(3) = 0
//	client: FIN ACK seq 1 ack 1
//	server: ACK ack 2
//	1 client FIN_WAIT2, orphan, timewait timer
//	1 server CLOSE_WAIT, Recv-Q 1
//
// First stands what the programs did, end by end; then the segments that were sent,
// without those that the kernel is free to send or not (sim.Canonical); then each end
// of each connection, if it has changed. There are no times, ports or pids, and "many"
// stands for a number that depends on the sizes of buffers. On the wire a segment is
// sent in one step and delivered or lost in another, and the text of that step says so. A
// retransmission stands below the next step that waits, since only time decides when it
// is sent.
//
//	facts/*.txt        on lo: the kernel's segments captured, or inferred
//	facts/wire/*.txt   on two hosts and the wire between them
//	facts/story/*.txt  the same, told in the order in which things happen (Story)
//	facts/slow/*.txt   the same with the kernel's timers, for minutes
//	facts/CASES.md     which fact is where, and why one has no script
//
// To add one, write its head and its steps; `go test ./netlab -run Scripts -update` has
// the kernel write the rest (-slow for the slow ones). `go test ./sim/...` then says
// whether the model agrees. Where two small segments are in flight at once, wait a moment
// in the script: the kernel sends the second again after some milliseconds, and a repeated
// segment is a copy only while the first one is held.
package script
