package traced

import "golang.org/x/sys/unix"

// auditArch is what the filter asks of the calls that it looks at.
const auditArch = unix.AUDIT_ARCH_AARCH64

// There are no calls that only this architecture has.
func ownCalls() map[int]kindOfCall { return nil }
