//go:build unix

package cvxpy

import (
	"syscall"
	"time"
)

// cpuTime is the processor time of this process: on a machine that others use
// too, the figure to compare.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
