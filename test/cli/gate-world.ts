// Sealed capsules made to measure, and a policy that they went by, for tests of the gate's commands.
import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { loadPolicy } from "../../src/adapters/policies/policy-files.ts";
import { registrationLogFile } from "../../src/adapters/capsules/registration-log.ts";
import { recordBegun } from "../../src/app/gate/registration-log.ts";
import { type Header, lineText } from "../../src/core/capsule/line.ts";
import { LOG_NAME } from "../../src/core/gate/registration/log.ts";
import { claimedRegistration } from "../../src/core/gate/registration/registration.ts";
import { MADE_SUITE, madeRun, madeSuiteFiles } from "../unit/app/gate/made-run.ts";
import { easedPolicy } from "../unit/app/gate/world.ts";
import { ROOT } from "./bakeoff.ts";

/** A policy folder in `cwd` that a made run can meet: an own entry for the cloud model and for the alternative. */
export async function layPolicy(cwd: string, change: (text: string) => string = (text) => text): Promise<string> {
  const folder = join(cwd, "policy");
  await mkdir(folder, { recursive: true });
  const text = await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8");
  await writeFile(join(folder, "model_policy.toml"), change(easedPolicy(text)));
  await copyFile(join(ROOT, "policy", "candidates.toml"), join(folder, "candidates.toml"));
  await cp(join(ROOT, "policy", "golden"), join(folder, "golden"), { recursive: true });
  const more = (name: string, provider: string, model: string, effort: string) =>
    `\n[[candidate]]\nname = "${name}"\nprovider = "${provider}"\nmodel = "${model}"\n${effort}max_output_tokens = 2048\nstart = "none"\n`;
  const candidates = await readFile(join(folder, "candidates.toml"), "utf8");
  await writeFile(
    join(folder, "candidates.toml"),
    candidates + more("new-model", "sglang", "new-model", "temperature = 0.0\n") + more("cloud-high", "openai", "gpt-5.2", 'effort = "high"\n'),
  );
  return join(folder, "model_policy.toml");
}

export interface CapsuleSketch {
  readonly runId: string;
  readonly policyFile: string;
  /** Of 24 tasks, how many each candidate passes. */
  readonly passes: Readonly<Record<string, number>>;
  readonly header?: Partial<Header>;
}

/** A sealed capsule in `cwd`/capsules that verifies, whose run the log knows where it began under a registration; gives its path. */
export async function layCapsule(cwd: string, { runId, policyFile, passes, header: changes }: CapsuleSketch): Promise<string> {
  const snapshot = await loadPolicy(policyFile, "2026-11-22T00:00:00.000Z");
  const { header, events, blobs, seal } = await madeRun({
    runId,
    snapshot,
    passes,
    header: { created_at: new Date(Date.now() - 3_600_000).toISOString(), ...changes },
  });
  await recordBegun(registrationLogFile(join(cwd, "reports", "gates", LOG_NAME)), header);
  const path = join(cwd, "capsules", `${runId}.capsule.jsonl`);
  const journal = await createJournal(path, header, blobs);
  await journal.append({ blobs: [], lines: events.map(lineText) });
  // They are in order.
  await journal.seal(
    () => 0,
    () => seal,
  );
  await journal.close();
  return path;
}

/** The suite of made runs as files, so that the built program finds it by its name; gives its name. */
export async function layMadeSuite(cwd: string): Promise<string> {
  for (const [path, text] of madeSuiteFiles()) {
    const file = join(cwd, "suites", MADE_SUITE.name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return MADE_SUITE.name;
}

/** What a header says of the registration in a file. */
export async function registrationIn(file: string): Promise<{ readonly sha256: string }> {
  const claimed = claimedRegistration(await readFile(file, "utf8"));
  if (!claimed) throw new Error(`${file} is no registration`);
  return { sha256: claimed.sha256 };
}
