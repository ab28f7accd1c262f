// One replay from the words of the command line to its audit: reads what is there, asks nobody, opens no socket.
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { type ComparedRun, compareRuns } from "../../core/replay/counterfactual/comparison.ts";
import { counterfactual } from "../../core/replay/counterfactual/counterfactual.ts";
import { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import { trialFacts } from "../../core/metrics/summary/trial.ts";
import { AuditFigures } from "../../core/report/audit/figures.ts";
import { type Audit, audit } from "../../core/report/audit/model.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { replayRun } from "./run-replay.ts";
import { signatureText } from "../capsule/text.ts";
import { cores, openBench, shelf, world } from "../compose.ts";
import { capsulePath, packageVersion, suiteFolders } from "../places.ts";

export interface ReplayOptions {
  readonly capsule: string;
  readonly reexecute: boolean;
  /** Another policy to decide by. */
  readonly policyFile: string | null;
  /** Another capsule to set beside it. */
  readonly compare: string | null;
  /** Where the run's suite lies, if not among the usual ones. */
  readonly suite: string | null;
  readonly signal: AbortSignal;
  readonly reexecuted: (done: number, total: number) => void;
}

/**
 * Shows the audit to `use`, while the capsule is open for what is written trial by trial. Throws `integrity` where the
 * file can't even be read as a capsule; whatever else is wrong is in the audit.
 */
export async function replaySession<T>(options: ReplayOptions, use: (audit: Audit) => Promise<T>): Promise<T> {
  const verified = new VerifiedTrees();
  // No key is trusted: the report must not depend on who reads it.
  const run = await shelf.openCapsule(capsulePath(options.capsule), [], (line) => {
    options.signal.throwIfAborted();
    verified.add(line);
  });
  try {
    const { header, seal } = run;
    const signature = {
      state: run.signature.state,
      key: "publicKey" in run.signature ? run.signature.publicKey : null,
      detail: signatureText(run.signature),
    };
    const open = options.reexecute ? await openBench(cores(), options.signal) : null;
    const figures = new AuditFigures();
    try {
      const replay = await replayRun(
        {
          run,
          texts: run,
          verified,
          suite: await suiteOf(header, options.suite),
          signature,
          withheld: (hash) => run.isWithheld(hash),
          faults: run.faults.filter(({ check }) => check !== "attachments"),
          diffTool: world.diffTool(options.signal),
          version: packageVersion(),
          bench: open?.bench ?? null,
          signal: options.signal,
          pause: () => world.turn(),
          reexecuted: options.reexecuted,
        },
        figures,
      );
      const parts = { run, figures, replay, seal, signature, version: packageVersion(), holds: (hash: string) => run.holds(hash) };
      return await use(
        audit({
          ...parts,
          counterfactual: options.policyFile === null ? null : counterfactual(run, await world.loadPolicy(options.policyFile, header.created_at)),
          comparison: options.compare === null ? null : compareRuns({ header, trials: figures.facts }, await comparedRun(options.compare)),
        }),
      );
    } finally {
      await open?.close();
    }
  } finally {
    run.close();
  }
}

/** The suite with the recorded root, or why it is not here. A suite that can't be loaded is not the one that was run. */
async function suiteOf({ suite: { name, version, root } }: Header, named: string | null): Promise<Suite | string> {
  const missing = `not reconstructable: suite ${name} ${version}, root ${root}, is not here`;
  try {
    const suite = await world.loadSuite(await world.findSuite(named ?? name, suiteFolders()));
    return suite.root === root ? suite : `${missing} (the one of that name has root ${suite.root})`;
  } catch (error) {
    if (!(error instanceof BakeoffError) || named !== null) throw error;
    return error.code === "usage" ? missing : `${missing} (the one of that name can't be loaded: ${messageOf(error)})`;
  }
}

/** The other capsule must be whole, or nothing can be said beside it. */
async function comparedRun(capsule: string): Promise<ComparedRun> {
  const run = await shelf.openCapsule(capsulePath(capsule), []);
  try {
    const fault = run.faults.find(({ check }) => check !== "attachments");
    if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "replay it by itself first");
    return { header: run.header, trials: Array.from(run.trials(), trialFacts) };
  } finally {
    run.close();
  }
}
