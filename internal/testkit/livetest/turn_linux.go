package livetest

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// turnEnv says that an ancestor of this process has the turn.
const turnEnv = "FINWAIT_LIVETEST_TURN"

// waitTurn waits for the turn, which is an exclusive lock on the folder of temporary files
// (flock(2)): any user may open it, nothing is created, and it is free again when this process
// has ended, whatever ended it. A child, such as the same tests as another user, has its
// parent's turn.
func waitTurn() error {
	if os.Getenv(turnEnv) != "" {
		return nil
	}
	fd, err := unix.Open(os.TempDir(), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("the live tests' turn: %s: %w", os.TempDir(), err)
	}
	for err = unix.EINTR; errors.Is(err, unix.EINTR); {
		err = unix.Flock(fd, unix.LOCK_EX)
	}
	if err != nil {
		return fmt.Errorf("the live tests' turn: flock %s: %w", os.TempDir(), err)
	}
	return os.Setenv(turnEnv, "held")
}
