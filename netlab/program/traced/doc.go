// Package traced has programs of anybody's at an end of the laboratory: unmodified, without
// root, held at each call that concerns the lab's port until the laboratory lets it go.
//
//	laboratory ── command ──▶ tracer ── PTRACE_SEIZE ──▶ shim ── execve ──▶ program
//	 (Tracer)  ◀── notice ────┘ │ one locked thread        │ waits to be seized, then filters
//	     └── its terminal (SCM_RIGHTS)                      └ 0, 1, 2: a terminal of its own
//
// The tracer is finwait re-executed, in the host's namespaces: the parent of every program, so
// that wait4(-1) meets nobody else's children, and their subreaper. There is one a host: all
// stops of both ends' programs are seen by one thread, and have one order. It dies with finwait;
// with it dies every program, and every child of one (PTRACE_O_EXITKILL).
//
// The shim is finwait re-executed, too. It is seized before it installs the seccomp filter,
// since a filter that asks for a tracer makes a call fail with ENOSYS where there is none. The
// filter stops a thread only at the calls that can concern a socket, a sleep or a signal; every
// other one runs at full speed (SECCOMP_RET_TRACE, seccomp(2)).
//
// # One call
//
//	seccomp stop ──▶ what is the descriptor? ──▶ not of the lab's port: PTRACE_CONT, told nothing
//	                                         └─▶ held, until Release: PTRACE_SYSCALL ──▶ exit stop
//
// What a descriptor refers to is asked of the kernel at each call: its inode from /proc, the
// rest from a copy that lives for some microseconds (pidfd_getfd(2)). No table is kept, so dup,
// fork, SCM_RIGHTS and close_range need none. Entry and exit are told apart by what the kernel
// says (PTRACE_GET_SYSCALL_INFO), never by counting.
//
// # Signals
//
// A return of EPIPE is held back until SIGPIPE has been delivered: if that kills, the program
// has never seen the return. Under ptrace a signal that is ignored is delivered to the tracer
// all the same, so an ignored SIGPIPE can be told; and it interrupts, which it does not do to a
// program that is not traced: a call that only an ignored signal has interrupted is made again.
// A signal for a thread that is held would wait behind the hold: the call gives way to it, and
// comes to the hold again if the program lives.
package traced
