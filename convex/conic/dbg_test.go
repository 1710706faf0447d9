package conic

import (
	"context"
	"fmt"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	var k int
	fmt.Sscan(os.Getenv("K"), &k)
	p := draw(k)
	r, _ := Solve(context.Background(), p.Problem, Settings{})
	fmt.Println(r.Status, r.Objective, p.optimum, Check(p.Problem, r))
}
