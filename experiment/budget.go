package experiment

import (
	"fmt"
	"slices"
	"strings"
)

// Budget is how much work a reproduction of the paper may be.
type Budget struct {
	Name    string
	Meaning string
	// settings are those of every training, HeadsSettings those of Fig. 7 beside.
	settings, headsSettings []string
	seeds, headsSeeds       []uint64
	plusSettings            []string
	plusSeeds               []uint64 // nil: the preset plus is no row
	// baselines are the rows beside what is trained.
	baselines []string
	heads     []int
	everyDay  int // of the test days, every so many-th is played
}

// Budgets lists what there is. Figures of time are for two processors, the plans
// of the expert not counted, which are made once and kept.
var Budgets = []Budget{
	{
		Name: "smoke", Meaning: "a few days of training and twelve test days, about 2 minutes: shows that all of it works and nothing else",
		settings: []string{
			"algorithm.preset=cpu", "algorithm.episodes=12", "algorithm.warmup_episodes=2", "algorithm.critic_only_episodes=2", "algorithm.validate_every=6",
			"algorithm.environments=2", "algorithm.batch_size=32", "algorithm.actor_hidden=[16]", "algorithm.critic_hidden=[16]",
			"algorithm.maac.hidden=16", "algorithm.magail.hidden=[16]", "algorithm.magail.cloning_updates=10",
		},
		seeds: []uint64{1, 2}, headsSeeds: []uint64{1, 2},
		plusSettings: []string{"algorithm.preset=plus", "algorithm.episodes=16", "algorithm.warmup_episodes=1", "algorithm.validate_every=8", "algorithm.actor_hidden=[16]"},
		plusSeeds:    []uint64{1},
		baselines:    []string{"none", "none-p2p", "rule", "random", "expert", "perfect", "perfect-free"},
		heads:        []int{0, 1, 4}, everyDay: 7,
	},
	{
		// Measured, seconds of one processor for 800 episodes: see docs/evaluation.md.
		Name: "cpu", Meaning: "preset cpu with 800 episodes and five seeds, table4 and fig6 in at most 2.5 hours, fig7 in at most 3",
		settings: []string{"algorithm.preset=cpu", "algorithm.episodes=800", "algorithm.validate_every=40"},
		seeds:    []uint64{1, 2, 3, 4, 5}, headsSeeds: []uint64{1, 2, 3},
		plusSettings: []string{"algorithm.preset=plus"}, plusSeeds: []uint64{1, 2},
		baselines: []string{"none", "none-p2p", "rule", "random", "expert", "mpc", "perfect", "perfect-free"},
		heads:     []int{0, 1, 2, 4, 8, 16}, everyDay: 1,
	},
	{
		Name: "paper", Meaning: "the paper's constants: 5000 episodes, an update a step, five seeds; days of work, made for an array job",
		settings:      []string{"algorithm.preset=paper", "expert.replan_every=4"},
		headsSettings: []string{"algorithm.op_mh.form=literal"},
		seeds:         []uint64{1, 2, 3, 4, 5}, headsSeeds: []uint64{1, 2, 3, 4, 5},
		baselines: []string{"none", "none-p2p", "rule", "random", "expert", "mpc", "perfect", "perfect-free"},
		heads:     []int{0, 1, 2, 4, 8, 16}, everyDay: 1,
	},
}

// OpenBudget returns the budget of a name.
func OpenBudget(name string) (*Budget, error) {
	i := slices.IndexFunc(Budgets, func(b Budget) bool { return b.Name == name })
	if i < 0 {
		var names []string
		for _, b := range Budgets {
			names = append(names, b.Name)
		}
		return nil, fmt.Errorf("--budget is %q, want one of %s", name, strings.Join(names, ", "))
	}
	return &Budgets[i], nil
}

// variant is a run of a study: a row of a table, or a curve.
type variant struct {
	label    string
	settings []string
	seeds    []uint64
}

// cloning is the row of behaviour cloning alone: MATD3+BC without its critics'
// say.
const cloning = "cloning"

// comparison lists the runs behind Table IV and Fig. 6.
func (b *Budget) comparison() []variant {
	var all []variant
	add := func(label string, seeds []uint64, settings ...string) {
		all = append(all, variant{label, settings, seeds})
	}
	for _, row := range paperTable4 {
		add(row.algorithm, b.seeds, append(slices.Clone(b.settings), "algorithm.name="+row.algorithm)...)
	}
	add(cloning, b.seeds, append(slices.Clone(b.settings), "algorithm.name=matd3bc", "algorithm.matd3bc.weight=0")...)
	if b.plusSeeds != nil {
		add("plus", b.plusSeeds, b.plusSettings...)
	}
	return all
}

// headCounts lists the runs behind Fig. 7. Without heads there is no attention,
// so both kinds are one.
func (b *Budget) headCounts() []variant {
	var all []variant
	for _, attention := range []string{"differential", "standard"} {
		for _, heads := range b.heads {
			if heads == 0 && attention == "standard" {
				continue
			}
			settings := slices.Concat(b.settings, b.headsSettings, []string{
				"algorithm.name=op_mh", "algorithm.op_mh.attention=" + attention, fmt.Sprintf("algorithm.op_mh.heads=%d", heads),
			})
			all = append(all, variant{headsLabel(heads, attention), settings, b.headsSeeds})
		}
	}
	return all
}

func headsLabel(heads int, attention string) string {
	if heads == 0 {
		return "heads-0"
	}
	return fmt.Sprintf("heads-%d-%s", heads, attention)
}
