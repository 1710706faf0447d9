package marl

import (
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/nn"
)

// OPMHConfig holds what only OP-MH has: the shape of its critics, eq. (30)-(33).
type OPMHConfig struct {
	// Heads is h, the number of attention heads. 0: no attention, every agent
	// gets the mean of all values; the parameters stay as many.
	Heads int `json:"heads"`
	// DModel is d_model, the features of an encoded agent. A head has
	// d_model / h of them, and each of its two maps half as many.
	DModel int `json:"d_model"`
	// Form is norm, as the original Differential Transformer has its heads (an
	// RMSNorm of each and the factor 1 - xi_init), or literal, eq. (31).
	Form string `json:"form"`
	// Attention is differential, or standard: one map per head, as wide as both
	// of the differential form.
	Attention string `json:"attention"`
	// XiInit is xi_init of eq. (33).
	XiInit float64 `json:"xi_init"`
	// TokenHidden is the hidden width of the network that encodes an agent's
	// observation and action.
	TokenHidden int `json:"token_hidden"`
	// OutHidden is the hidden width of the network that values an agent from
	// what it attends to and its own encoding.
	OutHidden int `json:"out_hidden"`
	// Embedding is agent (each agent has an embedding of its own), or device (agents of one
	// archetype, so of the same devices, share one).
	Embedding string `json:"embedding"`
	// EmbeddingDim is the number of features of an embedding.
	EmbeddingDim int `json:"embedding_dim"`
}

// newOPMH is OP with differential-attention critics: every agent is a token,
// and has a value of its own. L_Q, L_V and the actors' objective average over
// agents; with per-agent critics, actor i follows the value of agent i alone.
func newOPMH(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	return newOPWith(attentionCritics(c, p, rng), c, p, rng, pool)
}

// attentionCritics is one critic of differential attention over agents.
func attentionCritics(c *Config, p Problem, rng *nn.RNG) criticKind {
	kinds := make([]int, p.Shape.Agents)
	rows := len(kinds)
	for i := range kinds {
		kinds[i] = i
	}
	m := c.OPMH
	if m.Embedding == "device" {
		var types []string
		for i, t := range p.Types {
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
			kinds[i] = slices.Index(types, t)
		}
		rows = len(types)
	}
	return criticKind{count: 1, tokens: true, alone: c.Critic == "per_agent", build: func(actions bool) nn.Network {
		in := p.Shape.Observation
		if actions {
			in += p.Shape.Action
		}
		return nn.NewAttentionCritic(nn.AttentionConfig{
			Tokens: p.Shape.Agents, In: in, EmbedRows: rows, EmbedDim: m.EmbeddingDim, Token: m.TokenHidden, DModel: m.DModel, Heads: m.Heads,
			OutHidden: m.OutHidden, Norm: m.Form == "norm", XiInit: float32(m.XiInit), Standard: m.Attention == "standard",
		}, kinds, rng)
	}}
}

func (c *OPMHConfig) validate() error {
	if c.Heads > 0 && c.DModel%(2*c.Heads) != 0 {
		return fmt.Errorf("algorithm.op_mh.heads: %d does not fit d_model %d, which must be a multiple of twice the heads", c.Heads, c.DModel)
	}
	return firstError("op_mh",
		bounded{"heads", float64(c.Heads), 0, 64}, bounded{"d_model", float64(c.DModel), 1, 1 << 12}, bounded{"xi_init", c.XiInit, 0, 0.99},
		bounded{"token_hidden", float64(c.TokenHidden), 1, 1 << 14}, bounded{"out_hidden", float64(c.OutHidden), 1, 1 << 14},
		bounded{"embedding_dim", float64(c.EmbeddingDim), 1, 1 << 12},
		chosen{"form", c.Form, []string{"norm", "literal"}}, chosen{"attention", c.Attention, []string{"differential", "standard"}},
		chosen{"embedding", c.Embedding, []string{"agent", "device"}},
	)
}
