package nn

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// AttentionConfig describes an [AttentionCritic].
type AttentionConfig struct {
	Tokens    int // tokens of a sample
	In        int // features of a token, without its embedding
	EmbedRows int // kinds of token
	EmbedDim  int // features of a kind's embedding
	Token     int // hidden width of the token network
	DModel    int // features of an encoded token
	Heads     int // 0: no attention, every token gets the mean of all values
	OutHidden int // hidden width of the output network

	// Norm gives every head an RMSNorm and the factor 1-XiInit, as the original
	// Differential Transformer has; without it the heads are eq. (31) literally.
	Norm bool
	// XiInit is what xi starts near, eq. (32).
	XiInit float32
	// Standard has one softmax per head, as wide as both of the differential
	// form, and idle parameters in place of the vectors of xi: as many in all.
	Standard bool
}

// AttentionCritic values every token of a set, each seeing all others through
// multi-head differential attention, eq. (30)-(33). With token i's features x_i
// and the embedding of its kind e:
//
//	E_i = MLP([x_i, e])                                   DModel
//	[Q1,Q2] = E W_Q, [K1,K2] = E W_K, V = E W_V           per head: d, d and 2d, DModel = 2 d Heads
//	head = (softmax(Q1 K1ᵀ/√d) - xi softmax(Q2 K2ᵀ/√d)) V
//	xi = exp(xq1·xk1) - exp(xq2·xk2) + XiInit             one per head
//	X = concat(heads) W_O
//	y_i = MLP([X_i, E_i])                                 one value
//
// Head h owns the features 2dh to 2d(h+1) of Q, K and V; of Q and K the first
// d are map 1. With Norm a head is RMSNorm(head)*gain*(1-XiInit), one gain for
// all heads. With no heads X_i = mean over j of E_j W_V W_O; W_Q, W_K and what
// else one head would have are there but idle, so that the parameters are as many.
//
// Inputs and outputs are matrices of Tokens blocks.
type AttentionCritic struct {
	config AttentionConfig
	kinds  []int // row of the embedding of every token
	params *Params

	emb                View
	token1, token2     linear
	qkv                View // W_Q, W_K and W_V one after the other
	wo                 View
	xq1, xk1, xq2, xk2 View
	gain, idle         View
	out1, out2         linear
}

// NewAttentionCritic makes a network with PyTorch's default initialisation of
// its linear layers, embeddings and the vectors of xi normal with standard
// deviation 0.1, and gains of 1. Token i is of kind kinds[i].
func NewAttentionCritic(c AttentionConfig, kinds []int, r *RNG) *AttentionCritic {
	if c.Tokens < 1 || c.In < 1 || c.EmbedDim < 1 || c.DModel < 1 || c.Heads < 0 || c.Heads > 0 && c.DModel%(2*c.Heads) != 0 {
		panic(fmt.Sprintf("nn: attention of %+v: DModel must be a multiple of 2*Heads and all sizes positive", c))
	}
	if len(kinds) != c.Tokens {
		panic(fmt.Sprintf("nn: kinds of %d tokens for %d", len(kinds), c.Tokens))
	}
	for _, k := range kinds {
		if k < 0 || k >= c.EmbedRows {
			panic(fmt.Sprintf("nn: token of kind %d of %d", k, c.EmbedRows))
		}
	}
	a := &AttentionCritic{config: c, kinds: append([]int(nil), kinds...), params: &Params{}}
	p := a.params
	a.emb = p.add("emb", c.EmbedRows, c.EmbedDim)
	token := addLinears(p, "token.", MLPConfig{In: c.In + c.EmbedDim, Hidden: []int{c.Token}, Out: c.DModel})
	a.token1, a.token2 = token[0], token[1]
	a.qkv = View{Name: "qkv", Rows: 3 * c.DModel, Cols: c.DModel, Offset: len(p.Data)}
	var projections []View
	for _, name := range []string{"wq.weight", "wk.weight", "wv.weight", "wo.weight"} {
		projections = append(projections, p.add(name, c.DModel, c.DModel))
	}
	a.wo = projections[3]
	if a.maps() == 2 {
		a.xq1, a.xk1 = p.add("xq1", c.Heads, a.width()), p.add("xk1", c.Heads, a.width())
		a.xq2, a.xk2 = p.add("xq2", c.Heads, a.width()), p.add("xk2", c.Heads, a.width())
	}
	if c.Norm && c.Heads > 0 {
		a.gain = p.add("gain", 1, a.headDim())
	}
	if n := a.idleLen(); n > 0 {
		a.idle = p.add("idle", 1, n)
	}
	out := addLinears(p, "out.", MLPConfig{In: 2 * c.DModel, Hidden: []int{c.OutHidden}, Out: 1})
	a.out1, a.out2 = out[0], out[1]

	a.scaledNormal(0.1, r, a.emb, a.xq1, a.xk1, a.xq2, a.xk2)
	for _, v := range projections {
		fillSymmetric(v.Of(p.Data), 1/float32(math.Sqrt(float64(c.DModel))), r)
	}
	for i := range a.gain.Len() {
		a.gain.Of(p.Data)[i] = 1
	}
	for _, l := range []linear{a.token1, a.token2, a.out1, a.out2} {
		l.initialise(p, r)
	}
	return a
}

