package netlab

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// errHostGone says that the helper of a private host has died: no program can be started there
// any more.
var errHostGone = errors.New("the process finwait-host was killed, and its host is gone with it")

// resource turns a refusal of the machine into a sentence with a remedy.
func resource(what string, err error) error {
	switch {
	case errors.Is(err, unix.EMFILE):
		return &UnavailableError{Why: "no file descriptors are left to " + what, Remedy: limitRemedy(err), Err: unix.EMFILE}
	case errors.Is(err, unix.ENFILE):
		return &UnavailableError{Why: "the machine has no file descriptors left to " + what, Err: unix.ENFILE}
	case errors.Is(err, unix.EAGAIN):
		return &UnavailableError{Why: "the machine allows no more processes to " + what, Remedy: limitRemedy(err), Err: unix.EAGAIN}
	case errors.Is(err, unix.ENOMEM):
		return &UnavailableError{Why: "no memory is left to " + what, Remedy: limitRemedy(err), Err: unix.ENOMEM}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// limitRemedy says which limit of resources (getrlimit(2)) to raise after an error, "" for an
// error that is not about one. io.EOF is that of a process that ended before it had begun: the Go
// runtime ends a process that gets neither memory nor a thread.
func limitRemedy(err error) string {
	const (
		descriptors = "raise the limit of open files: ulimit -n 256"
		processes   = "raise the limit of processes: ulimit -u 1024"
		memory      = "raise the limit of memory: ulimit -v unlimited"
	)
	switch {
	case errors.Is(err, unix.EMFILE), errors.Is(err, unix.EMSGSIZE): // there was no room for a descriptor that was sent
		return descriptors
	case errors.Is(err, unix.EAGAIN):
		return processes
	case errors.Is(err, unix.ENOMEM):
		return memory
	case !errors.Is(err, io.EOF):
		return ""
	case below(unix.RLIMIT_AS, unix.RLIM_INFINITY):
		return memory
	case below(unix.RLIMIT_NPROC, 1024):
		return processes
	}
	return "free memory, or raise what this session or container may have of memory and processes"
}

// below reports whether a limit of this process is lower than enough.
func below(resource int, enough uint64) bool {
	var limit unix.Rlimit
	return unix.Getrlimit(resource, &limit) == nil && limit.Cur < enough
}
