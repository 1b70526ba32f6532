package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"finwait/sim/lesson"
	"finwait/tui"
)

// The exit statuses. A signal n that ends finwait gives exitSignal + n, as in a shell.
const (
	exitOK          = 0
	exitExpectation = 1 // an expectation fell short, a step was refused, or the kernel did not do what the model says
	exitUsage       = 2
	exitUnavailable = 3 // the kernel does not permit what was asked for, or lacks it
	exitSignal      = 128
)

// exitStatus returns the exit status for the error that a command returned.
func exitStatus(err error) int {
	var sig signalError
	var usage usageError
	var mistakes lesson.Errors
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &sig):
		return exitSignal + int(sig.sig)
	case errors.Is(err, tui.ErrInterrupted):
		return exitSignal + int(syscall.SIGINT)
	case errors.Is(err, tui.ErrTerminated):
		return exitSignal + int(syscall.SIGTERM)
	case errors.Is(err, tui.ErrHangup):
		return exitSignal + int(syscall.SIGHUP)
	case errors.Is(err, errFellShort), errors.Is(err, errDisagree), errors.Is(err, errDiffer):
		return exitExpectation
	case errors.As(err, &usage), errors.As(err, &mistakes), errors.Is(err, errNotRead):
		return exitUsage
	}
	return exitUnavailable
}

// usageError is a mistake in the arguments.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }

func (e usageError) Unwrap() error { return e.err }

// errFellShort says that an expectation of a lesson fell short, or that a step was refused. The transcript shows which.
var errFellShort = errors.New("an expectation fell short")

// errDiffer says that the two sides of a comparison differ. The output shows where.
var errDiffer = errors.New("the two differ")

// What check ends with, after it has printed a line for each lesson.
var (
	errNotRead   = errors.New("a file is no lesson")
	errNotPlayed = errors.New("no lesson was played")
)

// signalError says which signal ended finwait.
type signalError struct{ sig syscall.Signal }

func (e signalError) Error() string { return e.sig.String() }

// untilSignal returns a context that ends with a signalError at the first SIGINT, SIGTERM
// or SIGHUP. The screen does not use it: it has to restore the terminal first, and handles
// signals itself.
func untilSignal(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			if sig, ok := s.(syscall.Signal); ok {
				cancel(signalError{sig})
			}
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
