package traced

import (
	"os"
	"strings"
)

// notPermittedError says that the kernel does not let this process trace its own child, and what
// would change that.
type notPermittedError struct{ err error }

func (e *notPermittedError) Error() string {
	scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err != nil {
		scope = nil // this kernel has no yama
	}
	return notPermitted(e.err, strings.TrimSpace(string(scope)))
}

// notPermitted says that tracing is not permitted, by the value of kernel.yama.ptrace_scope
// (Documentation/admin-guide/LSM/Yama.rst); it is empty without yama.
func notPermitted(err error, scope string) string {
	text := "programs cannot be traced here: " + err.Error()
	switch scope {
	case "2":
		text += "; kernel.yama.ptrace_scope is 2: only in a private network (without --private=false), or as root"
	case "3":
		text += "; kernel.yama.ptrace_scope is 3, which nothing but a reboot changes"
	}
	return text
}
