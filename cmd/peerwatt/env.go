package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/env"
)

func envCommand() *cobra.Command {
	var world worldFlags
	var observation string
	var stdio, withoutTrade, endOnCollapse bool
	cmd := &cobra.Command{
		Use:   "env --stdio",
		Short: "Offer the environment to a program in any language",
		Long: `env --stdio plays the community for another program: it reads requests from
standard input and writes replies to standard output, one JSON object on a line,
one reply for each request, in order.

REQUESTS

  {"type":"spec"}
      What there is to play with; see below.
  {"type":"reset","day":"2015-07-01","soc":0.5,"trade":true}
      Opens a day. soc, every battery's state of charge at the start, and trade
      may be left out; they are then 0.5 and what the flags say.
  {"type":"step","action":[[0,1,0,-0.5,-1], ...]}
      Takes one row per agent, in the order of the spec: generator, renewables'
      active and reactive power, battery (> 0 charges), load shed. -1 and 1 are
      the ends of what the device can do now, values between are linear, values
      beyond are clipped. Components of devices that an agent lacks, or that can
      do only one thing now, have no effect. "step":N may be added: then it is
      an error if N is not the present step.
  {"type":"observe"}
      Repeats the present observation.
  {"type":"close"}
      Ends the session. The end of the input does the same.

REPLIES

  {"type":"spec", "protocol":1, "community", "network", "year", "source",
   "currency", "steps_per_day":96, "step_hours":0.25,
   "components":  the names of an agent's action components,
   "features":    [{"name","unit","scaled_by"}, ...], the entries of an agent's observation,
   "agents":      [{"name","type","bus","owns","offset","scale"}, ...]
                  owns: 1 for components whose device the agent has;
                  an observation entry is (value - offset) / scale,
   "days":        {"train":[dates],"validate":[dates],"test":[dates]}}
  {"type":"observation", "day", "step":0..96, "done",
   "observation": one row per agent,
   "mask":        one row per agent: 1 where an action has an effect now,
   "outcome":     of the step just taken; missing after a reset:
      "reward"          shared by all agents: - delta (cost - stored_value) - penalty
      "cost"            money this step, all prosumers
      "stored_value"    with the last step: the change of stored energy over the
                        day, at the day's lowest buy price
      "penalty"         for voltages outside their limits
      "violation", "outside_buses", "excess_pu" (summed), "worst_excess_pu"
      "diverged"        the power flow has no solution (counts as 0 p.u.)
      "terminated"      the day ended early (only with --end-on-collapse)}
  {"type":"error", "line":N, "error":"..."}
      The request on line N made no sense. It changed nothing; go on.
  {"type":"closed"}

Numbers read back exactly: a program gets the same bits as Go code would.
A day is over after step 96: "done" is then true and reset opens another.

A POLICY AS A PROGRAM

Where a policy is asked for, cmd:PROGRAM names a program that speaks the other
side: it reads a spec, then an observation for every step ("step":0 starts a
day), and answers each with one step request, or with
{"type":"error","error":"why"}. In the end it reads {"type":"closed"}.
Whatever is meant for people belongs on its standard error.

  import json, sys
  for line in sys.stdin:
      m = json.loads(line)
      if m["type"] == "observation":
          action = [[-1, 1, 0, 0, -1] for _ in m["observation"]]
          print(json.dumps({"type": "step", "action": action}), flush=True)`,
		Example: `  echo '{"type":"reset","day":"2015-07-01"}' | peerwatt env --stdio
  peerwatt rollout --policy "cmd:python3 policy.py" --day 2015-07-01`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !stdio {
				return badInput(errors.New("env wants --stdio, the one way to speak with it so far (env --help)"))
			}
			w, err := world.open()
			if err != nil {
				return err
			}
			e, err := env.New(w, env.Options{Observation: observation, WithoutTrade: withoutTrade, EndOnCollapse: endOnCollapse})
			if err != nil {
				return badInput(err)
			}
			return env.Serve(cmd.Context(), e, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&stdio, "stdio", false, "speak JSON lines over standard input and output")
	flags.StringVar(&observation, "observation", "paper", "what agents see: paper, eq. (22), or plus, with calendar and forecasts")
	flags.BoolVar(&withoutTrade, "without-trade", false, "forbid trade among peers")
	flags.BoolVar(&endOnCollapse, "end-on-collapse", false, "end a day whose voltages leave 1 p.u. by more than 0.1, charging the rest of it")
	world.add(cmd)
	return cmd
}
