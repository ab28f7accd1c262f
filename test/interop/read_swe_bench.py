"""Reads predictions and reports by SWE-bench's own harness, from the folder where it would have written them."""

import contextlib
import json
import os
import sys
from pathlib import Path

os.chdir(f"{sys.argv[1]}/swe-bench")
with contextlib.redirect_stdout(sys.stderr):
    from swebench.harness.reporting import make_run_report
    from swebench.harness.utils import get_predictions_from_file

    seen = {}
    for file in sorted(Path(".").glob("predictions-*.jsonl")):
        predictions = {one["instance_id"]: one for one in get_predictions_from_file(str(file), "", "")}
        model = next(iter(predictions.values()))["model_name_or_path"]
        run = file.stem.removeprefix(f"predictions-{model}-")
        report = json.loads(make_run_report(predictions, [{"instance_id": one} for one in predictions], run).read_text())
        seen[model] = {
            "resolved": report["resolved_ids"],
            "unresolved": report["unresolved_ids"],
            "empty": report["empty_patch_ids"],
            "errors": report["error_ids"],
            "patches": {one["instance_id"]: one["model_patch"] for one in predictions.values()},
        }
print(json.dumps(seen))
