package livetest

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// attempt is the testing.TB of one play of a body: it keeps what would be said and done to the
// test. What it does not keep is the test's: the name, temporary folders.
type attempt struct {
	testing.TB
	ctx    context.Context
	cancel context.CancelFunc

	lock     sync.Mutex // guards what follows
	said     strings.Builder
	helpers  map[string]bool // names of the functions that called Helper
	cleanups []func()        // in the order in which they were registered
	failed   bool
	definite bool // a failure counts although it does not come again
	skipped  bool
}

// play plays a body to its end, and closes what it has opened.
func play(t testing.TB, body func(testing.TB)) *attempt {
	a := &attempt{TB: t, helpers: map[string]bool{}}
	a.ctx, a.cancel = context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { // FailNow and SkipNow end a goroutine
		defer close(over)
		defer a.clean()
		defer a.cancel()
		body(a)
	}()
	<-over
	return a
}

// clean calls the cleanups, the newest first; the rest, too, if one of them ends the goroutine.
func (a *attempt) clean() {
	a.lock.Lock()
	n := len(a.cleanups) - 1
	if n < 0 {
		a.lock.Unlock()
		return
	}
	newest := a.cleanups[n]
	a.cleanups = a.cleanups[:n]
	a.lock.Unlock()
	defer a.clean()
	newest()
}

// text returns everything that was said.
func (a *attempt) text() string {
	a.lock.Lock()
	defer a.lock.Unlock()
	return strings.TrimSuffix(a.said.String(), "\n")
}

// say keeps a text with the place of the test that said it.
func (a *attempt) say(text string) {
	a.lock.Lock()
	defer a.lock.Unlock()
	fmt.Fprintf(&a.said, "%s: %s\n", a.place(), strings.TrimSuffix(text, "\n"))
}

// place returns the file and line that called a method of a, or called the helper that did.
func (a *attempt) place() string {
	var callers [32]uintptr
	const methods = 4 // runtime.Callers, place, say, and the method of testing.TB
	frames := runtime.CallersFrames(callers[:runtime.Callers(methods, callers[:])])
	for {
		frame, more := frames.Next()
		if !more || !a.helpers[frame.Function] {
			return fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
	}
}

func (a *attempt) mark(failed, skipped bool) {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.failed, a.skipped = a.failed || failed, a.skipped || skipped
}

// The methods of testing.TB that an attempt has of its own.

func (a *attempt) Helper() {
	var caller [1]uintptr
	const itself = 2 // runtime.Callers, and this method
	frame, _ := runtime.CallersFrames(caller[:runtime.Callers(itself, caller[:])]).Next()
	a.lock.Lock()
	defer a.lock.Unlock()
	a.helpers[frame.Function] = true
}

func (a *attempt) Cleanup(f func()) {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.cleanups = append(a.cleanups, f)
}

func (a *attempt) Context() context.Context { return a.ctx }

func (a *attempt) Failed() bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.failed
}

func (a *attempt) Skipped() bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.skipped
}

func (a *attempt) Fail() { a.mark(true, false) }

func (a *attempt) FailNow() {
	a.mark(true, false)
	runtime.Goexit()
}

func (a *attempt) SkipNow() {
	a.mark(false, true)
	runtime.Goexit()
}

func (a *attempt) Log(args ...any)                 { a.say(fmt.Sprintln(args...)) }
func (a *attempt) Logf(format string, args ...any) { a.say(fmt.Sprintf(format, args...)) }

func (a *attempt) Error(args ...any) {
	a.say(fmt.Sprintln(args...))
	a.Fail()
}

func (a *attempt) Errorf(format string, args ...any) {
	a.say(fmt.Sprintf(format, args...))
	a.Fail()
}

func (a *attempt) Fatal(args ...any) {
	a.say(fmt.Sprintln(args...))
	a.FailNow()
}

func (a *attempt) Fatalf(format string, args ...any) {
	a.say(fmt.Sprintf(format, args...))
	a.FailNow()
}

func (a *attempt) Skip(args ...any) {
	a.say(fmt.Sprintln(args...))
	a.SkipNow()
}

func (a *attempt) Skipf(format string, args ...any) {
	a.say(fmt.Sprintf(format, args...))
	a.SkipNow()
}
