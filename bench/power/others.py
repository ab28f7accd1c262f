"""How often two published gates promote on the same draws: statgate 0.1.1 and evalsig 0.1.2, each as its documentation has it used.

A line of standard input is a cell of the grid, a line of standard output what came of it. `seconds` is the processor time that each gate may
take for a cell: what is drawn after that is left out, and how many were decided is said."""
import json
import sys
import time
import warnings

import evalsig
import statgate

warnings.filterwarnings("ignore")


def by_statgate(rows, cell):
    """Paired, at its own bootstrap; a look is the same gate again."""
    settings = statgate.GateSettings(metric="pass_rate", alpha=2 * cell["alpha"], margin=cell["margin"], resamples=500, permutations=100, seed=1)
    old = [statgate.EvalRecord(case_id=task, passed=bool(other), score=float(other)) for task, _, _, other in rows]
    new = [statgate.EvalRecord(case_id=task, passed=bool(own), score=float(own)) for task, _, own, _ in rows]
    return statgate.evaluate_gate(old, new, settings).interval.low > -cell["margin"]


def by_evalsig(rows, cell):
    """Clustered by family; the bound of a one-sided comparison."""
    items = lambda column: [evalsig.ItemResult(item_id=row[0], score=float(row[column]), cluster_id=str(row[1])) for row in rows]
    frame = lambda name, column: evalsig.RunFrame(run_id=name, model_id=name, task_id="t", metric_name="pass", items=items(column))
    found = evalsig.compare(frame("old", 3), frame("new", 2), cluster="cluster_id", alpha=2 * cell["alpha"], n_resamples=500, rng=1)
    low, high = sorted(found.ci)
    sign = 1 if abs(found.delta - sum(row[2] - row[3] for row in rows) / len(rows)) < 1e-9 else -1
    return (low if sign > 0 else -high) > -cell["margin"]


def by_sequence(rows, cell):
    """Its sequential mode over the tasks as they come, family after family."""
    found = evalsig.sequential_gate([row[2] - row[3] + cell["margin"] for row in rows], alpha=cell["alpha"], alternative="greater")
    return bool(getattr(found, "stopped", False) or getattr(found, "rejected", False) or getattr(found, "reject", False))


def at_looks(gate):
    def promotes(rows, cell):
        looks = cell["looks"]
        return any(gate([row for row in rows if row[1] < round(cell["families"] * (look + 1) / looks)], cell) for look in range(looks))

    return promotes


def share(promotes, cell):
    decided, wrong, until = 0, 0, time.process_time() + cell["seconds"]
    for draw in cell["draws"]:
        decided += 1
        wrong += any(promotes(run, cell) for run in draw)
        if time.process_time() > until:
            break
    return {"share": wrong / decided, "draws": decided}


for line in sys.stdin:
    cell = json.loads(line)
    evalsig_gate = by_sequence if cell["looks"] > 1 else by_evalsig
    print(json.dumps({"statgate": share(at_looks(by_statgate), cell), "evalsig": share(evalsig_gate, cell)}), flush=True)
