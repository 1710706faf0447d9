package expert_test

import (
	"context"
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert"
)

// The workflow of the paper, Fig. 2, as a picture.
func ExampleWorkflow() {
	fmt.Print(expert.Workflow(nil, expert.WorkflowOptions{}).Mermaid())
	// Output:
	// flowchart TD
	//   n_wish{{"prosumer's wish"}}
	//   n_model["model generation expert"]
	//   n_atoms["model generation expert: atoms"]
	//   n_retrieve["retrieval"]
	//   n_code["code generation expert"]
	//   n_run{{"sandbox"}}
	//   n_trade["energy trading integration expert"]
	//   n_check{{"sandbox, with trade"}}
	//   n_correct{{"iterative correction expert"}}
	//   n_plan["strategy"]
	//   n_end(["end"])
	//   n_wish --> n_model
	//   n_wish --> n_wish
	//   n_model --> n_atoms
	//   n_atoms --> n_retrieve
	//   n_retrieve --> n_code
	//   n_code --> n_run
	//   n_run --> n_trade
	//   n_run --> n_correct
	//   n_run --> n_end
	//   n_trade --> n_check
	//   n_check --> n_plan
	//   n_check --> n_correct
	//   n_check --> n_end
	//   n_correct --> n_run
	//   n_correct --> n_check
	//   n_plan --> n_end
}

// An expert's program is run for a state in the sandbox.
func ExampleProgram_Parts() {
	home := &community.Prosumer{Name: "home", PeakLoadKW: 5, PowerFactor: 1}
	program, err := expert.NewProgram(`
import cvxpy as cp

def prosumer(state):
    t = state["current_time"]
    load, price = state["P_(t)_(Load)"][t:], state["lambda_(t)_(B)"][t:]
    P_Grid, P_P2P = cp.Variable(96 - t, nonneg=True), cp.Variable(96 - t)
    P_EX = -P_Grid - P_P2P
    fee = state["lambda_(DSO)"] * cp.sum(cp.abs(P_P2P)) * 0.25
    return {}, price @ P_Grid * 0.25 + fee, [P_EX == -load], P_EX, -state["Q_(t)_(Load)"][t:], P_P2P
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	day := make([]float64, 96)
	state := &expert.State{CurrentTime: 92, BuyPerKWh: day, SellPerKWh: day, LoadKW: day, LoadKvar: day}
	parts, err := program.Parts(context.Background(), home, state)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("P_EX has the shape", parts.ExchangeKW.Shape(), "and there are", len(parts.Constraints), "constraints")
	// Output: P_EX has the shape (4,) and there are 1 constraints
}
