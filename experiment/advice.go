package experiment

import (
	"context"
	"errors"
	"fmt"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/marl"
)

// ExpertSpec says who advises learners that imitate, and what it knows.
// Learners that do not, such as MADDPG, have no use for it.
type ExpertSpec struct {
	// Kind is reference, where the operator plans the day with the reference
	// models, or llm, where it plans with stored programs of language models.
	Kind string `json:"kind"`
	// Program is the folder of the stored programs of llm. Prosumers without one
	// keep their reference model, and so does one whose program fails, for the plan
	// at hand: that is counted and warned of.
	Program string `json:"program,omitempty"`
	// ReplanEvery is after how many steps the rest of the day is planned anew
	// from the state that the learner got into; 96 never.
	ReplanEvery int `json:"replan_every"`
	// VoltageMarginPU tightens the voltage limits of the plans, for what learners
	// get wrong.
	VoltageMarginPU float64 `json:"voltage_margin_pu"`
	// Foresight lets the expert know in training what the day will bring.
	Foresight bool `json:"foresight"`
}

func defaultExpert() ExpertSpec {
	return ExpertSpec{Kind: "reference", ReplanEvery: env.StepsPerDay, VoltageMarginPU: expert.DefaultMarginPU, Foresight: true}
}

func (e *ExpertSpec) validate() error {
	switch {
	case e.Kind != "reference" && e.Kind != "llm":
		return fmt.Errorf("expert.kind: %q is neither reference nor llm", e.Kind)
	case e.Kind == "llm" && e.Program == "":
		return errors.New("expert.program: is empty: llm needs a folder of stored programs, as peerwatt expert ask --save-program DIR makes it")
	case e.Kind != "llm" && e.Program != "":
		return fmt.Errorf("expert.program: %q is of no use to expert.kind: %s: want llm", e.Program, e.Kind)
	case e.ReplanEvery < 1 || e.ReplanEvery > env.StepsPerDay:
		return fmt.Errorf("expert.replan_every: %d is outside 1 .. %d steps", e.ReplanEvery, env.StepsPerDay)
	case !(e.VoltageMarginPU >= 0 && e.VoltageMarginPU <= 0.05):
		return fmt.Errorf("expert.voltage_margin_pu: %v is outside 0 .. 0.05", e.VoltageMarginPU)
	}
	return nil
}

// Advise makes the expert whose actions the run's learner imitates, and has it
// plan every training day from every state in which days begin. Plans are kept
// on disk for all runs on the same world, so this takes long only once. Trainings
// so short that they meet few of them have days planned as they come. It does
// nothing for learners that do not imitate.
func (r *Run) Advise(ctx context.Context, warn func(string), progress func(done, total int)) error {
	if !r.Spec.Algorithm.Imitates() {
		return nil
	}
	o := expert.TeacherOptions{Forecasts: !r.Spec.Expert.Foresight, MarginPU: r.Spec.Expert.VoltageMarginPU, Warn: warn}
	if o.MarginPU == 0 {
		o.MarginPU = -1 // none, where the zero value would mean the default
	}
	if r.Spec.Expert.ReplanEvery < env.StepsPerDay {
		o.ReplanEvery = r.Spec.Expert.ReplanEvery
	}
	if r.Spec.Expert.Kind == "llm" {
		var err error
		if o.Programs, err = expert.LoadPrograms(ctx, r.Spec.Expert.Program, r.World, warn); err != nil {
			return fmt.Errorf("expert.program: %w", err)
		}
	}
	teacher, err := expert.NewTeacher(r.World, o)
	if err != nil {
		return err
	}
	r.teacher = teacher
	var inits []env.Initial
	for _, soc := range marl.TrainingSOC {
		inits = append(inits, env.Initial{SOC: soc})
	}
	days := r.World.Year.Split().Train
	if len(r.Spec.Seeds)*r.Spec.Algorithm.Episodes < len(days)*len(inits) {
		return nil
	}
	return teacher.Prepare(ctx, days, inits, r.workers(), progress)
}
