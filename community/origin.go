package community

// origin remembers which file and line every field of a scenario comes from.
type origin struct{}
