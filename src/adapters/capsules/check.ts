// Checks a capsule on disk in one pass: its lines, the files beside it, and its signature.
import { openHash } from "../../core/base/canonical.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import type { Header, Seal } from "../../core/capsule/line.ts";
import { judgeSignature, type SignatureVerdict } from "../../core/capsule/proof/statement.ts";
import { type CapsuleAudit, type Fault, openAudit } from "../../core/capsule/verify.ts";
import { attachmentFaults } from "./attachments.ts";
import { readBoundedJson } from "../files/bounded-json.ts";
import { scanCapsule } from "./file.ts";
import { signaturePath } from "./paths.ts";
import type { CapsuleVisitor } from "./scan.ts";
import type { CheckedCapsule } from "../../ports/capsules.ts";

export type Onlooker = Pick<CapsuleVisitor, "header" | "blob" | "withheld" | "event">;

/**
 * Throws `integrity` (a CapsuleFault) if the file can't be read as a capsule; everything else is data. A caller that needs the
 * lines for more can watch, so that even a large capsule is read once.
 */
export async function checkCapsule(path: string, trusted: readonly string[], onlooker: Onlooker = {}): Promise<CheckedCapsule> {
  const seen: Seen = { header: null, audit: null, seal: null };
  const count = { bytes: 0, events: 0, texts: 0, withheld: 0 };
  const types = new Map<string, number>();
  const hash = openHash();
  await scanCapsule(path, auditing({ seen, count, types }, onlooker), (piece) => {
    count.bytes += piece.length;
    hash.update(piece);
  });
  const { header, audit, seal } = seen;
  if (!header || !audit) throw new CapsuleFault("no-header", "it has no header", { path, line: 0 });
  const fileHash = hash.end();
  const signature: SignatureVerdict = seal
    ? judgeSignature(await readBoundedJson(signaturePath(path), 1_000_000), { header, seal, fileHash, isSafeExport: count.withheld > 0 }, trusted)
    : { state: "unsigned" };
  const faults = [...audit.faults(), ...signatureFaults(signature), ...(seal ? await attachmentFaults(path, seal.seal_hash) : [])];
  return { header, seal, fileHash, ...count, eventTypes: Object.fromEntries([...types].toSorted()), faults, unchecked: audit.unchecked(), signature };
}

interface Seen {
  header: Header | null;
  audit: CapsuleAudit | null;
  seal: Seal | null;
}

interface Tally {
  readonly seen: Seen;
  readonly count: { events: number; texts: number; withheld: number };
  readonly types: Map<string, number>;
}

/** Shows each line to the audit, then to the other visitor. */
function auditing({ seen, count, types }: Tally, onlooker: Onlooker): CapsuleVisitor {
  return {
    header: (header, text, place) => {
      Object.assign(seen, { header, audit: openAudit(header, text) });
      onlooker.header?.(header, text, place);
    },
    blob: (blob, text, place) => {
      count.texts += 1;
      seen.audit?.text(blob);
      onlooker.blob?.(blob, text, place);
    },
    withheld: (line, text) => {
      count.withheld += 1;
      seen.audit?.withheld(line);
      onlooker.withheld?.(line, text);
    },
    event: (line, text, place) => {
      count.events += 1;
      types.set(line.event_type, (types.get(line.event_type) ?? 0) + 1);
      seen.audit?.event(line, text);
      onlooker.event?.(line, text, place);
    },
    seal: (seal) => {
      seen.seal = seal;
      seen.audit?.seal(seal);
    },
  };
}

const signatureFaults = (signature: SignatureVerdict): readonly Fault[] =>
  signature.state === "bad" ? [{ check: "signature", fault: `the signature does not hold: ${signature.fault}` }] : [];
