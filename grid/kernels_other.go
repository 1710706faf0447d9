//go:build !amd64 || purego

package grid

// scalarKernels and vectorKernels list what this machine can run, best first.
func scalarKernels() []scalarKernel { return []scalarKernel{goKernel} }
func vectorKernels() []vectorKernel { return nil }
