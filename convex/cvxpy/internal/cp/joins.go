package cp

import (
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// joins are the atoms that put expressions together.
var joins = []atom{
	{name: "hstack", params: "arg_list", f: func(c *call) (py.Value, error) {
		list, err := c.exprs("arg_list")
		if err != nil {
			return nil, err
		}
		return c.hstack(list)
	}},
	{name: "vstack", params: "arg_list", f: func(c *call) (py.Value, error) {
		list, err := c.exprs("arg_list")
		if err != nil {
			return nil, err
		}
		return c.vstack(list)
	}},
	{name: "concatenate", params: "arg_list, axis=", f: concatenate},
	{name: "stack", params: "arrays, axis=", f: stack},
	{name: "bmat", params: "block_lists", f: bmat},
}

// joinedDims checks that shapes can be joined along an axis, in numpy's words.
func joinedDims(c *call, name string, shapes [][]int, axis int) error {
	_, err := numpy.JoinedShape(shapes, axis)
	if exc := py.AsExc(err); exc != nil {
		return py.ValueError.New("Invalid arguments for cp.%s: %s", name, c.in.Text(exc))
	}
	return err
}

func dimsOf(list []*convex.Expr, least int) [][]int {
	shapes := make([][]int, len(list))
	for k, e := range list {
		shapes[k] = e.Shape().Dims()
		for len(shapes[k]) < least {
			shapes[k] = slices.Insert(shapes[k], 0, 1)
		}
	}
	return shapes
}

func operands(list []*convex.Expr) []any {
	out := make([]any, len(list))
	for k, e := range list {
		out[k] = e
	}
	return out
}

func (c *call) hstack(list []*convex.Expr) (py.Value, error) {
	if len(list) == 0 {
		return nil, py.TypeError.New("No arguments given to Hstack.")
	}
	axis := 1
	shapes := dimsOf(list, 1)
	if len(shapes[0]) == 1 {
		axis = 0
	}
	if err := joinedDims(c, "hstack", shapes, axis); err != nil {
		return nil, err
	}
	return c.result(convex.Hstack(operands(list)...))
}

func (c *call) vstack(list []*convex.Expr) (py.Value, error) {
	if len(list) == 0 {
		return nil, py.TypeError.New("No arguments given to Vstack.")
	}
	if err := joinedDims(c, "vstack", dimsOf(list, 2), 0); err != nil {
		return nil, err
	}
	return c.result(convex.Vstack(operands(list)...))
}

func concatenate(c *call) (py.Value, error) {
	given, ok := c.Get("arg_list").(*py.List)
	if !ok {
		other := c.Get("arg_list")
		if _, isTuple := other.(*py.Tuple); isTuple {
			return nil, py.TypeError.New(`can only concatenate tuple (not "list") to tuple`)
		}
		return nil, py.Unsupported("cvxpy.concatenate of a %s is not supported", other.Type().Name)
	}
	if v := c.Get("axis"); v == py.Value(py.None) {
		return nil, py.Unsupported("cvxpy.concatenate with axis=None is not supported")
	}
	axis, err := c.int("axis", 0)
	if err != nil || axis < 0 {
		return nil, py.AssertionError.New("")
	}
	list, err := c.cast(given.Items)
	if err != nil {
		return nil, err
	}
	return c.concatenate(list, axis)
}

func (c *call) concatenate(list []*convex.Expr, axis int) (py.Value, error) {
	if len(list) == 0 {
		return nil, py.TypeError.New("No arguments given to Concatenate.")
	}
	if err := joinedDims(c, "concatenate", dimsOf(list, 0), axis); err != nil {
		return nil, err
	}
	return c.result(convex.Concatenate(axis, operands(list)...))
}

func stack(c *call) (py.Value, error) {
	list, err := c.exprs("arrays")
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, py.ValueError.New("need at least one array to stack")
	}
	axis, err := c.int("axis", 0)
	if err != nil {
		return nil, py.TypeError.New("axis must be an int; received %s", c.Get("axis").Type().ShortName())
	}
	shape := list[0].Shape()
	var different []string
	for _, e := range list {
		if text := e.Shape().String(); !slices.Contains(different, text) {
			different = append(different, text)
		}
	}
	if len(different) > 1 {
		slices.Sort(different)
		return nil, py.ValueError.New("all input arrays must have the same shape; got [%s]", strings.Join(different, ", "))
	}
	rank := shape.Rank() + 1
	if axis < -rank || axis >= rank {
		return nil, py.ValueError.New("axis %d is out of bounds for result ndim %d", axis, rank)
	}
	if axis < 0 {
		axis += rank
	}
	to, err := shapeOf(slices.Insert(shape.Dims(), axis, 1))
	if err != nil {
		return nil, err
	}
	for k, e := range list {
		list[k] = convex.Reshape(e, to, convex.ColumnMajor)
	}
	return c.concatenate(list, axis)
}

// bmat makes a matrix of blocks; vectors in it are rows.
func bmat(c *call) (py.Value, error) {
	rows, err := c.in.Collect(c.Get("block_lists"))
	if err != nil {
		return nil, err
	}
	done := make([]*convex.Expr, len(rows))
	for k, r := range rows {
		items, err := c.in.Collect(r)
		if err != nil {
			return nil, err
		}
		blocks, err := c.cast(items)
		if err != nil {
			return nil, err
		}
		for i, b := range blocks {
			if rank := b.Shape().Rank(); rank < 2 {
				blocks[i] = convex.Reshape(b, convex.Mat(1, b.Size()), convex.ColumnMajor)
			}
		}
		row, err := c.hstack(blocks)
		if err != nil {
			return nil, err
		}
		done[k] = row.(*Expr).e
	}
	return c.vstack(done)
}
