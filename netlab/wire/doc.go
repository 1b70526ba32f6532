// Package wire reads the TCP segments that hosts send. On loopback a Capture observes them;
// between two hosts a Wire holds every segment until it is delivered or dropped.
//
//	lo ──▶ AF_PACKET ──▶ filter by port ──▶ Drain ──▶ Parse ──▶ Flow ──▶ sim.Segment
//	        kernel timestamp   (in the kernel)         Packet    relative numbers
//	TUN ─▶ Take ──▶ flight ──▶ Deliver ──▶ TUN
//
// A Capture cannot hold a segment back: a segment that it reports has been delivered already
// (dev_hard_start_xmit, then netif_rx). The package reads headers only, never the data of a
// segment.
//
// Parse, Flow and Wire are portable, the capture and the TUN device are Linux only.
// A capture needs CAP_NET_RAW, a TUN device needs CAP_NET_ADMIN and /dev/net/tun,
// in the user namespace that owns the network namespace. Any user has it in a user namespace
// that they create (user_namespaces(7)).
package wire
