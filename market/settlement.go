package market

import (
	"cmp"
	"math"
	"slices"
)

// Bill is what one prosumer owes for a step or a sum of steps, in whole
// thousandths of the currency; negative amounts are paid to it. Energy is
// metered in whole Wh.
//
// Over all prosumers of a step P2PWh and P2PMilli sum to exactly zero. Each
// bill adds up, Total = Grid + P2P + Fee + Rounding, and is never above
// AloneMilli, since the same rounding is applied to both totals and prices
// leave no room for a loss. RoundingMilli, at most two thousandths a step
// either way, is what whole numbers cost; the network operator bears it.
type Bill struct {
	ExchangeWh int64 // > 0 injected
	P2PWh      int64 // > 0 bought from peers
	GridWh     int64 // > 0 bought from the grid; ExchangeWh = -GridWh - P2PWh

	GridMilli     int64
	P2PMilli      int64
	FeeMilli      int64
	RoundingMilli int64
	TotalMilli    int64
	// AloneMilli is what the same exchange would have cost without trade.
	AloneMilli int64
}

// Add adds another step to the bill.
func (b *Bill) Add(step Bill) {
	b.ExchangeWh += step.ExchangeWh
	b.P2PWh += step.P2PWh
	b.GridWh += step.GridWh
	b.GridMilli += step.GridMilli
	b.P2PMilli += step.P2PMilli
	b.FeeMilli += step.FeeMilli
	b.RoundingMilli += step.RoundingMilli
	b.TotalMilli += step.TotalMilli
	b.AloneMilli += step.AloneMilli
}

// Settle turns the clearing of a step of so many hours into bills, one per
// prosumer, in bills (which it returns, grown where it is too short).
//
// Prices are taken in whole millionths per kWh, so that every amount is a whole
// number of billionths and all comparisons are exact; only then are amounts
// rounded to thousandths. Of the amounts among peers those with the largest
// remainder are rounded up, as many as it takes for their sum to be zero.
func Settle(q Quote, c *Clearing, hours float64, bills []Bill) []Bill {
	n := len(c.P2PKW)
	bills = slices.Grow(bills[:0], n)[:n]
	price := priceOf(q, c)
	for i := range bills {
		bills[i] = Bill{ExchangeWh: whole((-c.GridKW[i] - c.P2PKW[i]) * hours * whPerKWh)}
	}
	if price.trade {
		shareWh(c, hours, bills)
	}

	owed := make([]part, n)
	for i := range bills {
		b := &bills[i]
		b.GridWh = -b.ExchangeWh - b.P2PWh
		owed[i] = newPart(i, b.P2PWh*price.peer)
	}
	roundToSum(owed, 0)
	for i := range bills {
		b := &bills[i]
		grid, p2p, fee := price.grid(b.GridWh), b.P2PWh*price.peer, abs(b.P2PWh)*price.fee
		b.GridMilli = milli(grid)
		b.P2PMilli = owed[i].whole
		b.FeeMilli = milli(fee)
		b.TotalMilli = milli(grid + p2p + fee)
		b.RoundingMilli = b.TotalMilli - b.GridMilli - b.P2PMilli - b.FeeMilli
		b.AloneMilli = milli(price.grid(-b.ExchangeWh))
	}
	return bills
}

const (
	whPerKWh      = 1e3
	nanosPerMilli = 1_000_000 // Wh times millionths per kWh are billionths
)

// microPrices are prices in whole millionths of money per kWh.
type microPrices struct {
	buy, sell, fee, peer int64
	trade                bool // something is traded, and the band is not empty
}

func priceOf(q Quote, c *Clearing) microPrices {
	p := microPrices{buy: whole(q.Buy * 1e6), sell: whole(q.Sell * 1e6), fee: whole(q.Fee * 1e6)}
	lo, hi := p.sell+p.fee, p.buy-p.fee
	if p.trade = c.TradedKW > 0 && lo <= hi; p.trade {
		p.peer = min(max(whole(c.PricePerKWh*1e6), lo), hi)
	}
	return p
}

// grid returns what so many Wh from the grid (> 0) or to it cost, in billionths.
func (p microPrices) grid(wh int64) int64 {
	if wh > 0 {
		return wh * p.buy
	}
	return wh * p.sell
}

// shareWh sets P2PWh to the trades of c in whole Wh, both sides the same and
// nobody above what was metered.
func shareWh(c *Clearing, hours float64, bills []Bill) {
	var sides [2][]part // sellers, buyers
	var room [2]int64
	for i, kW := range c.P2PKW {
		if kW == 0 {
			continue
		}
		side := 0
		if kW > 0 {
			side = 1
		}
		wh := math.Abs(kW) * hours * whPerKWh
		metered, down := abs(bills[i].ExchangeWh), math.Floor(wh)
		sides[side] = append(sides[side], part{index: i, whole: int64(down), remainder: wh - down, most: metered})
		room[side] += metered
	}
	traded := min(room[0], room[1], whole(c.TradedKW*hours*whPerKWh))
	for side, sign := range []int64{-1, +1} {
		roundToSum(sides[side], traded)
		for _, p := range sides[side] {
			bills[p.index].P2PWh = sign * p.whole
		}
	}
}

// part is one summand of a sum that has to come out whole.
type part struct {
	index     int
	whole     int64 // rounded down
	remainder float64
	most      int64
}

// newPart splits billionths into whole thousandths, rounded down, and the rest.
func newPart(index int, nanos int64) part {
	w := nanos / nanosPerMilli
	if nanos%nanosPerMilli < 0 {
		w--
	}
	return part{index: index, whole: w, remainder: float64(nanos - w*nanosPerMilli), most: math.MaxInt64}
}

// roundToSum raises those with the largest remainder by one until the parts
// sum to total (Hamilton's method), or lowers those with the smallest where
// the sum is above it; ties go by index. It needs a total that the parts'
// limits allow.
func roundToSum(parts []part, total int64) {
	for _, p := range parts {
		total -= p.whole
	}
	if total == 0 {
		return
	}
	step := int64(1)
	if total < 0 {
		step = -1
	}
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(-int(step)*cmp.Compare(a.remainder, b.remainder), a.index-b.index)
	})
	for total != 0 {
		for i := range parts {
			p := &parts[i]
			if next := p.whole + step; total != 0 && next <= p.most && (step > 0 || next >= 0) {
				p.whole = next
				total -= step
			}
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return a.index - b.index })
}

// milli rounds billionths to thousandths, halves up: monotone, so that a
// smaller amount never becomes the larger.
func milli(nanos int64) int64 {
	w := (nanos + nanosPerMilli/2) / nanosPerMilli
	if (nanos+nanosPerMilli/2)%nanosPerMilli < 0 {
		w--
	}
	return w
}

func whole(x float64) int64 { return int64(math.Round(x)) }

func abs(x int64) int64 { return max(x, -x) }
