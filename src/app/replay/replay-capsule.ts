// One replay from a stored capsule to its audit: reads what is there, asks nobody, opens no socket.
import { join } from "node:path";
import { withTreeTimes } from "../../core/metrics/summary/attempt-time.ts";
import { trialFacts } from "../../core/metrics/summary/trial.ts";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { signatureText } from "../../core/capsule/proof/statement.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { type ComparedRun, compareRuns } from "../../core/replay/counterfactual/comparison.ts";
import { counterfactual } from "../../core/replay/counterfactual/counterfactual.ts";
import type { SignatureStatus } from "../../core/replay/levels/level.ts";
import { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import { AuditFigures } from "../../core/report/audit/figures.ts";
import { type Audit, type AuditModel, audit } from "../../core/report/audit/model.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { OpenCapsule, StoredCapsules, TrustedKeys } from "../../ports/capsules.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { DiffTool, OpenBench } from "../../ports/workbench.ts";
import type { Places } from "../places.ts";
import { replayRun } from "./run-replay.ts";
import { type AuditPorts, printAudit, writeAuditFiles } from "./write-audit.ts";

export interface ReplayPorts extends AuditPorts {
  readonly capsules: Pick<StoredCapsules, "open">;
  readonly places: Pick<Places, "capsule" | "reports" | "version">;
  readonly trustedKeys: TrustedKeys;
  readonly loadSuite: LoadSuite;
  readonly loadPolicy: (file: string, createdAt: string) => Promise<PolicySnapshot>;
  /** Opens the workbench that cargo is run again in. */
  readonly openBench: (signal: AbortSignal) => Promise<OpenBench>;
  readonly diffTool: (signal: AbortSignal) => DiffTool;
  /** For what goes through files of any size: collects garbage early. */
  readonly keepHeapSmall: () => void;
}

export interface CapsuleReplayRequest {
  /** A run id, or a path. */
  readonly capsule: string;
  /** Run cargo again on every tree. */
  readonly reexecute: boolean;
  /** Another policy to decide by. */
  readonly policyFile: string | null;
  /** Policies that were tried on this run, of which that one is the best; if absent: it alone. */
  readonly bestOf?: number;
  /** Another capsule to set beside it. */
  readonly compare: string | null;
  /** Where the run's suite lies, if not among the usual ones. */
  readonly suite: string | null;
  /** Raw public keys, base64. Without any the report does not depend on who reads it; with some it says which. */
  readonly trusted: readonly string[];
  /** Null: no files are written; a folder that is null is the usual one, by the run's id. */
  readonly reports: { readonly folder: string | null } | null;
  /** Is given the audit as one JSON document, part by part. */
  readonly json: ((text: string) => void) | null;
  /** Told of each tree that cargo ran on again. */
  readonly reexecuted: (done: number, total: number) => void;
}

export interface Replayed {
  readonly model: AuditModel;
  /** Where the reports were written. */
  readonly folder: string | null;
}

/** Throws `integrity` where the file can't even be read as a capsule; whatever else is wrong is in the audit. */
export async function replayCapsule(ports: ReplayPorts, request: CapsuleReplayRequest, signal: AbortSignal): Promise<Replayed> {
  ports.keepHeapSmall();
  const verified = new VerifiedTrees();
  const trusted = await ports.trustedKeys(request.trusted, null);
  const run = await ports.capsules.open(ports.places.capsule(request.capsule), trusted, (line) => {
    signal.throwIfAborted();
    verified.add(line);
  });
  try {
    const made = await auditOf({ ports, request, signal }, run, verified);
    const folder = request.reports && (request.reports.folder ?? join(ports.places.reports, made.model.run.id));
    if (folder !== null) await writeAuditFiles(ports, made, folder, signal);
    if (request.json) await printAudit(ports, made, request.json, signal);
    return { model: made.model, folder };
  } finally {
    run.close();
  }
}

interface Session {
  readonly ports: ReplayPorts;
  readonly request: CapsuleReplayRequest;
  readonly signal: AbortSignal;
}

async function auditOf({ ports, request, signal }: Session, run: OpenCapsule, verified: VerifiedTrees): Promise<Audit> {
  const { places } = ports;
  const { header, seal } = run;
  const signature = signatureStatus(run);
  const figures = new AuditFigures();
  const open = request.reexecute ? await ports.openBench(signal) : null;
  try {
    const replay = await replayRun(
      {
        run,
        texts: run,
        verified,
        suite: await suiteOf(ports, header, request.suite),
        signature,
        withheld: (hash) => run.isWithheld(hash),
        faults: ownFaults(run),
        diffTool: ports.diffTool(signal),
        version: places.version,
        bench: open?.bench ?? null,
        signal,
        pause: ports.turn,
        reexecuted: request.reexecuted,
      },
      figures,
    );
    const { policyFile, compare } = request;
    return audit({
      run,
      figures,
      replay,
      seal,
      signature,
      version: places.version,
      holds: (hash) => run.holds(hash),
      counterfactual: policyFile === null ? null : counterfactual(run, await ports.loadPolicy(policyFile, header.created_at), { bestOf: request.bestOf ?? 1 }),
      comparison: compare === null ? null : compareRuns({ header, trials: figures.facts }, await comparedRun(ports, compare)),
    });
  } finally {
    await open?.close();
  }
}

const signatureStatus = ({ signature }: OpenCapsule): SignatureStatus => ({
  state: signature.state,
  key: "publicKey" in signature ? signature.publicKey : null,
  detail: signatureText(signature),
});

/** What was put beside a capsule later says nothing about the run. */
const ownFaults = ({ faults }: OpenCapsule) => faults.filter(({ check }) => check !== "attachments");

/** The suite with the recorded root, or why it is not here. A suite that can't be loaded is not the one that was run. */
async function suiteOf({ loadSuite }: ReplayPorts, { suite: { name, version, root } }: Header, named: string | null): Promise<Suite | string> {
  const missing = `not reconstructable: suite ${name} ${version}, root ${root}, is not here`;
  try {
    const suite = await loadSuite(named ?? name);
    return suite.root === root ? suite : `${missing} (the one of that name has root ${suite.root})`;
  } catch (error) {
    if (!(error instanceof BakeoffError) || named !== null) throw error;
    return error.code === "usage" ? missing : `${missing} (the one of that name can't be loaded: ${messageOf(error)})`;
  }
}

/** The other capsule must be whole, or nothing can be said beside it. */
async function comparedRun({ capsules, places }: ReplayPorts, capsule: string): Promise<ComparedRun> {
  const run = await capsules.open(places.capsule(capsule), []);
  try {
    const [fault] = ownFaults(run);
    if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "replay it by itself first");
    return { header: run.header, trials: withTreeTimes(Array.from(run.trials(), trialFacts)) };
  } finally {
    run.close();
  }
}
