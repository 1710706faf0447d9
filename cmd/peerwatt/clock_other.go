//go:build !unix

package main

import "time"

// processorTime is the time on the wall where the system offers no other.
func processorTime() time.Duration { return time.Since(processStart) }

var processStart = time.Now()
