package community

// SetPoint is what a prosumer decides for one step, eq. (21): sums over the
// units of each device, zero where it has none.
type SetPoint struct {
	CDGKW   float64
	RDGKW   float64
	RDGKvar float64 // > 0 injects
	BESSKW  float64 // > 0 charges
	CLKW    float64 // > 0 sheds
}

// Bounds is the interval that a prosumer's set point may take in its present
// state.
type Bounds struct{ Lo, Hi SetPoint }

// Idle returns the set point of a prosumer that controls nothing: renewables
// give what is available, everything else rests.
func (p *Prosumer) Idle(availableKW []float64) SetPoint {
	return SetPoint{RDGKW: sum(availableKW)}
}

// IdleExchange returns what prosumer i of a day, which controls nothing,
// injects in a step, in kW and kvar.
func (p *Prosumer) IdleExchange(day *Day, i, step int) (exchangeKW, exchangeKvar float64) {
	var sp SetPoint
	for _, unit := range day.AvailableKW[i] {
		sp.RDGKW += unit[step]
	}
	return p.Exchange(sp, day.LoadKW[i][step], day.LoadKvar[i][step])
}

// Bounds returns the feasible interval of every set point, eqs. (1)-(3) and
// (5)-(8), after a step at previousCDGKW and with the state of charge soc.
// availableKW holds one value per unit of p.RDGs. The reactive power that is
// possible depends on the active power chosen: RDGKvar is left zero, see
// [Prosumer.ReactiveLimit].
func (p *Prosumer) Bounds(previousCDGKW, soc float64, availableKW []float64, loadKW, hours float64) Bounds {
	var b Bounds
	if p.CDG != nil {
		b.Lo.CDGKW, b.Hi.CDGKW = p.CDG.Feasible(previousCDGKW)
	}
	b.Hi.RDGKW = sum(availableKW)
	if p.BESS != nil {
		b.Lo.BESSKW, b.Hi.BESSKW = p.BESS.Feasible(soc, hours)
	}
	if p.CL != nil {
		b.Lo.CLKW, b.Hi.CLKW = p.CL.Feasible(loadKW)
	}
	return b
}

// ReactiveLimit returns the largest |Q| in kvar of all renewable units
// together when they give rdgKW, split as [Prosumer.Split] does.
func (p *Prosumer) ReactiveLimit(rdgKW float64, availableKW []float64) float64 {
	share := shareOf(rdgKW, sum(availableKW))
	limit := 0.0
	for k := range p.RDGs {
		limit += p.RDGs[k].ReactiveLimit(share*availableKW[k], availableKW[k])
	}
	return limit
}

// Split divides the sums of a set point over the renewable units: active power
// in proportion to what is available, then reactive power in proportion to the
// room that each inverter has left. pKW and qKvar get one value per unit.
func (p *Prosumer) Split(sp SetPoint, availableKW []float64, pKW, qKvar []float64) {
	share := shareOf(sp.RDGKW, sum(availableKW))
	room := 0.0
	for k := range p.RDGs {
		pKW[k] = share * availableKW[k]
		qKvar[k] = p.RDGs[k].ReactiveLimit(pKW[k], availableKW[k])
		room += qKvar[k]
	}
	share = shareOf(sp.RDGKvar, room)
	for k := range p.RDGs {
		qKvar[k] *= share
	}
}

// Exchange returns what the prosumer injects into the network, eqs. (9)-(10),
// in kW and kvar; negative values are taken from it.
func (p *Prosumer) Exchange(sp SetPoint, loadKW, loadKvar float64) (exchangeKW, exchangeKvar float64) {
	return sp.CDGKW + sp.RDGKW + sp.CLKW - loadKW - sp.BESSKW, sp.RDGKvar - loadKvar
}

func shareOf(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}
