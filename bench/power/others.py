"""How often two published gates promote on the same draws: statgate 0.1.1 and evalsig 0.1.2, each as its documentation has it used."""
import json
import sys
import warnings

import evalsig
import statgate

warnings.filterwarnings("ignore")
data = json.load(sys.stdin)
alpha, margin, looks, families = data["alpha"], data["margin"], data["looks"], data["families"]


def by_statgate(rows):
    """Paired, at its own bootstrap; a look is the same gate again."""
    settings = statgate.GateSettings(metric="pass_rate", alpha=2 * alpha, margin=margin, resamples=500, permutations=500, seed=1)
    old = [statgate.EvalRecord(case_id=task, passed=bool(other), score=float(other)) for task, _, _, other in rows]
    new = [statgate.EvalRecord(case_id=task, passed=bool(own), score=float(own)) for task, _, own, _ in rows]
    report = statgate.evaluate_gate(old, new, settings)
    return report.interval.low > -margin


def by_evalsig(rows):
    """Clustered by family; the bound of a one-sided comparison."""
    items = lambda column: [evalsig.ItemResult(item_id=row[0], score=float(row[column]), cluster_id=str(row[1])) for row in rows]
    frame = lambda name, column: evalsig.RunFrame(run_id=name, model_id=name, task_id="t", metric_name="pass", items=items(column))
    found = evalsig.compare(frame("old", 3), frame("new", 2), cluster="cluster_id", alpha=2 * alpha, n_resamples=500, rng=1)
    low, high = sorted(found.ci)
    sign = 1 if abs(found.delta - sum(row[2] - row[3] for row in rows) / len(rows)) < 1e-9 else -1
    return (low if sign > 0 else -high) > -margin


def by_sequence(rows):
    """Its sequential mode over the tasks as they come, family after family."""
    found = evalsig.sequential_gate([row[2] - row[3] + margin for row in rows], alpha=alpha, alternative="greater")
    return bool(getattr(found, "stopped", False) or getattr(found, "rejected", False) or getattr(found, "reject", False))


def share(promotes):
    wrong = sum(any(promotes(run) for run in draw) for draw in data["draws"])
    return wrong / len(data["draws"])


def at_looks(gate):
    def promotes(rows):
        return any(gate([row for row in rows if row[1] < round(families * (look + 1) / looks)]) for look in range(looks))

    return promotes


json.dump({"statgate": share(at_looks(by_statgate)), "evalsig": share(by_sequence if looks > 1 else by_evalsig)}, sys.stdout)
