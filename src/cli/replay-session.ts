// One replay from the words of the command line to its reports: reads what is there, asks nobody, opens no socket.
import { BakeoffError, messageOf } from "../core/base/errors.ts";
import type { Header } from "../core/capsule/line.ts";
import { foldRun } from "../core/capsule/record.ts";
import { capsuleFaults } from "../core/capsule/verify.ts";
import { compareRuns } from "../core/replay/comparison.ts";
import { counterfactual } from "../core/replay/counterfactual.ts";
import type { SignatureStatus } from "../core/replay/level.ts";
import type { Replay } from "../core/replay/replay.ts";
import { type AuditModel, auditModel } from "../core/report/audit-model.ts";
import type { Suite } from "../core/suite/suite.ts";
import { replayRun } from "../run/replay.ts";
import { signatureText } from "./capsule-text.ts";
import { type Bench, cores, openBench, shelf, world } from "./compose.ts";
import { packageVersion, suiteFolders } from "./places.ts";
import { capsulePath } from "./session.ts";

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

type Stored = Awaited<ReturnType<typeof world.readCapsule>>;

/** Throws `integrity` where the file can't even be read as a capsule; whatever else is wrong is in the model. */
export async function replaySession(options: ReplayOptions): Promise<AuditModel> {
  const stored = await world.readCapsule(capsulePath(options.capsule));
  const suite = await suiteOf(stored.header, options.suite);
  const signature = await signatureOf(capsulePath(options.capsule));
  const held = new Set(stored.blobs.map(({ sha256 }) => sha256));
  const open = options.reexecute ? await openBench(cores(), options.signal) : null;
  try {
    const replay = await replayed(options, { stored, suite, signature, open });
    return auditModel({
      replay,
      seal: stored.seal,
      signature,
      version: packageVersion(),
      holds: (hash) => held.has(hash),
      counterfactual: options.policyFile === null ? null : counterfactual(replay.record, await world.loadPolicy(options.policyFile, stored.header.created_at)),
      comparison: options.compare === null ? null : compareRuns(replay.record, await recordOf(options.compare)),
    });
  } finally {
    await open?.close();
  }
}

function replayed(
  options: ReplayOptions,
  {
    stored,
    suite,
    signature,
    open,
  }: { readonly stored: Stored; readonly suite: Suite | string; readonly signature: SignatureStatus; readonly open: Bench | null },
): Promise<Replay> {
  return replayRun({
    stored,
    suite,
    signature,
    withheld: new Set(stored.withheld.map(({ sha256 }) => sha256)),
    faults: capsuleFaults(stored),
    diffTool: world.diffTool(options.signal),
    version: packageVersion(),
    bench: open?.bench ?? null,
    signal: options.signal,
    reexecuted: options.reexecuted,
  });
}

/** What the file beside the capsule says of who stands for it. No key is trusted: the report must not depend on who reads it. */
async function signatureOf(capsule: string): Promise<SignatureStatus> {
  const { signature } = await shelf.checkCapsule(capsule, []);
  return { state: signature.state, key: "publicKey" in signature ? signature.publicKey : null, detail: signatureText(signature) };
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
async function recordOf(capsule: string) {
  const stored = await world.readCapsule(capsulePath(capsule));
  const [fault] = capsuleFaults(stored);
  if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "replay it by itself first");
  return foldRun(stored.header, stored.events);
}
