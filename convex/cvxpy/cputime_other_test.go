//go:build !unix

package cvxpy

import "time"

func cpuTime() time.Duration { return 0 }
