package market

import (
	"cmp"
	"math"
	"slices"
)

// order is what one prosumer offers or wants at a price limit.
type order struct {
	prosumer int
	limit    float64 // per kWh: least a seller takes, most a buyer gives
	kW       float64
}

// doubleAuction is a call auction with one price for all: sellers ask for their
// marginal cost, at least what the grid pays and the fee; buyers bid their
// marginal value, at most what the grid asks less the fee. Orders are matched
// from the cheapest ask and the highest bid up to where they cross; the price
// is the midpoint of the last two that met. Orders at the same limit share in
// proportion where there is not enough for all, so nobody's place in the list
// matters.
func doubleAuction(q Quote, exchangeKW []float64, bids *Bids, out *Clearing) float64 {
	lo, hi, _ := q.Band()
	for i, x := range exchangeKW {
		switch {
		case x > 0:
			ask := lo
			if bids != nil {
				ask = max(ask, known(bids.MarginalCostPerKWh, i, lo))
			}
			out.sellers = append(out.sellers, order{i, ask, x})
		case x < 0:
			bid := hi
			if bids != nil {
				bid = min(bid, known(bids.MarginalValuePerKWh, i, hi))
			}
			out.buyers = append(out.buyers, order{i, bid, -x})
		}
	}
	slices.SortFunc(out.sellers, func(a, b order) int {
		return cmp.Or(cmp.Compare(a.limit, b.limit), a.prosumer-b.prosumer)
	})
	slices.SortFunc(out.buyers, func(a, b order) int {
		return cmp.Or(cmp.Compare(b.limit, a.limit), a.prosumer-b.prosumer)
	})

	ask, bid := 0.0, 0.0
	i, j := 0, 0
	offered, wanted := out.sellers[0].kW, out.buyers[0].kW
	for i < len(out.sellers) && j < len(out.buyers) && out.sellers[i].limit <= out.buyers[j].limit {
		ask, bid = out.sellers[i].limit, out.buyers[j].limit
		kW := min(offered, wanted)
		out.TradedKW += kW
		offered -= kW
		wanted -= kW
		if offered == 0 {
			if i++; i < len(out.sellers) {
				offered = out.sellers[i].kW
			}
		}
		if wanted == 0 {
			if j++; j < len(out.buyers) {
				wanted = out.buyers[j].kW
			}
		}
	}
	fill(out.sellers, ask, out.TradedKW, -1, out.P2PKW)
	fill(out.buyers, bid, out.TradedKW, +1, out.P2PKW)
	return (ask + bid) / 2
}

// fill gives orders, best first, their part of kW: all to those with a better
// limit than the last that met, the rest in proportion to those at it.
func fill(orders []order, last, kW, sign float64, p2pKW []float64) {
	if kW == 0 {
		return
	}
	first := 0
	for orders[first].limit != last {
		p2pKW[orders[first].prosumer] = sign * orders[first].kW
		kW -= orders[first].kW
		first++
	}
	at, total := first, 0.0
	for ; at < len(orders) && orders[at].limit == last; at++ {
		total += orders[at].kW
	}
	share := min(max(kW/total, 0), 1)
	for _, o := range orders[first:at] {
		p2pKW[o.prosumer] = sign * share * o.kW
	}
}

// known returns values[i], or the fallback where there is none.
func known(values []float64, i int, fallback float64) float64 {
	if values == nil || math.IsNaN(values[i]) {
		return fallback
	}
	return values[i]
}
