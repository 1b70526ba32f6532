// Package ipc carries messages and open descriptors between finwait and the
// processes that it started: JSON over a socketpair of type SOCK_SEQPACKET. A message arrives
// whole or not at all, and the death of the other process is an end of file. Descriptors
// travel with a message as SCM_RIGHTS (unix(7)).
//
// The processes are finwait itself, re-executed. A message that is not well formed is an
// error.
package ipc
