"""Reads a folder of jobs by what Harbor's own viewer scans with, and prints it beside the statistics that Harbor makes of the same trials."""

import json
import sys
from pathlib import Path

from harbor.models.job.result import JobStats
from harbor.viewer.scanner import JobScanner

scanner = JobScanner(Path(sys.argv[1]))
(job,) = scanner.list_jobs()
trials = [scanner.get_trial_result(job, name) for name in scanner.list_trials(job)]
own = scanner.get_job_result(job)
made = JobStats.from_trial_results(trials, n_total_trials=len(trials))


def told(stats):
    return {
        key: {
            "n_trials": one.n_trials,
            "n_errors": one.n_errors,
            "rewards": {name: {str(float(value)): sorted(names) for value, names in values.items()} for name, values in one.reward_stats.items()},
            "exceptions": {name: sorted(names) for name, names in one.exception_stats.items()},
        }
        for key, one in stats.evals.items()
    }


print(
    json.dumps(
        {
            "job": job,
            "config": scanner.get_job_config(job).job_name,
            "agents": [agent.name for agent in scanner.get_job_config(job).agents],
            "stats": told(own.stats),
            "made": told(made),
            "n_total_trials": own.n_total_trials,
            "n_errored_trials": [own.stats.n_errored_trials, made.n_errored_trials],
            "metrics": {key: one.metrics for key, one in own.stats.evals.items()},
            "trials": [
                {
                    "config": scanner.get_trial_config(job, trial.trial_name).trial_name,
                    "agent": trial.agent_info.name,
                    "task": trial.task_name,
                    "id": trial.agent_result.metadata["trial"],
                    "uri": trial.trial_uri,
                    "checksum": trial.task_checksum,
                    "reward": trial.verifier_result.rewards["reward"] if trial.verifier_result else None,
                    "cost": trial.agent_result.cost_usd,
                    "seconds": (trial.finished_at - trial.started_at).total_seconds(),
                }
                for trial in trials
            ],
        }
    )
)
