package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
)

// policyNames says what openPolicy knows, for help texts.
var policyNames = strings.Join(experiment.PolicyNames(), ", ") + ", expert:DIR, mpc:DIR or cmd:PROGRAM"

// policyHelp says what they do, for the same.
const policyHelp = `  none          renewables at what is available, everything else off, no trade
  none-p2p      the same, with trade among peers
  rule          battery and generator by the tariff, inverters by the voltage
  random        any action
  expert        plans the rest of the day every hour, on forecasts, with the network
  mpc           the same in every step
  perfect       plans the day once, knowing what it brings, with the network
  perfect-free  the same without voltage limits: no policy costs less
expert:DIR and mpc:DIR do so with the programs that are stored in a folder (see
"peerwatt expert ask --help") in the place of the reference models.
cmd:PROGRAM asks a program that speaks the protocol of "peerwatt env --help".`

// openPolicy returns the policy that a user names: a built-in one, or a program
// that speaks the protocol of env --stdio.
func openPolicy(name string) (env.Policy, error) {
	if command, ok := strings.CutPrefix(name, "cmd:"); ok {
		p, err := env.NewProcess(command, 0)
		return p, badInput(err)
	}
	p, err := experiment.OpenPolicy(name)
	if err != nil {
		return nil, badInput(fmt.Errorf("%w, and cmd:PROGRAM", err))
	}
	return p, nil
}

// closePolicy ends a policy that holds resources.
func closePolicy(p env.Policy) error {
	if c, ok := p.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
