// Package ipc carries messages and open descriptors between finwait and the
// processes it started: JSON over a socketpair of type SOCK_SEQPACKET, so that a
// message arrives whole or not at all and the end of the other side is seen as
// end of file. Descriptors travel beside a message as SCM_RIGHTS (unix(7)).
//
// The processes are finwait's own; what they send is trusted to be well formed,
// and an error says when it is not.
package ipc
