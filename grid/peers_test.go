package grid

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"sync"
	"testing"
)

// The power-flow engines that this package is measured against solve 10,000 rows
// of demand drawn by NumPy. Here the very same rows are drawn again: NumPy's
// SeedSequence and PCG64 (both documented there, PCG64 being O'Neill's XSL-RR
// 128/64 generator of 2014), uniform draws of 53 bits. Per bus and row, demand is
// nominal times U(0.1, 1.1), plus U(-300, 300) kW at twenty buses, rounded to a
// watt. TestPeersDemand holds the rows to the checksum of their file.

const (
	peersRows   = 10_000
	peersSeed   = 20240141
	peersSHA256 = "8adb0921a39d58d1af91f718fa5812db74e32b4673c0c5f28a264a5ee3bbb61a"
)

var peersProsumers = []int{48, 78, 102, 127, 59, 109, 130, 140, 67, 95, 133, 136, 62, 86, 106, 138, 74, 100, 116, 134}

// peersKW returns the rows x 141 demand in kW and kvar.
var peersKW = sync.OnceValues(func() (kW, kvar []float64) {
	const buses = 141
	n := Case141()
	g := newPCG64(peersSeed)
	kW, kvar = make([]float64, peersRows*buses), make([]float64, peersRows*buses)
	watt := func(x float64) float64 { return math.RoundToEven(x*1000) / 1000 }
	share, extra := make([]float64, peersRows*buses), make([]float64, peersRows*buses)
	for i := range share {
		share[i] = 0.1 + g.float64()
	}
	for row := range peersRows {
		for _, id := range peersProsumers {
			extra[row*buses+id-1] = float64(600*g.float64()) - 300
		}
	}
	for row := range peersRows {
		for i, b := range n.Buses {
			at := row*buses + i
			kW[at] = watt(float64(b.DemandKW*share[at])+extra[at]) + 0 // + 0: no -0
			kvar[at] = watt(b.DemandKvar * share[at])
		}
	}
	return kW, kvar
})

// peersDemand is peersKW in p.u.
func peersDemand() (p, q []float64) {
	kW, kvar := peersKW()
	n := Case141()
	p, q = make([]float64, len(kW)), make([]float64, len(kvar))
	for i := range p {
		p[i], q[i] = n.PerUnit(kW[i]), n.PerUnit(kvar[i])
	}
	return p, q
}

func TestPeersDemand(t *testing.T) {
	kW, kvar := peersKW()
	var text bytes.Buffer
	text.WriteString("row")
	for _, c := range "pq" {
		for bus := 1; bus <= 141; bus++ {
			fmt.Fprintf(&text, ",%c_%d", c, bus)
		}
	}
	text.WriteByte('\n')
	line := []byte(nil)
	for row := range peersRows {
		line = strconv.AppendInt(line[:0], int64(row), 10)
		for _, s := range [][]float64{kW, kvar} {
			for _, x := range s[row*141 : (row+1)*141] {
				line = append(line, ',')
				if x == 0 {
					line = append(line, '0')
				} else {
					line = strconv.AppendFloat(line, x, 'f', 3, 64)
				}
			}
		}
		text.Write(append(line, '\n'))
	}
	sum := sha256.Sum256(text.Bytes())
	if got := hex.EncodeToString(sum[:]); got != peersSHA256 {
		t.Errorf("sha256 of the rows is %s, want %s", got, peersSHA256)
	}
}

// pcg64 is numpy.random.PCG64.
type pcg64 struct{ hi, lo, incHi, incLo uint64 }

// newPCG64 seeds as numpy.random.SeedSequence(seed) does, for a seed of one
// 32-bit word.
func newPCG64(seed uint32) *pcg64 {
	const (
		initA, multA = 0x43b0d7e5, 0x931e8875
		initB, multB = 0x8b51f9dd, 0x58f38ded
		mixL, mixR   = 0xca01f9dd, 0x4973f715
	)
	hash := uint32(initA)
	hashmix := func(x uint32) uint32 {
		x ^= hash
		hash *= multA
		x *= hash
		return x ^ x>>16
	}
	pool := [4]uint32{seed}
	for i := range pool {
		pool[i] = hashmix(pool[i])
	}
	for src := range pool {
		for dst := range pool {
			if src != dst {
				x := mixL*pool[dst] - mixR*hashmix(pool[src])
				pool[dst] = x ^ x>>16
			}
		}
	}
	hash = initB
	words := [8]uint32{}
	for i := range words {
		x := pool[i%4] ^ hash
		hash *= multB
		x *= hash
		words[i] = x ^ x>>16
	}
	word := func(i int) uint64 { return uint64(words[2*i]) | uint64(words[2*i+1])<<32 }
	g := &pcg64{}
	g.incHi, g.incLo = word(2)<<1|word(3)>>63, word(3)<<1|1
	g.next()
	carry := uint64(0)
	g.lo, carry = bits.Add64(g.lo, word(1), 0)
	g.hi, _ = bits.Add64(g.hi, word(0), carry)
	g.next()
	return g
}

func (g *pcg64) next() {
	const mulHi, mulLo = 2549297995355413924, 4865540595714422341
	hi, lo := bits.Mul64(g.lo, mulLo)
	hi += g.hi*mulLo + g.lo*mulHi
	carry := uint64(0)
	g.lo, carry = bits.Add64(lo, g.incLo, 0)
	g.hi, _ = bits.Add64(hi, g.incHi, carry)
}

func (g *pcg64) float64() float64 {
	g.next()
	x := bits.RotateLeft64(g.hi^g.lo, -int(g.hi>>58))
	return float64(x>>11) / (1 << 53)
}
