package community

// Cost is what one prosumer pays, eq. (14), in the tariff's currency; negative
// parts are earned.
type Cost struct {
	Grid float64 // eq. (15)
	CDG  float64 // eq. (16)
	BESS float64 // eq. (17)
	CL   float64 // eq. (18)
	P2P  float64 // eq. (19), the operator's fee included
}

// Total is eq. (14).
func (c Cost) Total() float64 { return c.Grid + c.CDG + c.BESS + c.CL + c.P2P }

// Add returns the sum of two costs, part by part.
func (c Cost) Add(d Cost) Cost {
	return Cost{c.Grid + d.Grid, c.CDG + d.CDG, c.BESS + d.BESS, c.CL + d.CL, c.P2P + d.P2P}
}

// DeviceCost returns what the prosumer's own devices cost during hours at sp,
// eqs. (16)-(18). Package market adds the other two parts.
func (p *Prosumer) DeviceCost(sp SetPoint, hours float64) Cost {
	var c Cost
	if p.CDG != nil {
		c.CDG = p.CDG.Cost(sp.CDGKW, hours)
	}
	if p.BESS != nil {
		c.BESS = p.BESS.Cost(sp.BESSKW, hours)
	}
	if p.CL != nil {
		c.CL = p.CL.Cost(sp.CLKW, hours)
	}
	return c
}
