//go:build !unix

package main

import "time"

var started = time.Now()

// processorSeconds falls back to the wall clock where the system has no rusage.
func processorSeconds() float64 { return time.Since(started).Seconds() }
