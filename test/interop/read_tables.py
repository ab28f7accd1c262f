"""Loads the tables by pandas and polars, as docs/REPORT_FORMATS.md does, and prints what they say."""

import json
import sys

import pandas as pd
import polars as pl

folder = sys.argv[1]
trials = pd.read_parquet(f"{folder}/trials.parquet")
csv = pd.read_csv(f"{folder}/trials.csv", dtype={"slot_pass": "boolean", "final_pass": "boolean", "pass_at_1": "boolean"})
frame = pl.read_parquet(f"{folder}/trials.parquet")
counted = trials[(trials.standing == "counted") & trials.slot_pass.notna()]
print(
    json.dumps(
        {
            "rows": [len(trials), len(csv), frame.height],
            "schema": {name: str(dtype) for name, dtype in frame.schema.items()},
            "means": {name: float(mean) for name, mean in counted.groupby("candidate").slot_pass.mean().items()},
            "nulls": [int(trials.slot_pass.isna().sum()), int(csv.slot_pass.isna().sum()), frame["slot_pass"].null_count()],
            "model_ms": [float(trials.model_ms.sum()), float(csv.model_ms.sum())],
        }
    )
)
