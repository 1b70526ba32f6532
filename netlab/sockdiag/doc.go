// Package sockdiag reads the state of TCP sockets from the kernel through
// netlink (sock_diag(7)). It is finwait's only source of states: unlike TCP_INFO it also reads
// sockets without a descriptor, which are orphans and sockets in TIME_WAIT. And it can end a
// socket (Destroy), which finwait does in namespaces of its own only.
//
//	Lookup(local, remote, cookie) ──▶ inet_diag_req_v2 ──▶ kernel
//	Socket{State, Timer, …}       ◀── inet_diag_msg    ◀──
//
// The package only translates: it keeps no history and compares no states. A caller must know
// three things about the kernel:
//
//   - A lookup needs the connection's cookie (Cookie). By the 4-tuple alone, a lookup of the
//     server end of a closed connection finds the listener on its port (inet_lookup falls
//     back to it).
//   - An orphan in FIN_WAIT2 and a connection in TIME_WAIT are minisockets
//     (struct inet_timewait_sock): their inode is 0 and their timer is timewait,
//     with the rest of their life in Expires. The cookie stays the same.
//   - A socket in CLOSE is found by no lookup; a dump lists it if it is bound
//     to a port that the program chose.
//
// The parser is portable, the socket is Linux only.
package sockdiag
