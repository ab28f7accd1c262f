// A capsule in memory, opened as one on disk is: checked as it is told, then read trial by trial.
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { type EventLine, lineText } from "../../../../src/core/capsule/line.ts";
import { foldRun, type RunRecord } from "../../../../src/core/capsule/record.ts";
import type { SignatureVerdict } from "../../../../src/core/capsule/proof/statement.ts";
import { type Fault, openAudit, type SealedCapsule } from "../../../../src/core/capsule/verify.ts";
import { groupBy } from "../../../../src/core/metrics/summary/rate.ts";
import type { OpenCapsule } from "../../../../src/ports/capsules.ts";
import { writtenLine } from "../../run/written-line.ts";

export interface MemoryCapsule extends SealedCapsule {
  /** Beside those that its checks find. */
  readonly faults?: readonly Fault[];
  readonly signature?: SignatureVerdict;
}

const hashOfCapsule = ({ header, events, seal }: SealedCapsule): string =>
  sha256([lineText(header), ...events.map(writtenLine), seal === null ? "" : lineText(seal)].join("\n"));

/** As `capsuleFaults` finds them, by lines that are written once. */
function faultsOf({ header, events, seal, blobs, withheld = [], textLines = [...blobs, ...withheld] }: SealedCapsule): readonly Fault[] {
  const audit = openAudit(header, lineText(header));
  for (const line of textLines) {
    if ("text" in line) audit.text(line);
    else audit.withheld(line);
  }
  for (const line of events) audit.event(line, writtenLine(line));
  if (seal) audit.seal(seal);
  return audit.faults();
}

interface WorkedOut {
  readonly fileHash: string;
  readonly faults: readonly Fault[];
  /** Throws where the events make no trials. */
  readonly record: () => RunRecord;
}

/** What was worked out of a capsule: tests ask for the same one again and again. */
const known = new WeakMap<MemoryCapsule, WorkedOut>();

function workedOut(capsule: MemoryCapsule): WorkedOut {
  let record: RunRecord | null = null;
  const found = known.get(capsule) ?? {
    fileHash: hashOfCapsule(capsule),
    faults: faultsOf(capsule),
    record: () => (record ??= foldRun(capsule.header, capsule.events)),
  };
  known.set(capsule, found);
  return found;
}

export function openMemoryCapsule(capsule: MemoryCapsule, seen: (line: EventLine) => void = () => undefined): OpenCapsule {
  const { header, events, seal, blobs, withheld = [], faults = [], signature = { state: "unsigned" } } = capsule;
  for (const line of events) seen(line);
  const worked = workedOut(capsule);
  const texts = new Map(blobs.map((blob) => [blob.sha256, blob.text]));
  const left = new Set(withheld.map((line) => line.sha256));
  return {
    header,
    seal,
    fileHash: worked.fileHash,
    bytes: 0,
    events: events.length,
    texts: blobs.length,
    withheld: withheld.length,
    eventTypes: {},
    faults: [...worked.faults, ...faults],
    unchecked: [],
    signature,
    runEvents: events.filter(({ trial }) => trial === null),
    trials: () => worked.record().trials,
    trial: (id) => worked.record().trials.find((one) => one.id === id) ?? null,
    calibrationTrials: () => [...groupBy(worked.record().calibration, (line) => line.trial ?? "")].map(([id, own]) => ({ id, events: own })),
    text: (hash) => texts.get(hash) ?? null,
    holds: (hash) => texts.has(hash),
    isWithheld: (hash) => left.has(hash),
    close: () => undefined,
  };
}
