package env_test

import (
	"fmt"
	"log"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// defaultWorld is the world of every command that is told nothing else.
func defaultWorld() *env.World {
	year, err := profile.BuiltIn()
	if err != nil {
		log.Fatal(err)
	}
	scenario, err := community.Preset("voltage-stress")
	if err != nil {
		log.Fatal(err)
	}
	m, err := market.New(market.DefaultConfig(), year)
	if err != nil {
		log.Fatal(err)
	}
	w, err := env.NewWorld(scenario, grid.Case141(), year, m)
	if err != nil {
		log.Fatal(err)
	}
	return w
}

// Evaluating a policy on a day.
func ExampleRunDay() {
	w := defaultWorld()
	e, err := env.New(w, env.Options{})
	if err != nil {
		log.Fatal(err)
	}
	day, err := w.FindDay("2015-01-20")
	if err != nil {
		log.Fatal(err)
	}
	cost := map[string]float64{}
	for _, name := range []string{"none", "none-p2p", "rule"} {
		p, err := env.BuiltinPolicy(name)
		if err != nil {
			log.Fatal(err)
		}
		result, err := env.RunDay(e, p, day, env.Evaluation, nil)
		if err != nil {
			log.Fatal(err)
		}
		cost[name] = result.Cost
	}
	fmt.Println("trade saves money:", cost["none-p2p"] < cost["none"])
	fmt.Println("control saves more:", cost["rule"] < cost["none-p2p"])
	// Output:
	// trade saves money: true
	// control saves more: true
}

// The loop of a learner.
func ExampleEnv() {
	e, err := env.New(defaultWorld(), env.Options{})
	if err != nil {
		log.Fatal(err)
	}
	agents := len(e.Agents())
	observation := make([]float32, agents*e.ObservationDim())
	action := make([]float32, agents*env.ActionDim)
	steps := 0
	e.Reset(100, env.Initial{SOC: 0.3})
	for !e.Done() {
		e.Observe(observation) // what the agents see
		e.IdleAction(action)   // what they decide
		e.Step(action)         // what comes of it
		steps++
	}
	fmt.Println(agents, "agents see", e.ObservationDim(), "numbers each,", steps, "times a day")
	// Output: 20 agents see 10 numbers each, 96 times a day
}
