package env

// Initial is the state in which a day begins. Generators and trades start at
// zero; voltages are those of the idle community in the first step.
type Initial struct {
	SOC float64 `json:"soc"` // of every battery, limited to its own bounds
}

// Evaluation is the initial state of every evaluated day.
var Evaluation = Initial{SOC: 0.5}

// Visit is the part of the state that an action moved: what an expert needs,
// with the day's profiles, to say what it would do there.
type Visit struct {
	Step  int
	SOC   []float64 // of every agent; 0 without a battery
	CDGKW []float64 // of the step before, of every agent
}

// Visit writes the present state into v, growing its slices when needed.
func (e *Env) Visit(v *Visit) {
	v.Step = e.step
	v.SOC = append(v.SOC[:0], e.soc...)
	v.CDGKW = append(v.CDGKW[:0], e.cdgKW...)
}

// A Teacher gives the expert's action for visited states. Learners meet experts
// only through it.
type Teacher interface {
	// Labels fills dst (len(visited) x agents x ActionDim, in [-1, 1]) with the
	// expert's actions for states of one day that began at init, and weight
	// (len(visited) x agents) with 1, or 0 where there is no label. It is
	// called once an episode, is deterministic and safe for concurrent use.
	// World.Normalise turns set points into actions.
	Labels(day int, init Initial, visited []Visit, dst []float32, weight []float32) error
}
