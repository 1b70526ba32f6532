package traced

import (
	"fmt"
	"os"
	"syscall"

	"finwait/netlab/ipc"

	"golang.org/x/sys/unix"
)

// shimFD is where the shim finds its channel: above the terminal.
const shimFD = 3

// runShim waits until it is traced, installs the filter and becomes the program. What fails it
// says on its channel, whose end (it is closed by execve(2)) says that the program runs. It runs
// on its main thread: the one that is seized and filtered, and that keeps its number.
func runShim() {
	unix.CloseOnExec(shimFD)
	channel := ipc.New(shimFD)
	var m startMessage
	if _, err := channel.Recv(&m); err != nil {
		os.Exit(exitNotStarted) // the tracer is dead
	}
	err := installFilter()
	if err == nil {
		err = syscall.Exec(m.Path, m.Argv, m.Env)
	}
	_ = channel.Send(fmt.Sprintf("%s: %v", m.Path, err)) // else the tracer is dead, and this process with it
	os.Exit(exitNotStarted)
}

// exitNotStarted is the exit status of a program that was never run, as in a shell.
const exitNotStarted = 127
