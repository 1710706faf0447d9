//go:build amd64 && !purego

package grid

import "golang.org/x/sys/cpu"

// scalarKernels lists what this machine can run, best first.
func scalarKernels() []scalarKernel {
	if !hasAVX2() {
		return []scalarKernel{goKernel}
	}
	avx2 := scalarKernel{
		name: "avx2", least: 4,
		load: func(p, q []float64, buses int, state []float64) {
			load1(&p[:buses][0], &q[:buses][0], buses, &state[0])
		},
		round: func(steps []step, state []float64) (change float64) {
			round1(&steps[0], len(steps), &state[0], voltageStride(len(steps)+1), &change)
			return change
		},
		store: func(state []float64, buses int, vm []float64) {
			store1(&state[voltageAt(0, buses, 1)], buses, &vm[:buses][0])
		},
	}
	return []scalarKernel{avx2, goKernel}
}

// vectorKernels lists what this machine can run, best first.
func vectorKernels() (list []vectorKernel) {
	if cpu.X86.HasAVX512F {
		list = append(list, vectorKernel{
			name: "avx512", lanes: 8, least: 8,
			load: func(p, q []float64, buses int, state []float64) {
				load8(&p[:8*buses][0], &q[:8*buses][0], buses, &state[0])
			},
			round: func(steps []step, state, change []float64) {
				round8(&steps[0], len(steps), &state[0], voltageStride(len(steps)+1), &change[:8][0])
			},
			store: func(state []float64, buses int, vm []float64) {
				store8(&state[voltageAt(0, buses, 8)], buses, &vm[:8*buses][0])
			},
		})
	}
	if hasAVX2() {
		list = append(list, vectorKernel{
			name: "avx2", lanes: 4, least: 4,
			load: func(p, q []float64, buses int, state []float64) {
				load4(&p[:4*buses][0], &q[:4*buses][0], buses, &state[0])
			},
			round: func(steps []step, state, change []float64) {
				round4(&steps[0], len(steps), &state[0], voltageStride(len(steps)+1), &change[:4][0])
			},
			store: func(state []float64, buses int, vm []float64) {
				store4(&state[voltageAt(0, buses, 4)], buses, &vm[:4*buses][0])
			},
		})
	}
	return list
}

func hasAVX2() bool { return cpu.X86.HasAVX2 && cpu.X86.HasFMA }
