// Package experiment turns a specification into results: it builds the world,
// trains every seed, evaluates what was trained beside policies that need no
// training on the test days, and writes a run directory.
//
// Entry points: [Default] or [ReadSpec] for a [Spec]; [New] and [Run.Create],
// or [Resume], for a [Run] in its directory; then [Run.Train], [Run.Evaluate]
// and [Run.Report]. [Compare] puts several runs side by side. [Evaluate] plays
// any policies on any days and [Summarise] makes the figures that tables show;
// [Improvements] and [PairedDays] say how sure they are. [OpenBudget] leads to the
// [Study] behind a table or figure of the paper: many runs, cell by cell.
//
//	runs/<name>/spec.yaml        the resolved specification
//	            version.json     program, data and machine that made it
//	            seed-1/          a cell: metrics.jsonl, timing.jsonl, policy.bin, checkpoint/
//	            evaluation.csv   a row for every policy, seed and test day
//	            report.html      one self-contained page
//
// Cells are independent and each continues from its checkpoint, so a run may be
// interrupted at any moment, and the same cells may be worked off by several
// processes (see [Run.Cells] and [Join]). The package does not decide, learn or
// price anything itself.
package experiment
