package experiment

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Paired compares two policies day by day: weather and customers are the same
// for both, so that their differences spread far less than their costs.
type Paired struct {
	Policy  string `json:"policy"`
	Against string `json:"against"`
	// Difference is the mean over days of cost less cost of the other, money a
	// day: below 0 the policy is cheaper. Its interval is that of the paired
	// t-test, for which days are independent of each other.
	Difference  Estimate        `json:"difference_per_day"`
	CheaperDays int             `json:"cheaper_days"`
	Days        []DayDifference `json:"days"`
}

// DayDifference is the difference of a day: the mean over trainings, and the
// lowest and the highest of them.
type DayDifference struct {
	Date    string  `json:"date"`
	Mean    float64 `json:"difference"`
	Lowest  float64 `json:"lowest"`
	Highest float64 `json:"highest"`
}

// PairedDays compares every policy that was trained with every one that was not.
func PairedDays(rows []Row) []Paired {
	var out []Paired
	groups := groupRows(rows)
	for _, x := range groups {
		for _, y := range groups {
			if x.rows[0].Trained && !y.rows[0].Trained {
				out = append(out, pairDays(x, y))
			}
		}
	}
	return out
}

// pairDays compares a policy with one that has one row for each day.
func pairDays(x, y policyRows) Paired {
	p := Paired{Policy: x.name, Against: y.name}
	base := map[string]float64{}
	for _, r := range y.rows {
		base[r.Date] = r.Cost
	}
	byDay := map[string][]float64{}
	var dates []string
	for _, r := range x.rows {
		if !slices.Contains(dates, r.Date) {
			dates = append(dates, r.Date)
		}
		byDay[r.Date] = append(byDay[r.Date], r.Cost-base[r.Date])
	}
	var means []float64
	for _, date := range dates {
		d := byDay[date]
		mean := stat.Mean(d, nil)
		means = append(means, mean)
		p.Days = append(p.Days, DayDifference{date, mean, slices.Min(d), slices.Max(d)})
		if mean < 0 {
			p.CheaperDays++
		}
	}
	p.Difference = meanEstimate(means)
	return p
}

// meanEstimate is a mean with Student's interval.
func meanEstimate(x []float64) Estimate {
	mean, sd := meanSD(x)
	e := Estimate{Value: mean}
	if n := float64(len(x)); n > 1 {
		half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * sd / math.Sqrt(n)
		e.Interval = &[2]float64{mean - half, mean + half}
	}
	return e
}
