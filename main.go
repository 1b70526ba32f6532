// Command finwait shows how a TCP connection really ends, one key press at a
// time, on real sockets.
//
// The commands, flags and exit statuses are in internal/cli; the manual is in
// docs/.
package main

import (
	"os"

	"finwait/internal/cli"
	"finwait/netlab"
)

func main() {
	netlab.RunRole() // finwait re-executes itself for hosts and for the programs under test
	os.Exit(cli.Main(os.Args[1:]))
}
