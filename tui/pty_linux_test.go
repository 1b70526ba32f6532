package tui

import (
	"os"

	"golang.org/x/sys/unix"
)

// waiting returns how many bytes of input a terminal has for whoever reads next.
func waiting(tty *os.File) int {
	n, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCINQ)
	if err != nil {
		return -1
	}
	return n
}
