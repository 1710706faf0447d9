package py

// enumerate, zip, map, filter and reversed.
var (
	enumerateType = newRooted("enumerate")
	zipType       = newRooted("zip")
	mapType       = newRooted("map")
	filterType    = newRooted("filter")
	reversedType  = newRooted("reversed")
)

func init() {
	enumerateType.Constructor(enumerateCall)
	zipType.Constructor(zipCall)
	mapType.Constructor(mapCall)
	filterType.Constructor(filterCall)
	reversedType.Constructor(reversedCall)
}

func enumerateCall(in *Interp, _ *Type, a Args) (Value, error) {
	args := make([]Value, 2)
	if len(a.Pos) > 2 {
		return nil, TypeError.New("enumerate() takes at most 2 arguments (%d given)", len(a.Pos))
	}
	copy(args, a.Pos)
	for i, n := range a.Names {
		at := indexOf([]string{"iterable", "start"}, n)
		if at < 0 {
			return nil, TypeError.New("'%s' is an invalid keyword argument for enumerate()", n)
		}
		args[at] = a.Named[i]
	}
	if args[0] == nil {
		return nil, TypeError.New("enumerate() missing required argument 'iterable' (pos 1)")
	}
	n := 0
	if args[1] != nil {
		var err error
		if n, err = in.Index(args[1]); err != nil {
			return nil, err
		}
	}
	it, err := in.Iter(args[0])
	if err != nil {
		return nil, err
	}
	return &IterValue{typ: enumerateType, it: iterFunc(func(in *Interp) (Value, error) {
		v, err := in.Next(it)
		if v == nil || err != nil {
			return nil, err
		}
		n++
		return NewTuple(Int(n-1), v), nil
	})}, nil
}

func zipCall(in *Interp, _ *Type, a Args) (Value, error) {
	strict := false
	for i, n := range a.Names {
		if n != "strict" {
			return nil, TypeError.New("zip() got an unexpected keyword argument '%s'", n)
		}
		var err error
		if strict, err = in.Truth(a.Named[i]); err != nil {
			return nil, err
		}
	}
	its := make([]Iterator, len(a.Pos))
	for i, v := range a.Pos {
		it, err := in.Iter(v)
		if err != nil {
			return nil, err
		}
		its[i] = it
	}
	return &IterValue{typ: zipType, it: iterFunc(func(in *Interp) (Value, error) {
		if len(its) == 0 {
			return nil, nil
		}
		if err := in.Step(len(its)); err != nil {
			return nil, err
		}
		items := make([]Value, len(its))
		for i, it := range its {
			v, err := in.Next(it)
			if err != nil {
				return nil, err
			}
			if v == nil {
				if strict {
					return nil, zipStrict(in, its, i)
				}
				return nil, nil
			}
			items[i] = v
		}
		return &Tuple{Items: items}, nil
	})}, nil
}

// zipStrict words the lengths that differ once the i-th iterator ended.
func zipStrict(in *Interp, its []Iterator, i int) error {
	arguments := func(n int) string {
		if n == 1 {
			return " 1"
		}
		return "s 1-" + itoa(n)
	}
	if i > 0 {
		return ValueError.New("zip() argument %d is shorter than argument%s", i+1, arguments(i))
	}
	for j := 1; j < len(its); j++ {
		v, err := in.Next(its[j])
		if err != nil {
			return err
		}
		if v != nil {
			return ValueError.New("zip() argument %d is longer than argument%s", j+1, arguments(j))
		}
	}
	return nil
}

func mapCall(in *Interp, _ *Type, a Args) (Value, error) {
	if len(a.Names) > 0 {
		return nil, TypeError.New("map() takes no keyword arguments")
	}
	if len(a.Pos) < 2 {
		return nil, TypeError.New("map() must have at least two arguments.")
	}
	fn := a.Pos[0]
	its := make([]Iterator, len(a.Pos)-1)
	for i, v := range a.Pos[1:] {
		it, err := in.Iter(v)
		if err != nil {
			return nil, err
		}
		its[i] = it
	}
	return &IterValue{typ: mapType, it: iterFunc(func(in *Interp) (Value, error) {
		args := make([]Value, len(its))
		for i, it := range its {
			v, err := in.Next(it)
			if v == nil || err != nil {
				return nil, err
			}
			args[i] = v
		}
		return in.Call(fn, Args{Pos: args})
	})}, nil
}

func filterCall(in *Interp, _ *Type, a Args) (Value, error) {
	if len(a.Names) > 0 {
		return nil, TypeError.New("filter() takes no keyword arguments")
	}
	if len(a.Pos) != 2 {
		return nil, arityError("filter", 2, 2, len(a.Pos))
	}
	fn := a.Pos[0]
	it, err := in.Iter(a.Pos[1])
	if err != nil {
		return nil, err
	}
	return &IterValue{typ: filterType, it: iterFunc(func(in *Interp) (Value, error) {
		for {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			v, err := in.Next(it)
			if v == nil || err != nil {
				return nil, err
			}
			verdict := v
			if fn != Value(None) {
				if verdict, err = in.CallValues(fn, v); err != nil {
					return nil, err
				}
			}
			if yes, err := in.Truth(verdict); yes || err != nil {
				return v, err
			}
		}
	})}, nil
}

func reversedCall(in *Interp, _ *Type, a Args) (Value, error) {
	if len(a.Pos) != 1 || len(a.Names) > 0 {
		return nil, arityError("reversed", 1, 1, len(a.Pos))
	}
	var items []Value
	var err error
	typ := reversedType
	switch x := a.Pos[0].(type) {
	case *List:
		items, err = in.copyOf(x.Items)
		typ = iterNames["list_reverseiterator"]
	case *Tuple:
		items = x.Items
	case *Range:
		n := Int(x.N)
		return &IterValue{typ: iterNames["range_iterator"], it: &rangeIter{next: x.Start + (n-1)*x.Step, step: -x.Step, left: x.N}}, nil
	case *Dict:
		items = x.Keys()
		err = in.AllocN(len(items), valueSize)
	case *dictView:
		items, err = in.Collect(x)
	case Str:
		items, err = in.Collect(x)
	case *Instance:
		r, err := in.callSpecial(x, "__reversed__")
		if r != nil || err != nil {
			return r, err
		}
		if x.class.lookup("__getitem__") == nil || x.class.lookup("__len__") == nil {
			return nil, notReversible(x)
		}
		return in.reverseIndexed(x)
	case *Set, Iterator:
		return nil, notReversible(a.Pos[0])
	case Indexer:
		return in.reverseIndexed(a.Pos[0])
	default:
		return nil, notReversible(x)
	}
	if err != nil {
		return nil, err
	}
	i := len(items)
	return &IterValue{typ: typ, it: iterFunc(func(*Interp) (Value, error) {
		if i == 0 {
			return nil, nil
		}
		i--
		return items[i], nil
	})}, nil
}

func notReversible(v Value) error {
	return TypeError.New("'%s' object is not reversible", v.Type().Name)
}

// reverseIndexed walks x[n-1], ..., x[0].
func (in *Interp) reverseIndexed(v Value) (Value, error) {
	i, err := in.Len(v)
	if err != nil {
		return nil, err
	}
	return &IterValue{typ: reversedType, it: iterFunc(func(in *Interp) (Value, error) {
		if i == 0 {
			return nil, nil
		}
		i--
		return in.GetItem(v, Int(i))
	})}, nil
}
