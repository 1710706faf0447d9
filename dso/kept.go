package dso

import "slices"

// kept holds compiled problems for another use, the last used first.
type kept struct{ joints []*joint }

// keptSteps bounds what is kept, by the lengths of the horizons: a day of twenty
// prosumers takes some 15 MB, twice that with a network. It suffices for a day
// planned anew every hour.
const keptSteps = 1300

// keptMembers is how many solvers are kept for models that members bring, one for
// each length of horizon: as many as a day planned anew every hour needs.
const keptMembers = 26

// find returns the problem of a horizon with rows for these limits; nil if there
// is none.
func (k *kept) find(steps int, sides []side, soft bool) *joint {
	for i, j := range k.joints {
		if j.steps == steps && j.network.holds(sides, soft) {
			copy(k.joints[1:], k.joints[:i])
			k.joints[0] = j
			return j
		}
	}
	return nil
}

// add keeps a problem and lets go of those that were used longest ago.
func (k *kept) add(j *joint) {
	k.joints = slices.Insert(k.joints, 0, j)
	total := 0
	for i, x := range k.joints {
		if total += x.weight(); total > keptSteps && i > 0 {
			clear(k.joints[i:])
			k.joints = k.joints[:i]
			return
		}
	}
}

func (j *joint) weight() int {
	if j.network != nil {
		return 2 * j.steps
	}
	return j.steps
}

// holds reports whether the rows are those of these limits; no rows are those of
// nil.
func (w *networkRows) holds(sides []side, soft bool) bool {
	if w == nil || sides == nil {
		return w == nil && sides == nil
	}
	return soft == (w.soft != nil) && slices.EqualFunc(w.limits, sides, func(l limitRow, s side) bool { return l.side == s })
}
