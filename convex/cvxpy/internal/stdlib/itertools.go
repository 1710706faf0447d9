package stdlib

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var iterTypes = map[string]*py.Type{}

func itertoolsType(name string) *py.Type {
	t := py.NewType("itertools." + name)
	t.Module = "itertools"
	iterTypes[name] = t
	return t
}

// iterator makes an itertools object of a function that gives the next value,
// nil at the end.
func iterator(name string, next func(in *py.Interp) (py.Value, error)) py.Value {
	return py.NewIterValue(iterTypes[name], next)
}

func itertoolsModule(*py.Interp) *py.Module {
	m := &py.Module{Name: "itertools"}
	for name, make := range map[string]func(in *py.Interp, a py.Args) (py.Value, error){
		"count": itCount, "cycle": itCycle, "repeat": itRepeat, "accumulate": itAccumulate, "islice": itIslice,
		"product": itProduct, "permutations": itPermutations, "combinations": itCombinations,
		"combinations_with_replacement": itCombinationsRepl, "zip_longest": itZipLongest, "takewhile": itTakewhile,
		"dropwhile": itDropwhile, "starmap": itStarmap, "pairwise": itPairwise, "groupby": itGroupby,
		"filterfalse": itFilterfalse, "compress": itCompress,
	} {
		t := iterTypes[name]
		m.Set(name, t.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) { return make(in, a) }))
	}
	chain := iterTypes["chain"].Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		return itChain(in, py.NewTuple(a.Pos...))
	})
	chain.Set("from_iterable", fn("from_iterable", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) { return itChain(in, a[0]) }))
	m.Set("chain", chain)
	m.Set("tee", fn("tee", 1, 2, itTee))
	return m
}

func init() {
	for _, n := range []string{
		"count", "cycle", "repeat", "accumulate", "islice", "product", "permutations", "combinations",
		"combinations_with_replacement", "zip_longest", "takewhile", "dropwhile", "starmap", "pairwise", "groupby",
		"filterfalse", "compress", "chain", "_tee", "_grouper",
	} {
		itertoolsType(n)
	}
}

func itCount(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("count", "start=, step=").Bind(a)
	if err != nil {
		return nil, err
	}
	var next, step py.Value = py.Int(0), py.Int(1)
	if v := b.Get("start"); v != nil {
		next = v
	}
	if v := b.Get("step"); v != nil {
		step = v
	}
	return iterator("count", func(in *py.Interp) (py.Value, error) {
		v := next
		n, err := in.Add(next, step)
		next = n
		return v, err
	}), nil
}

func itCycle(in *py.Interp, a py.Args) (py.Value, error) {
	if len(a.Pos) != 1 {
		return nil, py.TypeError.New("cycle expected 1 argument, got %d", len(a.Pos))
	}
	it, err := in.Iter(a.Pos[0])
	if err != nil {
		return nil, err
	}
	var seen []py.Value
	at := -1
	return iterator("cycle", func(in *py.Interp) (py.Value, error) {
		if at < 0 {
			v, err := in.Next(it)
			if err != nil {
				return nil, err
			}
			if v != nil {
				seen = append(seen, v)
				return v, in.Alloc(32)
			}
			at = 0
		}
		if len(seen) == 0 {
			return nil, nil
		}
		v := seen[at]
		at = (at + 1) % len(seen)
		return v, nil
	}), nil
}

func itRepeat(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("repeat", "object, times=").Bind(a)
	if err != nil {
		return nil, err
	}
	left := -1
	if v := b.Get("times"); v != nil {
		if left, err = in.Index(v); err != nil {
			return nil, err
		}
		left = max(left, 0)
	}
	return iterator("repeat", func(*py.Interp) (py.Value, error) {
		if left == 0 {
			return nil, nil
		}
		left--
		return b.Get("object"), nil
	}), nil
}

