// Package wire reads TCP segments as they travel: what was sent, when, and in
// which order.
//
//	lo ──▶ AF_PACKET ──▶ filter by port ──▶ Drain ──▶ Parse ──▶ Flow ──▶ sim.Segment
//	        kernel timestamp   (in the kernel)         Packet    relative numbers
//
// On loopback it only looks on: a segment that it reports has been delivered
// already (dev_hard_start_xmit, then netif_rx), and it cannot hold one back.
// It looks at headers alone, never at the bytes that the segments carry.
//
// Parse and Flow are portable, the capture is Linux only. It needs CAP_NET_RAW
// in the user namespace that owns the network namespace, which any user has
// in one of their own (user_namespaces(7)).
package wire
