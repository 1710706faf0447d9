//go:build unix

package main

import (
	"syscall"
	"time"
)

// processorTime is the time the process has computed so far, on all cores, in
// its own code and in the kernel. Unlike the time on the wall it does not count
// what other processes do meanwhile.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Since(processStart)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var processStart = time.Now()
