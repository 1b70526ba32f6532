// Package wire reads TCP segments as they travel: what was sent, when, and in
// which order. On loopback a Capture looks on; between two hosts a Wire holds
// every segment until it is told what becomes of it.
//
//	lo ──▶ AF_PACKET ──▶ filter by port ──▶ Drain ──▶ Parse ──▶ Flow ──▶ sim.Segment
//	        kernel timestamp   (in the kernel)         Packet    relative numbers
//	TUN ─▶ Take ──▶ flight ──▶ Deliver ──▶ TUN
//
// On loopback it only looks on: a segment that it reports has been delivered
// already (dev_hard_start_xmit, then netif_rx), and it cannot hold one back.
// It looks at headers alone, never at the bytes that the segments carry.
//
// Parse, Flow and Wire are portable, the capture and the TUN device are Linux only.
// A capture needs CAP_NET_RAW, a TUN device needs CAP_NET_ADMIN and /dev/net/tun,
// in the user namespace that owns the network namespace, which any user has
// in one of their own (user_namespaces(7)).
package wire
