// Package script is what a lesson's steps do as a text that can be compared: on the
// model, on the kernel, and with what was written down.
//
// A script is a file of steps, each behind "> ", and below each of them everything
// that it must do, and nothing else:
//
//	> client close
//	client close(3) = 0
//	client: FIN ACK seq 1 ack 1
//	server: ACK ack 2
//	1 client FIN_WAIT2, orphan, timewait timer
//	1 server CLOSE_WAIT, Recv-Q 1
//
// First what the programs did, end by end; then the segments, without those that
// the kernel is free to send or not (canonical); then what each end of each
// connection has become, if it is not what it was. No times, ports or pids.
package script
