// `bakeoff replay`: what a stored run proves, as reports in a folder or one JSON document.
import { join, relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { AUDIT_JSON, AUDIT_LAYOUTS, writeAudit } from "../../core/report/audit/audit.ts";
import type { Audit, AuditModel } from "../../core/report/audit/model.ts";
import { auditLines } from "../../core/report/audit/text.ts";
import { world } from "../../app/compose.ts";
import { errInk, outInk } from "../text/ink.ts";
import { reportsFolder } from "../../app/places.ts";
import { replaySession } from "../../app/replay/session.ts";

interface Options {
  readonly reexecute: boolean;
  readonly policy?: string;
  readonly compare?: string;
  readonly suite?: string;
  readonly out?: string;
  readonly json: boolean;
}

export async function replay(capsule: string, options: Options): Promise<number> {
  world.keepHeapSmall();
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => stop.abort(new BakeoffError("interrupted", "interrupted", "replay it again: nothing was changed")));
  const session = {
    capsule,
    reexecute: options.reexecute,
    policyFile: options.policy ?? null,
    compare: options.compare ?? null,
    suite: options.suite ?? null,
    signal: stop.signal,
    reexecuted: (done: number, total: number) => process.stderr.write(`[${done}/${total}] trees run again\n`),
  };
  return replaySession(session, async (audit) => {
    const { model } = audit;
    const folder = options.out ?? join(reportsFolder(), model.run.id);
    const isWritten = !options.json || options.out !== undefined;
    if (isWritten) await writeReports(audit, folder, stop.signal);
    if (options.json)
      await inTurns(
        writeAudit(audit, [AUDIT_JSON], (_, text) => process.stdout.write(text)),
        stop.signal,
      );
    else process.stdout.write(`${auditLines(model).map(coloured(model)).join("\n")}\n`);
    if (isWritten) process.stderr.write(`\nReport: ${relative(process.cwd(), join(folder, "replay_report.html"))}   (also .md, .json, .csv)\n`);
    return exitCodeOf(model);
  });
}

/** Each file whole or not at all. */
async function writeReports(audit: Audit, folder: string, signal: AbortSignal): Promise<void> {
  await world.makeFolder(folder);
  const files = new Map(AUDIT_LAYOUTS.map((layout) => [layout, world.newFile(join(folder, layout.file))]));
  try {
    await inTurns(
      writeAudit(audit, AUDIT_LAYOUTS, (layout, text) => files.get(layout)?.text(text)),
      signal,
    );
    for (const file of files.values()) file.commit();
  } finally {
    for (const file of files.values()) file.discard();
  }
}

/** Goes through steps and lets the process look up from them now and then. */
async function inTurns(steps: Iterable<void>, signal: AbortSignal): Promise<void> {
  let count = 0;
  for (const _ of steps) {
    if (count++ % 20 === 0) await world.turn();
    signal.throwIfAborted();
  }
}

/** The first line is the outcome. */
const coloured =
  ({ outcome }: AuditModel) =>
  (line: string, index: number): string =>
    index > 0 ? line : outcome === "proven" ? outInk.green(line) : outcome === "partly" ? outInk.yellow(line) : outInk.red(line);

/** 5: the capsule is not intact; 6: replay diverged; 0: everything that was claimed is proven. */
function exitCodeOf({ outcome, findings }: AuditModel): number {
  const [first] = findings;
  if (first) process.stderr.write(errInk.red(`bakeoff: ${first.level}: ${first.what}\n`));
  return { proven: 0, partly: 0, diverged: 6, "not-intact": 5 }[outcome];
}
