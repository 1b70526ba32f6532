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
package host