func itAccumulate(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("accumulate", "iterable, func=, *, initial=").Bind(a)
	if err != nil {
		return nil, err
	}
	it, err := in.Iter(b.Get("iterable"))
	if err != nil {
		return nil, err
	}
	var total py.Value
	initial := b.Has("initial")
	return iterator("accumulate", func(in *py.Interp) (py.Value, error) {
		if initial {
			initial = false
			total = b.Get("initial")
			return total, nil
		}
		v, err := in.Next(it)
		if v == nil || err != nil {
			return nil, err
		}
		switch {
		case total == nil:
			total = v
		case b.Has("func"):
			total, err = in.CallValues(b.Get("func"), total, v)
		default:
			total, err = in.Add(total, v)
		}
		return total, err
	}), nil
}

func itIslice(in *py.Interp, a py.Args) (py.Value, error) {
	if n := len(a.Pos); n < 2 || n > 4 {
		how, want := "at least", 2
		if n > 4 {
			how, want = "at most", 4
		}
		return nil, py.TypeError.New("islice expected %s %d arguments, got %d", how, want, n)
	}
	it, err := in.Iter(a.Pos[0])
	if err != nil {
		return nil, err
	}
	nums := []int{0, -1, 1} // start, stop (-1: none), step
	set := func(i int, v py.Value) error {
		if v == py.Value(py.None) {
			return nil
		}
		n, err := in.Index(v)
		if err != nil || n < 0 {
			return py.ValueError.New("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
		}
		nums[i] = n
		return nil
	}
	if len(a.Pos) == 2 {
		if set(1, a.Pos[1]) != nil {
			return nil, py.ValueError.New("Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
		}
	} else {
		for i, v := range a.Pos[1:] {
			if err := set(i, v); err != nil {
				return nil, err
			}
		}
	}
	if nums[2] == 0 {
		return nil, py.ValueError.New("Step for islice() must be a positive integer or None.")
	}
	at, want := 0, nums[0]
	return iterator("islice", func(in *py.Interp) (py.Value, error) {
		if nums[1] >= 0 && want >= nums[1] {
			return nil, nil
		}
		for {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			v, err := in.Next(it)
			if v == nil || err != nil {
				return nil, err
			}
			if at++; at-1 == want {
				want += nums[2]
				return v, nil
			}
		}
	}), nil
}

// pools collects the iterables of product and its like.
func pools(in *py.Interp, list []py.Value) ([][]py.Value, error) {
	out := make([][]py.Value, len(list))
	for i, v := range list {
		items, err := in.Collect(v)
		if err != nil {
			return nil, err
		}
		out[i] = items
	}
	return out, nil
}

func itProduct(in *py.Interp, a py.Args) (py.Value, error) {
	repeat := 1
	for i, n := range a.Names {
		if n != "repeat" {
			return nil, py.TypeError.New("'%s' is an invalid keyword argument for product()", n)
		}
		var err error
		if repeat, err = in.Index(a.Named[i]); err != nil {
			return nil, err
		}
		if repeat < 0 {
			return nil, py.ValueError.New("repeat argument cannot be negative")
		}
	}
	one, err := pools(in, a.Pos)
	if err != nil {
		return nil, err
	}
	if err := in.AllocN(repeat, 24*(len(one)+1)); err != nil {
		return nil, err
	}
	var all [][]py.Value
	for range repeat {
		all = append(all, one...)
	}
	indices := make([]int, len(all))
	done := false
	for _, p := range all {
		done = done || len(p) == 0
	}
	return iterator("product", func(in *py.Interp) (py.Value, error) {
		if done {
			return nil, nil
		}
		if err := in.AllocN(len(all), 16); err != nil {
			return nil, err
		}
		items := make([]py.Value, len(all))
		for i, p := range all {
			items[i] = p[indices[i]]
		}
		done = true
		for i := len(all) - 1; i >= 0; i-- {
			if indices[i]++; indices[i] < len(all[i]) {
				done = false
				break
			}
			indices[i] = 0
		}
		return py.NewTuple(items...), nil
	}), nil
}

// choose walks the selections of r positions out of n that next steps through;
// next returns false at the end.
func choose(in *py.Interp, name string, a py.Args, start func(i int) int, fits func(n, r int) bool, next func(at []int, n int) bool) (py.Value, error) {
	b, err := py.NewSignature(name, "iterable, r=").Bind(a)
	if err != nil {
		return nil, err
	}
	items, err := in.Collect(b.Get("iterable"))
	if err != nil {
		return nil, err
	}
	r := len(items)
	if b.Has("r") {
		if r, err = in.Index(b.Get("r")); err != nil {
			return nil, err
		}
		if r < 0 {
			return nil, py.ValueError.New("r must be non-negative")
		}
	} else if name != "permutations" {
		return nil, py.TypeError.New("%s() missing required argument 'r' (pos 2)", name)
	}
	done := !fits(len(items), r)
	var at []int
	if !done {
		if err := in.AllocN(r, 8); err != nil {
			return nil, err
		}
		for i := range r {
			at = append(at, start(i))
		}
	}
	return iterator(name, func(in *py.Interp) (py.Value, error) {
		if done {
			return nil, nil
		}
		if err := in.AllocN(r, 16); err != nil {
			return nil, err
		}
		if err := in.Step(r); err != nil {
			return nil, err
		}
		out := make([]py.Value, r)
		for i, p := range at {
			out[i] = items[p]
		}
		done = !next(at, len(items))
		return py.NewTuple(out...), nil
	}), nil
}

func itCombinations(in *py.Interp, a py.Args) (py.Value, error) {
	return choose(in, "combinations", a, func(i int) int { return i }, func(n, r int) bool { return r <= n }, func(at []int, n int) bool {
		for i := len(at) - 1; i >= 0; i-- {
			if at[i] < n-len(at)+i {
				at[i]++
				for j := i + 1; j < len(at); j++ {
					at[j] = at[j-1] + 1
				}
				return true
			}
		}
		return false
	})
}

func itCombinationsRepl(in *py.Interp, a py.Args) (py.Value, error) {
	return choose(in, "combinations_with_replacement", a, func(int) int { return 0 }, func(n, r int) bool { return n > 0 || r == 0 }, func(at []int, n int) bool {
		for i := len(at) - 1; i >= 0; i-- {
			if at[i] < n-1 {
				v := at[i] + 1
				for j := i; j < len(at); j++ {
					at[j] = v
				}
				return true
			}
		}
		return false
	})
}

func itPermutations(in *py.Interp, a py.Args) (py.Value, error) {
	return choose(in, "permutations", a, func(i int) int { return i }, func(n, r int) bool { return r <= n }, nextPermutation)
}

// nextPermutation steps to the next selection of distinct positions in
// lexicographic order.
func nextPermutation(at []int, n int) bool {
	used := make([]bool, n)
	for _, p := range at {
		used[p] = true
	}
	for i := len(at) - 1; i >= 0; i-- {
		used[at[i]] = false
		for p := at[i] + 1; p < n; p++ {
			if used[p] {
				continue
			}
			at[i] = p
			used[p] = true
			free := 0
			for j := i + 1; j < len(at); j++ {
				for used[free] {
					free++
				}
				at[j] = free
				used[free] = true
			}
			return true
		}
	}
	return false
}

func itChain(in *py.Interp, lists py.Value) (py.Value, error) {
	outer, err := in.Iter(lists)
	if err != nil {
		return nil, err
	}
	var inner py.Iterator
	return iterator("chain", func(in *py.Interp) (py.Value, error) {
		for {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			if inner == nil {
				v, err := in.Next(outer)
				if v == nil || err != nil {
					return nil, err
				}
				if inner, err = in.Iter(v); err != nil {
					return nil, err
				}
			}
			v, err := in.Next(inner)
			if v != nil || err != nil {
				return v, err
			}
			inner = nil
		}
	}), nil
}

func itZipLongest(in *py.Interp, a py.Args) (py.Value, error) {
	var fill py.Value = py.None
	for i, n := range a.Names {
		if n != "fillvalue" {
			return nil, py.TypeError.New("zip_longest() got an unexpected keyword argument")
		}
		fill = a.Named[i]
	}
	its := make([]py.Iterator, len(a.Pos))
	for i, v := range a.Pos {
		it, err := in.Iter(v)
		if err != nil {
			return nil, err
		}
		its[i] = it
	}
	return iterator("zip_longest", func(in *py.Interp) (py.Value, error) {
		any := false
		items := make([]py.Value, len(its))
		for i, it := range its {
			items[i] = fill
			if it == nil {
				continue
			}
			v, err := in.Next(it)
			if err != nil {
				return nil, err
			}
			if v == nil {
				its[i] = nil
				continue
			}
			items[i], any = v, true
		}
		if !any {
			return nil, nil
		}
		return py.NewTuple(items...), in.Step(len(its))
	}), nil
}

// two takes a function and an iterable.
func two(in *py.Interp, name string, a py.Args) (py.Value, py.Iterator, error) {
	if len(a.Pos) != 2 || len(a.Names) > 0 {
		return nil, nil, py.TypeError.New("%s expected 2 arguments, got %d", name, len(a.Pos))
	}
	it, err := in.Iter(a.Pos[1])
	return a.Pos[0], it, err
}

// verdict asks a predicate; None means the truth of the value itself.
func verdict(in *py.Interp, f, v py.Value) (bool, error) {
	if f == py.Value(py.None) {
		return in.Truth(v)
	}
	r, err := in.CallValues(f, v)
	if err != nil {
		return false, err
	}
	return in.Truth(r)
}

func itTakewhile(in *py.Interp, a py.Args) (py.Value, error) {
	f, it, err := two(in, "takewhile", a)
	if err != nil {
		return nil, err
	}
	done := false
	return iterator("takewhile", func(in *py.Interp) (py.Value, error) {
		if done {
			return nil, nil
		}
		v, err := in.Next(it)
		if v == nil || err != nil {
			return nil, err
		}
		ok, err := verdict(in, f, v)
		if !ok || err != nil {
			done = true
			return nil, err
		}
		return v, nil
	}), nil
}

func itDropwhile(in *py.Interp, a py.Args) (py.Value, error) {
	f, it, err := two(in, "dropwhile", a)
	if err != nil {
		return nil, err
	}
	dropping := true
	return iterator("dropwhile", func(in *py.Interp) (py.Value, error) {
		for {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			v, err := in.Next(it)
			if v == nil || err != nil || !dropping {
				return v, err
			}
			if dropping, err = verdict(in, f, v); !dropping || err != nil {
				return v, err
			}
		}
	}), nil
}

func itFilterfalse(in *py.Interp, a py.Args) (py.Value, error) {
	f, it, err := two(in, "filterfalse", a)
	if err != nil {
		return nil, err
	}
	return iterator("filterfalse", func(in *py.Interp) (py.Value, error) {
		for {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			v, err := in.Next(it)
			if v == nil || err != nil {
				return v, err
			}
			if ok, err := verdict(in, f, v); !ok || err != nil {
				return v, err
			}
		}
	}), nil
}

func itStarmap(in *py.Interp, a py.Args) (py.Value, error) {
	f, it, err := two(in, "starmap", a)
	if err != nil {
		return nil, err
	}
	return iterator("starmap", func(in *py.Interp) (py.Value, error) {
		v, err := in.Next(it)
		if v == nil || err != nil {
			return nil, err
		}
		args, err := in.Collect(v)
		if err != nil {
			return nil, err
		}
		return in.Call(f, py.Args{Pos: args})
	}), nil
}

func itPairwise(in *py.Interp, a py.Args) (py.Value, error) {
	if len(a.Pos) != 1 {
		return nil, py.TypeError.New("pairwise expected 1 argument, got %d", len(a.Pos))
	}
	it, err := in.Iter(a.Pos[0])
	if err != nil {
		return nil, err
	}
	var last py.Value
	return iterator("pairwise", func(in *py.Interp) (py.Value, error) {
		if last == nil {
			if last, err = in.Next(it); last == nil || err != nil {
				return nil, err
			}
		}
		v, err := in.Next(it)
		if v == nil || err != nil {
			return nil, err
		}
		pair := py.NewTuple(last, v)
		last = v
		return pair, nil
	}), nil
}

func itCompress(in *py.Interp, a py.Args) (py.Value, error) {
	if len(a.Pos) != 2 {
		return nil, py.TypeError.New("compress expected 2 arguments, got %d", len(a.Pos))
	}
	data, err := in.Iter(a.Pos[0])
	if err != nil {
		return nil, err
	}
	selectors, err := in.Iter(a.Pos[1])
	if err != nil {
		return nil, err
	}
	return iterator("compress", func(in *py.Interp) (py.Value, error) {
		for {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			v, err := in.Next(data)
			if v == nil || err != nil {
				return nil, err
			}
			s, err := in.Next(selectors)
			if s == nil || err != nil {
				return nil, err
			}
			if ok, err := in.Truth(s); ok || err != nil {
				return v, err
			}
		}
	}), nil
}

func itGroupby(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("groupby", "iterable, key=").Bind(a)
	if err != nil {
		return nil, err
	}
	it, err := in.Iter(b.Get("iterable"))
	if err != nil {
		return nil, err
	}
	var head, headKey py.Value // read ahead
	read := func(in *py.Interp) error {
		v, err := in.Next(it)
		head, headKey = v, v
		if v == nil || err != nil {
			return err
		}
		if b.Has("key") {
			headKey, err = in.CallValues(b.Get("key"), v)
		}
		return err
	}
	var groupKey py.Value
	group := 0
	return iterator("groupby", func(in *py.Interp) (py.Value, error) {
		if group == 0 {
			if err := read(in); err != nil {
				return nil, err
			}
		}
		// Skip what is left of the last group.
		for head != nil && groupKey != nil {
			same, err := in.Equal(headKey, groupKey)
			if err != nil {
				return nil, err
			}
			if !same {
				break
			}
			if err := read(in); err != nil {
				return nil, err
			}
		}
		group++
		if head == nil {
			return nil, nil
		}
		groupKey = headKey
		mine, key := group, headKey
		members := iterator("_grouper", func(in *py.Interp) (py.Value, error) {
			if mine != group || head == nil {
				return nil, nil
			}
			same, err := in.Equal(headKey, key)
			if !same || err != nil {
				return nil, err
			}
			v := head
			return v, read(in)
		})
		return py.NewTuple(key, members), nil
	}), nil
}

func itTee(in *py.Interp, a []py.Value) (py.Value, error) {
	n := 2
	if a[1] != nil {
		var err error
		if n, err = in.Index(a[1]); err != nil {
			return nil, err
		}
		if n < 0 {
			return nil, py.ValueError.New("n must be >= 0")
		}
	}
	it, err := in.Iter(a[0])
	if err != nil {
		return nil, err
	}
	if err := in.AllocN(n, 128); err != nil {
		return nil, err
	}
	var seen []py.Value
	out := make([]py.Value, n)
	for i := range out {
		at := 0
		out[i] = iterator("_tee", func(in *py.Interp) (py.Value, error) {
			if at == len(seen) {
				v, err := in.Next(it)
				if v == nil || err != nil {
					return nil, err
				}
				if err := in.Alloc(32); err != nil {
					return nil, err
				}
				seen = append(seen, v)
			}
			at++
			return seen[at-1], nil
		})
	}
	return py.NewTuple(out...), nil
}
