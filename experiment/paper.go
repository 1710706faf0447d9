package experiment

// paperRow is a row of Table IV of the paper: means and standard deviations over
// five trainings on its test days. Its prosumers' ratings are unpublished, so that
// its levels are not ours and only the ranking can be compared.
type paperRow struct {
	algorithm, name        string
	cost, costSD           float64 // CNY
	violation, violationSD float64 // "p.u.", of what is not said
}

// paperTable4 is Table IV: "Comparison of different algorithms on test set".
var paperTable4 = []paperRow{
	{"maddpg", "MADDPG", 6586.45, 340.76, 3.66e-3, 8.47e-4},
	{"maac", "MAAC", 5940.32, 220.49, 2.02e-3, 7.29e-4},
	{"matd3bc", "MATD3+BC", 5489.20, 207.88, 1.61e-3, 2.82e-4},
	{"magail", "MAGAIL", 6380.96, 164.23, 2.82e-3, 9.01e-4},
	{"op", "OP", 5146.27, 146.07, 1.39e-3, 4.05e-4},
	{"op_mh", "OP-MH", 4840.61, 135.31, 1.06e-3, 3.03e-4},
}

// paperRowOf is the paper's row of an algorithm; nil where it has none.
func paperRowOf(algorithm string) *paperRow {
	for i := range paperTable4 {
		if paperTable4[i].algorithm == algorithm {
			return &paperTable4[i]
		}
	}
	return nil
}
