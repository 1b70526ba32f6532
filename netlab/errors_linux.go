package netlab

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// errHostGone says that the helper of a private host has died: no program can be started there
// any more.
var errHostGone = errors.New("the process finwait-host was killed, and its host is gone with it")

// resource turns a refusal of the machine into a sentence with a remedy.
func resource(what string, err error) error {
	switch {
	case errors.Is(err, unix.EMFILE):
		return &UnavailableError{Why: "no file descriptors are left to " + what, Remedy: "raise the limit: ulimit -n 256", Err: unix.EMFILE}
	case errors.Is(err, unix.ENFILE):
		return &UnavailableError{Why: "the machine has no file descriptors left to " + what, Err: unix.ENFILE}
	case errors.Is(err, unix.EAGAIN):
		return &UnavailableError{Why: "the machine allows no more processes to " + what, Remedy: "raise the limit: ulimit -u", Err: unix.EAGAIN}
	}
	return fmt.Errorf("%s: %w", what, err)
}
