// Stored capsules in memory: honest runs of the small world, checked by the real checks; damaged ones can't be read.
import { openHash } from "../../../src/core/base/canonical.ts";
import { BakeoffError } from "../../../src/core/base/errors.ts";
import { CapsuleFault } from "../../../src/core/capsule/fault.ts";
import { lineText } from "../../../src/core/capsule/line.ts";
import { foldRun } from "../../../src/core/capsule/record.ts";
import type { SignatureVerdict } from "../../../src/core/capsule/proof/statement.ts";
import { capsuleFaults } from "../../../src/core/capsule/verify.ts";
import type { Places } from "../../../src/app/places.ts";
import type { Attachment, CheckedCapsule, ExportOptions, ImportKeys, OpenCapsule, ListedCapsule, StoredCapsules } from "../../../src/ports/capsules.ts";
import { readerOf } from "../core/replay/recorded.ts";
import type { HonestRun } from "./replay/honest-run.ts";

export const PLACES: Places = {
  workingFolder: "/here",
  packageRoot: "/package",
  version: "0.1.0",
  home: "/here",
  suites: "/here/suites",
  suiteFolders: [],
  defaultPolicy: "/here/policy/model_policy.toml",
  shippedPolicy: "/package/policy/model_policy.toml",
  cacheRoot: "/cache",
  capsules: "/here/capsules",
  reports: "/here/reports",
  calledAs: "bakeoff",
  runCalledAs: "bakeoff run",
  policyFile: (word) => word ?? "/here/policy/model_policy.toml",
  capsule: (name) => (name.endsWith(".jsonl") ? name : `/here/capsules/${name}.capsule.jsonl`),
  shown: (path) => path.replace("/here/", ""),
};

/** What lies under a path: a run, with what is said of its signature; null is a file that can't be read as a capsule. */
export interface Stored {
  readonly run: HonestRun | null;
  readonly signature?: SignatureVerdict;
  readonly envelope?: unknown;
}

export interface MemoryCapsules extends StoredCapsules {
  readonly stored: Map<string, Stored>;
  readonly shelf: ListedCapsule[];
  readonly removed: string[];
  readonly signed: string[];
  readonly exported: { readonly path: string; readonly order: ExportOptions }[];
  readonly imported: { readonly file: string; readonly folder: string; readonly keys: ImportKeys }[];
  readonly attached: { readonly path: string; readonly files: readonly string[]; readonly about: object }[];
  /** Capsules that are open now. */
  openCount: number;
}

export function memoryCapsules(entries: Readonly<Record<string, Stored>> = {}, shelf: readonly ListedCapsule[] = []): MemoryCapsules {
  const stored = new Map(Object.entries(entries));
  const find = (path: string): HonestRun & { readonly own: Stored } => {
    const own = stored.get(path);
    if (!own) throw new BakeoffError("usage", `${path} can't be read`);
    if (!own.run) throw new CapsuleFault("not-json", "the line is not JSON", { path, line: 2 });
    return { ...own.run, own };
  };
  const check = (path: string): CheckedCapsule => {
    const { header, events, seal, blobs, own } = find(path);
    const faults = capsuleFaults({ header, events, seal, blobs: [...blobs].map(([sha256, text]) => ({ sha256, text })) });
    const signature = own.signature ?? { state: "unsigned" };
    const counts = { bytes: 1000, events: events.length, texts: blobs.size, withheld: 0 };
    return { header, seal, fileHash: openHash().end(), ...counts, eventTypes: {}, faults, unchecked: [], signature };
  };
  const attachments: Attachment[] = [];
  const memory: MemoryCapsules = {
    stored,
    shelf: [...shelf],
    removed: [],
    signed: [],
    exported: [],
    imported: [],
    attached: [],
    openCount: 0,
    check: async (path) => check(path),
    open: async (path, _, seen = () => undefined): Promise<OpenCapsule> => {
      const { header, events, blobs } = find(path);
      for (const line of events) seen(line);
      memory.openCount += 1;
      const record = foldRun(header, events);
      return {
        ...check(path),
        ...readerOf(record),
        trial: (id) => record.trials.find((trial) => trial.id === id) ?? null,
        text: (hash) => blobs.get(hash) ?? null,
        holds: (hash) => blobs.has(hash),
        isWithheld: () => false,
        close: () => void (memory.openCount -= 1),
      };
    },
    scan: async (path, seen) => {
      for (const line of find(path).events) seen(line, lineText(line));
    },
    list: async (folder) => (folder === PLACES.capsules ? memory.shelf : []),
    remove: async ({ path }) => void memory.removed.push(path),
    sign: async (path) => {
      memory.signed.push(path);
      return `${path}.sig`;
    },
    signature: async (path) => stored.get(path)?.envelope ?? null,
    attachments: async () => attachments,
    attach: async (path, files, about) => {
      memory.attached.push({ path, files, about });
      return files.map((name) => ({ name, sha256: "0".repeat(64), bytes: 1, attached_at: about.attachedAt }));
    },
    export: async (path, order) => {
      memory.exported.push({ path, order });
      return { kind: "bakeoff-export", format: 1, run_id: "run-1", created_by: "0.1.0", safe: order.safe, rules: [], files: [], withheld: [] } as never;
    },
    import: async (file, folder, keys) => {
      memory.imported.push({ file, folder, keys });
      return { capsule: `${folder}/run-1.capsule.jsonl`, checked: check(PLACES.capsule("run-1")), known: false };
    },
  };
  return memory;
}
