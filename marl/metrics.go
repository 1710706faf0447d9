package marl

// Metric describes one key of metrics.jsonl. Metrics is the only place where
// keys are defined; reports take their legends from it.
type Metric struct {
	Key     string
	Unit    string
	Meaning string
}

// Metrics lists every key that an event of metrics.jsonl may hold beside
// "event" ("train" or "validate").
var Metrics = []Metric{
	{"episode", "days", "training episodes finished"},
	{"updates", "", "gradient updates done"},
	{"transitions", "", "environment steps taken in training"},

	{"cost", "currency/day", "operational cost of the community, mean over the days of the event, change of stored energy valued"},
	{"raw_cost", "currency/day", "the same without the value of stored energy"},
	{"reward", "", "undiscounted reward of a day, mean"},
	{"discounted_return", "", "discounted reward of a day from its first step, mean: what chooses the checkpoint, or reward does where algorithm.discount is 1"},
	{"violation_share", "", "share of bus-steps outside the voltage limits"},
	{"violation_mean_pu", "p.u.", "mean excess of the bus-steps outside"},
	{"violation_worst_pu", "p.u.", "largest excess"},
	{"best", "", "1 where this validation is the best so far"},

	{"critic_loss", "", "L_Q, mean over the updates of the event"},
	{"value_loss", "", "L_V of OP and OP-MH, mean over the updates"},
	{"actor_objective", "", "-Q of the current policies as the actors' loss has it, mean over the updates"},
	{"regulariser", "", "price of the squared output before the actors' tanh, summed over agents"},
	{"cloning_loss", "", "mean squared distance of policies from the expert's actions, summed over agents"},
	{"discriminator_loss", "", "L_D of MAGAIL, cross-entropy; log 2 is telling nothing"},
	{"discriminator_accuracy", "", "share of actions that the discriminator takes for whose they are, the expert's or the agent's in the same state"},
	{"imitation_reward", "", "log D - log(1-D) of what agents did: what MAGAIL learns from"},
	{"entropy", "", "mean entropy of the policies of MAAC, estimated from their samples, in nats"},
	{"logit_penalty", "", "price of the squared attention logits of MAAC's critic"},
	{"policy_sigma", "", "standard deviation of Gaussian actors, mean over the actions that have effect"},
	{"wasserstein", "", "W, the distance of a policy from its expert, eq. (29), mean over the agents that have labels and over updates"},
	{"wasserstein_highest", "", "W of the agent that is furthest from its expert, mean over updates"},
	{"wasserstein_floor", "", "least W so far, each agent's a running mean over about 100 updates, mean over agents: where it stays above epsilon, agents see too little to come closer"},
	{"epsilon", "", "the policy deviation that W is held to, eq. (26)"},
	{"lambda", "", "Lagrange multiplier of W <= epsilon, mean over agents and updates"},
	{"lambda_highest", "", "largest Lagrange multiplier of an agent, mean over updates"},
	{"lambda_at_cap", "", "share of agents whose multiplier is at its cap"},
	{"critic_grad_norm", "", "norm of the critic's gradient before clipping"},
	{"actor_grad_norm", "", "norm of an actor's gradient before clipping, mean over agents"},
	{"priority", "", "mean absolute temporal-difference error of the batches"},
	{"sigma", "", "standard deviation of the exploration noise of deterministic actors"},
	{"beta", "", "exponent of the importance weights"},
	{"violation_replay", "", "transitions in the violation buffer"},
}

// means accumulates the averages, and the maxima, of one event.
type means struct {
	Sum   map[string]float64 `json:"sum"`
	Count map[string]float64 `json:"count"`
	Max   map[string]float64 `json:"max"`
}

func newMeans() means {
	return means{Sum: map[string]float64{}, Count: map[string]float64{}, Max: map[string]float64{}}
}

func (m *means) add(key string, value float64) {
	m.Sum[key] += value
	m.Count[key]++
}

func (m *means) max(key string, value float64) {
	if have, ok := m.Max[key]; !ok || value > have {
		m.Max[key] = value
	}
}

// into writes them to an event and starts anew.
func (m *means) into(event map[string]any) {
	for key, sum := range m.Sum {
		event[key] = sum / m.Count[key]
	}
	for key, value := range m.Max {
		event[key] = value
	}
	*m = newMeans()
}