func (a *AttentionCritic) scaledNormal(sigma float32, r *RNG, views ...View) {
	for _, v := range views {
		s := v.Of(a.params.Data)
		r.FillNormal(s)
		for i := range s {
			s[i] *= sigma
		}
	}
}

// headDim returns 2d, the features of a head.
func (a *AttentionCritic) headDim() int { return a.config.DModel / a.config.Heads }

// maps returns the number of softmax maps of a head.
func (a *AttentionCritic) maps() int {
	switch {
	case a.config.Heads == 0:
		return 0
	case a.config.Standard:
		return 1
	}
	return 2
}

// idleLen returns how many parameters the differential form with as many heads,
// at least one, has that this one has no use for.
func (a *AttentionCritic) idleLen() int {
	n := 0
	if a.maps() != 2 {
		n += 2 * a.config.DModel // xi: four vectors of d per head
	}
	if a.config.Norm && a.config.Heads == 0 {
		n += a.config.DModel // the gain of one head
	}
	return n
}

// width returns the features of Q and K in one map: d, or 2d in the standard form.
func (a *AttentionCritic) width() int { return a.headDim() / a.maps() }

// Params returns the parameters.
func (a *AttentionCritic) Params() *Params { return a.params }

// In returns the number of features of a token.
func (a *AttentionCritic) In() int { return a.config.In }

// Out returns 1.
func (a *AttentionCritic) Out() int { return 1 }

// Clone returns a copy with parameters of its own.
func (a *AttentionCritic) Clone() Network {
	c := *a
	c.params = a.params.Clone()
	return &c
}

// Xi returns the weight of every head's second map, eq. (32); nil when there is none.
func (a *AttentionCritic) Xi() []float32 {
	if a.maps() != 2 {
		return nil
	}
	xi := make([]float32, a.config.Heads)
	a.xi(xi, make([]float32, a.config.Heads), make([]float32, a.config.Heads))
	return xi
}

// xi writes xi and its two exponentials for every head.
func (a *AttentionCritic) xi(xi, e1, e2 []float32) {
	p := a.params.Data
	dots := func(dst []float32, x, y View) {
		d := a.width()
		for h := range dst {
			var s float32
			for f := range d {
				s += float32(x.Of(p)[h*d+f] * y.Of(p)[h*d+f])
			}
			dst[h] = s
		}
		kernel.Exp(dst, dst)
	}
	dots(e1, a.xq1, a.xk1)
	dots(e2, a.xq2, a.xk2)
	for h := range xi {
		xi[h] = e1[h] - e2[h] + a.config.XiInit
	}
}
