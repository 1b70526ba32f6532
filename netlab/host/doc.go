// Package host has the hosts on which the programs under test run: this machine itself, or a
// private user and network namespace, with lo alone or with a TUN device as the only way out.
//
//	finwait ──▶ helper (in the namespace) ──▶ devices up, sock_diag and packet
//	   │            │                           socket, or TUN device, handed over
//	   │            └─ spawns programs, as children of finwait (CLONE_PARENT)
//	   └─ reads their wait status, their states and their segments itself
//
// A process is finwait re-executed (/proc/self/exe) with its role in the
// environment, so nothing else must be installed. Whatever the host, a program is
// a child of finwait: its death is read from wait(2), and it dies with finwait
// (PR_SET_PDEATHSIG, and end of file on its channel).
//
// A socket keeps its namespace, also one without a descriptor: an orphan whose FIN nobody
// acknowledges would do so for minutes, or for an hour in FIN_WAIT2. So the sockets of a private
// host are destroyed when it ends: by Close, and by the helper where finwait was killed. For
// that the helper does not die by a signal but by end of file on its channel; finwait's death
// continues it if it was stopped. Where the helper is killed at the same moment, or on a kernel
// that cannot end an orphan (sockdiag.Destroy), the namespace goes with its last orphan.
package host
