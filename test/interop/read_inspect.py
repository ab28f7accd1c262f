"""Reads a folder of logs by Inspect AI's own listing, reader, bundle and data frames, and prints what they show."""

import contextlib
import json
import sys
import tempfile
from pathlib import Path

with contextlib.redirect_stdout(sys.stderr):
    from inspect_ai.analysis import evals_df, events_df, messages_df, samples_df
    from inspect_ai.log import bundle_log_dir, list_eval_logs, read_eval_log

    folder = sys.argv[1]
    listed = list_eval_logs(folder)
    logs = [read_eval_log(info) for info in listed]
    evals, samples = evals_df(folder), samples_df(folder)
    messages, events = messages_df(folder), events_df(folder)
    with tempfile.TemporaryDirectory() as bundle:
        bundle_log_dir(folder, output_dir=f"{bundle}/out")
        bundled = sorted(str(path.relative_to(f"{bundle}/out/logs")) for path in Path(f"{bundle}/out/logs").rglob("*.json"))

hollow = sorted(
    {
        field
        for log in logs
        for sample in log.samples or []
        for field in ("messages", "events", "model_usage", "scores", "started_at", "completed_at")
        if not getattr(sample, field)
    }
)
print()
print(
    json.dumps(
        {
            "tasks": sorted({info.task for info in listed}),
            "ids": sorted(info.task_id for info in listed),
            "bundled": bundled,
            "hollow": hollow,
            "logs": {
                log.eval.metadata["candidate"]: {
                    "status": log.status,
                    "model": log.eval.model,
                    "tags": log.eval.tags,
                    "completed_at": log.stats.completed_at,
                    "samples": {
                        f"{sample.id}/{sample.epoch}": {
                            "scores": {name: score.value for name, score in (sample.scores or {}).items()},
                            "explanations": [score.explanation for score in (sample.scores or {}).values()],
                            "answers": [message.text for message in sample.messages if message.role == "assistant"],
                            "models": [event.model for event in sample.events if event.event == "model"],
                            "verdicts": [event.result for event in sample.events if event.event == "tool"],
                            "tokens": sum(usage.total_tokens for usage in sample.model_usage.values()),
                            "total_time": sample.total_time,
                            "risk": sample.metadata["risk"],
                        }
                        for sample in log.samples or []
                    },
                }
                for log in logs
            },
            "frames": {
                "evals": {"rows": len(evals), "accuracy": dict(zip(evals["model"], evals["score_slot_pass_accuracy"].fillna(-1)))},
                "samples": {"rows": len(samples), "columns": list(samples.columns)},
                "messages": {"rows": len(messages), "roles": messages["role"].value_counts().to_dict()},
                "events": {"rows": len(events), "kinds": events["event"].value_counts().to_dict()},
            },
        },
        default=str,
    )
)
