"""Inspect's task: the repairs as samples, its own model call, and a scorer that believes cargo's exit status, as score.cjs does."""

import asyncio
import itertools
import json
import os
import shutil
import subprocess

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import CORRECT, INCORRECT, Score, accuracy, scorer
from inspect_ai.solver import generate

with open(os.environ["PEERS_REPAIRS"], encoding="utf-8") as file:
    REPAIRS = {repair["id"]: repair for repair in json.load(file)}
WARM = os.environ["PEERS_FOLDER"]
COPIES = itertools.count()


def passes(name: str, answer: str) -> bool:
    repair = REPAIRS[name]
    text = repair["broken"]
    for edit in json.loads(answer)["edits"]:
        text = text.replace(edit["search"], edit["replace"])
    folder = WARM
    if os.environ.get("PEERS_COPY") == "1":
        folder = f"{WARM}-{os.getpid()}-{next(COPIES)}"
        subprocess.run(["cp", "-a", WARM, folder], check=True)
    path = os.path.join(folder, repair["path"])
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    words = ["cargo", "test", "--offline", "--quiet", "--workspace", "--lib", "--tests"]
    ended = subprocess.run(words, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if folder == WARM:
        with open(path, "w", encoding="utf-8") as file:
            file.write(repair["clean"])
    else:
        shutil.rmtree(folder)
    return ended.returncode == 0


@scorer(metrics=[accuracy()])
def repaired():
    async def score(state, target):
        passed = await asyncio.to_thread(passes, state.sample_id, state.output.completion)
        return Score(value=CORRECT if passed else INCORRECT)

    return score


@task
def repairs():
    samples = [Sample(id=name, input=repair["prompt"]) for name, repair in REPAIRS.items()]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=repaired())
