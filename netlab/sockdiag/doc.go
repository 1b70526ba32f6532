// Package sockdiag reads the state of TCP sockets from the kernel through
// netlink (sock_diag(7)). It is finwait's only source of states: unlike
// TCP_INFO it also sees what has no descriptor any more, orphans and TIME_WAIT.
//
//	Lookup(local, remote, cookie) ──▶ inet_diag_req_v2 ──▶ kernel
//	Socket{State, Timer, …}       ◀── inet_diag_msg    ◀──
//
// The package translates and judges nothing: it keeps no history and compares
// no states. Three things of the kernel's a caller must know:
//
//   - Ask with the connection's cookie (Cookie). By the 4-tuple alone, the server
//     end of a connection that is gone is answered with the listener on its port
//     (inet_lookup falls back to it).
//   - An orphan in FIN_WAIT2 and a connection in TIME_WAIT are minisockets
//     (struct inet_timewait_sock): their inode is 0 and their timer is timewait,
//     with the rest of their life in Expires. The cookie stays the same.
//   - A socket in CLOSE is found by no lookup; a dump lists it if it is bound
//     to a port that the program chose.
//
// The parser is portable, the socket is Linux only.
package sockdiag
