// Writes a golden scenario of a recorded trial beside the policy: what was decided there, or what should have been.
import { dirname, join, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Wish } from "../../core/policy/wish.ts";
import { type RecordedScenario, recordedScenario } from "../../core/replay/recorded-scenario.ts";
import { readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";
import { trialFacts } from "../../core/metrics/summary/trial.ts";
import { trialList } from "../../core/report/trial/list.ts";
import { readGolden } from "../../core/router/golden/scenario.ts";
import type { StoredCapsules } from "../../ports/capsules.ts";
import type { GoldenReader } from "../../ports/policies.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type OpenRuns, openRuns } from "../capsule/open-set.ts";
import type { Places } from "../places.ts";
import { resolveTrial } from "../show/resolve.ts";
import { type ComparePorts, fromWorkingTree } from "./compared.ts";
import { soundScenarios } from "./golden.ts";

export interface ScenarioPorts extends Pick<ComparePorts, "policies" | "clock"> {
  readonly capsules: Pick<StoredCapsules, "open">;
  readonly golden: GoldenReader;
  readonly texts: Pick<TextFiles, "read" | "write" | "shown">;
  readonly places: Pick<Places, "capsule" | "calledAs">;
}

export interface ScenarioRequest {
  readonly policyFile: string;
  readonly run: string;
  /** As `show` takes it. */
  readonly trial: string;
  readonly attempt: number;
  readonly should: Wish;
  /** Null: made of the trial and the wish. */
  readonly name: string | null;
}

export interface AddedScenario extends Omit<RecordedScenario, "text"> {
  readonly name: string;
  readonly file: string;
}

const FILE = "recorded.toml";
const HEAD = "# Decisions of recorded trials that this policy is held to: bakeoff policy scenario add.\nformat = 1\n";

/** Throws `usage` where no scenario can be made of it, or the policy has none of its own, `integrity` for what is no capsule. */
export async function addScenario(ports: ScenarioPorts, request: ScenarioRequest): Promise<AddedScenario> {
  const { policyFile } = request;
  const folder = await ports.golden(policyFile);
  const own = join(dirname(policyFile), "golden");
  if (resolve(folder.path) !== resolve(own))
    throw new BakeoffError(
      "usage",
      `${ports.texts.shown(policyFile)} goes by the scenarios of the package`,
      "copy them into golden/ beside it, or make a home: bakeoff init",
    );
  const { scenarios } = soundScenarios(folder);
  const { snapshot } = await fromWorkingTree(ports, policyFile);
  const capsule = await openRuns(ports.capsules, request.run, (word) => ports.places.capsule(word));
  try {
    const name = request.name ?? `${trialOf(ports, request, capsule).id} of ${capsule.header.run_id}: ${WORDS[request.should]}, attempt ${request.attempt}`;
    if (scenarios.some((one) => one.name === name)) throw new BakeoffError("usage", `there is a scenario ${name} already`, "name this one: --name TEXT");
    const { text, ...made } = scenarioOf(ports, { ...request, name }, capsule, snapshot);
    const file = join(own, FILE);
    const after = `${(await ports.texts.read(file)) ?? HEAD}\n${text}`;
    const { issues } = readGolden([{ path: file, text: after }]);
    if (issues.length > 0) throw new BakeoffError("invariant", `the scenario can't be read again: ${issues[0]?.message ?? ""}`);
    await ports.texts.write(file, after);
    return { ...made, name, file: ports.texts.shown(file) };
  } finally {
    capsule.close();
  }
}

const WORDS: Readonly<Record<Wish, string>> = { "as-it-is": "as it is", cloud: "to the cloud" };

function trialOf({ places }: ScenarioPorts, { run, trial }: ScenarioRequest, capsule: OpenRuns) {
  const list = trialList({ header: capsule.header, trials: [...capsule.trials()].map(trialFacts), named: run, calledAs: places.calledAs });
  const found = capsule.trial(resolveTrial(trial, list, run));
  if (found === null) throw new BakeoffError("usage", `run ${run} has no trial ${trial}`, "bakeoff show RUN lists them");
  return found;
}

function scenarioOf(
  ports: ScenarioPorts,
  request: ScenarioRequest & { readonly name: string },
  capsule: OpenRuns,
  snapshot: Parameters<typeof recordedScenario>[1]["snapshot"],
) {
  const trial = trialOf(ports, request, capsule);
  const stored = readStoredSnapshot(capsule.text(capsule.header.policy.snapshot_hash));
  if (!stored.ok) throw new BakeoffError("usage", `no scenario can be made of ${trial.id}: ${stored.fault}`, "take a run whose capsule holds its policy");
  const made = recordedScenario({ header: capsule.header, trial }, { stored: stored.snapshot, snapshot }, request);
  if (!made.ok) throw new BakeoffError("usage", `no scenario can be made of ${trial.id}: ${made.fault}`, "name another attempt: --attempt N");
  return made.scenario;
}
