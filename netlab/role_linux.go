package netlab

import (
	"finwait/netlab/host"
	"finwait/netlab/program/puppet"
	"finwait/netlab/program/traced"
)

// RunRole must be the first call in main, and in TestMain of any package that
// opens a Lab. It returns at once in finwait itself. In a process that finwait
// re-executed it is that process's main and does not return.
func RunRole() {
	host.RunHelper()
	puppet.Run()
	traced.Run()
}
