package grid

import (
	"strings"
	"testing"
)

func twoBuses() *Network {
	return &Network{BaseMVA: 1, BaseKV: 10, Slack: 1, Buses: []Bus{{ID: 1}, {ID: 7, DemandKW: 50}},
		Branches: []Branch{{From: 1, To: 7, ROhm: 0.1}}}
}

func TestReadDemand(t *testing.T) {
	n := twoBuses()
	restP, restQ := n.Demand(2)
	rows, err := n.ReadDemand(strings.NewReader("row,q_7\nnoon, -30\nnight,0\n"), "d.csv", restP, restQ)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows.Labels) != 2 || rows.Labels[0] != "noon" || rows.Labels[1] != "night" ||
		rows.P[1] != 0.1 || rows.P[3] != 0.1 || rows.Q[1] != -0.03 || rows.Q[3] != 0 {
		t.Errorf("%+v", rows)
	}
	for text, want := range map[string]string{
		"":                  "d.csv is empty",
		"p_7\n":             "d.csv has no rows",
		"p_8\n1\n":          "d.csv: column p_8: there is no bus 8",
		"p_7,p_7\n1,2\n":    "d.csv: column p_7 stands twice",
		"load_7\n1\n":       `d.csv: unknown column "load_7"`,
		"p_7\n1\nNaN\n":     `d.csv line 3: p_7 is "NaN"`,
		"p_7,q_7\n1,2\n3\n": "d.csv: record on line 3: wrong number of fields",
	} {
		if _, err := n.ReadDemand(strings.NewReader(text), "d.csv", restP, restQ); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzReadDemand(f *testing.F) {
	f.Add("row,p_7,q_1\nx,1,2\n")
	f.Fuzz(func(t *testing.T, text string) {
		n := twoBuses()
		rows, err := n.ReadDemand(strings.NewReader(text), "d.csv", make([]float64, 2), make([]float64, 2))
		if err == nil && (len(rows.P) != 2*len(rows.Labels) || len(rows.Q) != len(rows.P)) {
			t.Errorf("%+v", rows)
		}
	})
}
