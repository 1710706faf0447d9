package py

// Dict is a dict: it keeps the order in which keys came.
type Dict struct {
	entries []dictEntry
	index   []int32 // open addressing; 0 is free, i+1 names entries[i]
	used    int
	version int // grows when keys come or go: iteration notices
	class   *Type

	// Default makes the value of d[key] for an absent key (defaultdict).
	Default func(in *Interp, key Value) (Value, error)
	// Note is the default factory as the program gave it.
	Note Value
}

type dictEntry struct {
	hash       int64
	key, value Value // key is nil where deleted
}

// Type is dict or a subclass of it.
func (d *Dict) Type() *Type {
	if d.class != nil {
		return d.class
	}
	return DictType
}

// NewDict makes an empty dict.
func NewDict() *Dict { return &Dict{} }

const smallDict = 8 // up to here a linear search is faster than an index

// find returns the place of key in entries, -1 where absent.
func (d *Dict) find(in *Interp, hash int64, key Value) (int, error) {
	if d.index == nil {
		for i := range d.entries {
			e := &d.entries[i]
			if e.hash != hash || e.key == nil {
				continue
			}
			if eq, err := in.same(e.key, key); eq || err != nil {
				return i, err
			}
		}
		return -1, nil
	}
	mask := uint64(len(d.index) - 1)
	perturb := uint64(hash)
	at := uint64(hash) & mask
	for n := 0; ; n++ {
		i := d.index[at]
		if i == 0 {
			return -1, nil
		}
		if e := &d.entries[i-1]; e.hash == hash && e.key != nil {
			if eq, err := in.same(e.key, key); eq || err != nil {
				return int(i - 1), err
			}
		}
		if n > 8 { // a program that provokes collisions pays for them
			if err := in.Step(1); err != nil {
				return -1, err
			}
		}
		perturb >>= 5
		at = (at*5 + perturb + 1) & mask
	}
}

// same is identity or equality, as containers compare.
func (in *Interp) same(a, b Value) (bool, error) {
	if x, ok := a.(Str); ok {
		if y, ok := b.(Str); ok {
			return x == y, nil
		}
	}
	if is(a, b) {
		return true, nil
	}
	return in.Equal(a, b)
}

func (d *Dict) place(i int) {
	e := &d.entries[i]
	mask := uint64(len(d.index) - 1)
	perturb := uint64(e.hash)
	at := uint64(e.hash) & mask
	for d.index[at] != 0 {
		perturb >>= 5
		at = (at*5 + perturb + 1) & mask
	}
	d.index[at] = int32(i + 1)
}

// rebuild drops deleted entries and makes an index of fitting size.
func (d *Dict) rebuild() {
	kept := d.entries[:0]
	for _, e := range d.entries {
		if e.key != nil {
			kept = append(kept, e)
		}
	}
	clear(d.entries[len(kept):])
	d.entries = kept
	if len(kept) <= smallDict {
		d.index = nil
		return
	}
	size := 32
	for size < len(kept)*3 {
		size *= 2
	}
	d.index = make([]int32, size)
	for i := range d.entries {
		d.place(i)
	}
}

// Len is the number of keys.
func (d *Dict) Len(*Interp) (int, error) { return d.used, nil }

// Get returns nil where the key is absent.
func (d *Dict) Get(in *Interp, key Value) (Value, error) {
	hash, err := in.Hash(key)
	if err != nil {
		return nil, err
	}
	i, err := d.find(in, hash, key)
	if i < 0 || err != nil {
		return nil, err
	}
	return d.entries[i].value, nil
}

// GetStr is Get for a name, without an interpreter.
func (d *Dict) GetStr(name string) Value {
	v, _ := d.Get(Detached(), Str(name)) // strings hash and compare without error
	return v
}

// Set binds key to v.
func (d *Dict) Set(in *Interp, key, v Value) error {
	hash, err := in.Hash(key)
	if err != nil {
		return err
	}
	i, err := d.find(in, hash, key)
	if err != nil {
		return err
	}
	if i >= 0 {
		d.entries[i].value = v
		return nil
	}
	if err := in.Alloc(6 * valueSize); err != nil {
		return err
	}
	d.insert(hash, key, v)
	return nil
}

func (d *Dict) insert(hash int64, key, v Value) {
	d.used++
	d.version++
	d.entries = append(d.entries, dictEntry{hash, key, v})
	switch {
	case d.index == nil && len(d.entries) > smallDict, d.index != nil && len(d.entries)*3 > len(d.index)*2:
		d.rebuild()
	case d.index != nil:
		d.place(len(d.entries) - 1)
	}
}

// SetStr binds a name. It is for building dicts in Go: no budget is asked.
func (d *Dict) SetStr(name string, v Value) {
	_ = d.Set(Detached(), Str(name), v)
}

// Delete removes key and returns its value, nil where it was absent.
func (d *Dict) Delete(in *Interp, key Value) (Value, error) {
	hash, err := in.Hash(key)
	if err != nil {
		return nil, err
	}
	i, err := d.find(in, hash, key)
	if i < 0 || err != nil {
		return nil, err
	}
	return d.deleteAt(i), nil
}

func (d *Dict) deleteAt(i int) Value {
	v := d.entries[i].value
	d.used--
	d.version++
	if i == len(d.entries)-1 && d.index == nil {
		d.entries = d.entries[:i]
		return v
	}
	d.entries[i].key, d.entries[i].value = nil, nil
	if len(d.entries) > 32 && d.used < len(d.entries)/4 {
		d.rebuild()
	}
	return v
}

// Clear removes all keys.
func (d *Dict) Clear() { d.entries, d.index, d.used, d.version = nil, nil, 0, d.version+1 }

// Range calls f for each key until it returns false.
func (d *Dict) Range(f func(key, value Value) bool) {
	for i := 0; i < len(d.entries); i++ {
		if e := d.entries[i]; e.key != nil && !f(e.key, e.value) {
			return
		}
	}
}

// Keys lists the keys in order.
func (d *Dict) Keys() []Value {
	keys := make([]Value, 0, d.used)
	for _, e := range d.entries {
		if e.key != nil {
			keys = append(keys, e.key)
		}
	}
	return keys
}

// Copy makes a shallow copy.
func (d *Dict) Copy(in *Interp) (*Dict, error) {
	if err := in.AllocN(len(d.entries), 6*valueSize); err != nil {
		return nil, err
	}
	c := &Dict{used: d.used, class: d.class, Default: d.Default, Note: d.Note}
	c.entries = append([]dictEntry(nil), d.entries...)
	c.rebuild()
	return c, nil
}
