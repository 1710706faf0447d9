package nn

// Network is a function from a batch to a batch with parameters that can be
// trained. Implementations are [MLP] and [AttentionCritic].
type Network interface {
	// Params returns the parameters; changing them changes the network.
	Params() *Params
	// In and Out return the number of features of an input and an output.
	In() int
	Out() int
	// NewWork returns the memory that Forward and Backward need for batches of
	// that many samples. One Work serves every network of the same shape, one
	// call at a time. With a pool, calls spread over its workers; the results
	// are the same bits.
	NewWork(batch int, pool *Pool) Work
	// Forward returns the outputs for x. They stay valid until the next
	// Forward with the same Work.
	Forward(w Work, x Matrix) Matrix
	// Backward follows a Forward with the same Work and unchanged parameters
	// and x. From dy, the derivative of a loss with respect to the outputs, it
	// writes the derivative with respect to the parameters to grads, laid out
	// as Params().Data, unless grads is nil; and that with respect to the input
	// features lo to lo+dx.Dim to dx, unless dx is the zero Matrix.
	Backward(w Work, dy Matrix, grads []float32, dx Matrix, lo int)
	// Clone returns a copy with parameters of its own.
	Clone() Network
}

// Work is the scratch memory of one kind of Network, made by its NewWork.
type Work interface{ isWork() }
