package marl

import "github.com/peerwatt/peerwatt/nn"

// CriticParameters counts the parameters of one critic of OP-MH.
func CriticParameters(c *Config, p Problem) int {
	return len(attentionCritics(c, p, nn.NewRNG(0, streamWeights)).build(true).Params().Data)
}
