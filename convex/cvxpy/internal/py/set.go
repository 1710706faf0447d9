package py

// Set is a set or frozenset. It places elements as CPython's sets do, so that
// sets of numbers come out in the same order.
type Set struct {
	table  []setEntry
	used   int // live elements
	fill   int // and deleted ones
	frozen bool
	change int
}

type setEntry struct {
	hash int64
	key  Value // nil: free
	dead bool
}

// Type tells set and frozenset apart.
func (s *Set) Type() *Type {
	if s.frozen {
		return FrozenSetType
	}
	return SetType
}

const (
	setMinSize   = 8
	linearProbes = 9
)

// NewSet makes an empty set.
func NewSet(frozen bool) *Set { return &Set{table: make([]setEntry, setMinSize), frozen: frozen} }

// Len is the number of elements.
func (s *Set) Len(*Interp) (int, error) { return s.used, nil }

// locate finds the element or the free place where it would go.
func (s *Set) locate(in *Interp, hash int64, key Value) (int, error) {
	mask := uint64(len(s.table) - 1)
	perturb := uint64(hash)
	i := uint64(hash) & mask
	for n := 0; ; n++ {
		probes := uint64(0)
		if i+linearProbes <= mask {
			probes = linearProbes
		}
		for j := i; j <= i+probes; j++ {
			e := &s.table[j]
			if e.key == nil && !e.dead {
				return int(j), nil
			}
			if e.key != nil && e.hash == hash {
				if eq, err := in.same(e.key, key); eq || err != nil {
					return int(j), err
				}
			}
		}
		if n > 4 {
			if err := in.Step(1); err != nil {
				return 0, err
			}
		}
		perturb >>= 5
		i = (i*5 + 1 + perturb) & mask
	}
}

// Add reports whether the element is new.
func (s *Set) Add(in *Interp, key Value) (bool, error) {
	hash, err := in.Hash(key)
	if err != nil {
		return false, err
	}
	at, err := s.locate(in, hash, key)
	if err != nil || s.table[at].key != nil {
		return false, err
	}
	if err := in.Alloc(5 * valueSize); err != nil {
		return false, err
	}
	s.table[at] = setEntry{hash: hash, key: key}
	s.used++
	s.fill++
	s.change++
	if s.fill*5 >= (len(s.table)-1)*3 {
		grow := s.used * 4
		if s.used > 50000 {
			grow = s.used * 2
		}
		s.resize(grow)
	}
	return true, nil
}

func (s *Set) resize(least int) {
	size := setMinSize
	for size <= least {
		size <<= 1
	}
	old := s.table
	s.table = make([]setEntry, size)
	s.fill = s.used
	for _, e := range old {
		if e.key != nil {
			s.insertClean(e)
		}
	}
}

func (s *Set) insertClean(e setEntry) {
	mask := uint64(len(s.table) - 1)
	perturb := uint64(e.hash)
	i := uint64(e.hash) & mask
	for {
		probes := uint64(0)
		if i+linearProbes <= mask {
			probes = linearProbes
		}
		for j := i; j <= i+probes; j++ {
			if s.table[j].key == nil {
				s.table[j] = e
				return
			}
		}
		perturb >>= 5
		i = (i*5 + 1 + perturb) & mask
	}
}

// Has reports whether key is an element.
func (s *Set) Has(in *Interp, key Value) (bool, error) {
	hash, err := in.Hash(key)
	if err != nil {
		return false, err
	}
	at, err := s.locate(in, hash, key)
	return err == nil && s.table[at].key != nil, err
}

// Discard reports whether key was an element.
func (s *Set) Discard(in *Interp, key Value) (bool, error) {
	hash, err := in.Hash(key)
	if err != nil {
		return false, err
	}
	at, err := s.locate(in, hash, key)
	if err != nil || s.table[at].key == nil {
		return false, err
	}
	s.table[at] = setEntry{dead: true}
	s.used--
	s.change++
	return true, nil
}

// Keys lists the elements in CPython's order of iteration.
func (s *Set) Keys() []Value {
	keys := make([]Value, 0, s.used)
	for _, e := range s.table {
		if e.key != nil {
			keys = append(keys, e.key)
		}
	}
	return keys
}

// Hash of a frozenset does not depend on order.
func (s *Set) Hash(in *Interp) (int64, error) {
	if !s.frozen {
		return 0, unhashable(s)
	}
	var h uint64
	for _, e := range s.table {
		if e.key != nil {
			x := uint64(e.hash)
			h ^= ((x ^ 89869747) ^ (x << 16)) * 3644798167
		}
	}
	h ^= (uint64(s.used) + 1) * 1927868237
	return int64(h ^ h>>11 ^ h>>25), nil
}

// SetOf collects values into a set.
func (in *Interp) SetOf(frozen bool, v Value) (*Set, error) {
	s := NewSet(frozen)
	if v == nil {
		return s, nil
	}
	return s, in.Each(v, func(x Value) error {
		_, err := s.Add(in, x)
		return err
	})
}
