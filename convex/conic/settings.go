package conic

import (
	"fmt"
	"time"
)

// Settings steer a solve. The zero value of a field means its default.
type Settings struct {
	MaxIterations int           // default 300
	TimeLimit     time.Duration // per solve; default none

	// FeasTol and GapTol bound the relative primal and dual residuals and the
	// relative gap of a Solved result; default 1e-8.
	FeasTol, GapTol float64
	// InfeasTol bounds the relative residual of a proof of infeasibility;
	// default 1e-8.
	InfeasTol float64

	// Embedding forces the homogeneous embedding from the first iteration. By
	// default it is entered where the plain method makes no progress.
	Embedding bool
}

func (s Settings) withDefaults() (Settings, error) {
	if s.MaxIterations == 0 {
		s.MaxIterations = 300
	}
	for _, t := range []*float64{&s.FeasTol, &s.GapTol, &s.InfeasTol} {
		if *t == 0 {
			*t = 1e-8
		}
		if !(*t > 0 && *t < 1) {
			return s, fmt.Errorf("conic: a tolerance of %g: want one between 0 and 1", *t)
		}
	}
	if s.MaxIterations < 0 || s.TimeLimit < 0 {
		return s, fmt.Errorf("conic: negative limit: %d iterations, %v", s.MaxIterations, s.TimeLimit)
	}
	return s, nil
}
