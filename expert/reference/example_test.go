package reference_test

import (
	"context"
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// hour is what a shop with a battery expects of the next hour.
func hour() (*community.Prosumer, *reference.State, []float64, []float64) {
	shop := &community.Prosumer{
		Name: "shop", PowerFactor: 1,
		BESS: &community.BESS{MinKW: -50, MaxKW: 50, EnergyKWh: 100, Efficiency: 0.9, SOCMin: 0.1, SOCMax: 0.9, MaintenancePerKWh: 0.02},
	}
	state := &reference.State{SOC: 0.5, LoadKW: []float64{40, 40, 40, 40}, LoadKvar: make([]float64, 4)}
	buy, sell := []float64{0.4, 0.4, 1.2, 1.2}, []float64{0.3, 0.3, 0.3, 0.3}
	return shop, state, buy, sell
}

// A prosumer without peers makes the best of the prices: it charges while energy
// is cheap and covers its own load while it is dear.
func ExampleAlone() {
	shop, state, buy, sell := hour()
	model, err := reference.NewAlone(shop, 4, reference.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	strategy, err := model.Solve(context.Background(), state, buy, sell, 0.4)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sp := range strategy.SetPoints {
		fmt.Printf("%d kW ", int(math.Round(sp.BESSKW)))
	}
	fmt.Printf("costs %.2f\n", strategy.Cost)
	// Output: 0 kW 0 kW -40 kW -40 kW costs 17.29
}

// A wish that cannot come true is explained: which rows stand against each other,
// and by how much the least has to give way.
func ExampleNewAlone_wish() {
	shop, state, buy, sell := hour()
	full := func(m *reference.Model) *convex.Constraint {
		return m.BESS.SOC.At(3).GE(0.9).Named("full within the hour")
	}
	shop.BESS.MaxKW = 20
	model, err := reference.NewAlone(shop, 4, reference.Options{}, full)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = model.Solve(context.Background(), state, buy, sell, 0.4)
	fmt.Println(err)
	// Output: shop: convex: infeasible: no point satisfies all constraints: shop.P_discharge_MW[0] >= 0 to shop.P_discharge_MW[3] >= 0, shop.charger[0] (shop.P_charge_MW[0] <= 0.02) to shop.charger[3], shop.storage[0] (2.25 shop.P_charge_MW[0] - 2.778 shop.P_discharge_MW[0] - shop.SOC[0] == -0.5) to shop.storage[3], full within the hour (shop.SOC[3] >= 0.9) cannot hold together; the least relaxation is shop.charger[3] by 0.09778
}
