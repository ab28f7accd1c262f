// An audit written trial by trial: as files in a folder, or as one JSON document.
import { join } from "node:path";
import { AUDIT_JSON, AUDIT_LAYOUTS, writeAudit } from "../../core/report/audit/audit.ts";
import type { Audit } from "../../core/report/audit/model.ts";
import type { NewFiles } from "../../ports/text-files.ts";

export interface AuditPorts {
  readonly files: NewFiles;
  /** Signals and timers have their turn: else nobody could interrupt what goes on for minutes. */
  readonly turn: () => Promise<void>;
}

/** Each file whole or not at all, and all of one replay. */
export async function writeAuditFiles({ files, turn }: AuditPorts, audit: Audit, folder: string, signal: AbortSignal): Promise<void> {
  await files.makeFolder(folder);
  const open = new Map(AUDIT_LAYOUTS.map((layout) => [layout, files.create(join(folder, layout.file))]));
  try {
    await inTurns(
      writeAudit(audit, AUDIT_LAYOUTS, {
        part: (layout, text) => open.get(layout)?.text(text),
        page: ({ file, text }) => writePage(files, join(folder, file), text),
      }),
      { turn, signal },
    );
    await files.commitAll(open.values(), folder);
  } finally {
    for (const file of open.values()) file.discard();
  }
}

export const printAudit = ({ turn }: AuditPorts, audit: Audit, print: (text: string) => void, signal: AbortSignal): Promise<void> =>
  inTurns(writeAudit(audit, [AUDIT_JSON], { part: (_, text) => print(text), page: () => undefined }), { turn, signal });

/** The index comes after all of them. */
function writePage(files: NewFiles, path: string, text: string): void {
  const file = files.createPage(path);
  try {
    file.text(text);
    file.commit();
  } finally {
    file.discard();
  }
}

const STEPS_A_TURN = 20;

/** Yields to the event loop every 20 steps. */
async function inTurns(steps: Iterable<void>, { turn, signal }: Pick<AuditPorts, "turn"> & { readonly signal: AbortSignal }): Promise<void> {
  let count = 0;
  for (const _ of steps) {
    if (count++ % STEPS_A_TURN === 0) await turn();
    signal.throwIfAborted();
  }
}
