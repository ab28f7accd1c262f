// Opens a capsule for reading trial by trial: checked and indexed in one pass, then read on demand.
import { closeSync, fstatSync, openSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import type { BlobLine, EventLine } from "../../core/capsule/line.ts";
import { planRanks } from "../../core/capsule/order.ts";
import { foldRecord, isCalibrationId, eachPlanned, plannedAt, type CalibrationTrial, type RunReader, type TrialRecord } from "../../core/capsule/record.ts";
import type { CheckedCapsule, OpenCapsule } from "../../ports/capsules.ts";
import { plainFile } from "../files/plain-file.ts";
import { checkCapsule, type Onlooker } from "./check.ts";
import { type LineRange, textAt } from "./lines.ts";
import { inflatedText } from "./scan.ts";
import { EventIndex } from "./event-index.ts";
import { TextIndex } from "./text-index.ts";

/** Above this many planned trials, some must have events: reporting a trial costs more than planning it. */
const MOST_HOLLOW_TRIALS = 20_000;

/** `seen` is shown every event in file order, `onlooker` every line with its place. Throws what `checkCapsule` throws. */
export async function openCapsule(
  path: string,
  trusted: readonly string[],
  seen: (line: EventLine) => void = () => undefined,
  onlooker: Onlooker = {},
): Promise<OpenCapsule> {
  return (await openPlaced(path, trusted, bothOf({ event: seen }, onlooker))).run;
}

/** An open capsule, and where its parts are in the file. */
export interface PlacedCapsule {
  readonly run: OpenCapsule;
  readonly events: EventIndex;
  readonly texts: TextIndex;
}

/** Throws what `checkCapsule` throws. */
export async function openPlaced(path: string, trusted: readonly string[], onlooker: Onlooker): Promise<PlacedCapsule> {
  const plain = await plainFile(path);
  const file = opened(plain, path);
  try {
    const before = fstatSync(file, { bigint: true });
    const texts = new TextIndex();
    const events = new EventIndex();
    const withheld = new Set<Sha256>();
    const indexing: Onlooker = {
      blob: ({ sha256 }, _, place) => texts.add(sha256, place),
      withheld: ({ sha256 }) => void withheld.add(sha256),
      event: ({ trial }, _, place) => events.add(trial, place),
    };
    const checked = await checkCapsule(path, trusted, bothOf(indexing, onlooker));
    refuseHollow(path, checked);
    // The file checked under this name must be the one that is open.
    const there = await stat(plain, { bigint: true });
    if (there.ino !== before.ino || there.dev !== before.dev) throw changed(path);
    const check = (): void => {
      const now = fstatSync(file, { bigint: true });
      if (now.size !== before.size || now.mtimeNs !== before.mtimeNs) throw changed(path);
    };
    check();
    const read = (place: LineRange): string => textAt(file, place);
    const run: OpenCapsule = {
      ...checked,
      ...readerOf(checked, events, read),
      text: (hash) => {
        const place = texts.find(hash);
        return place && inflatedText((JSON.parse(read(place)) as BlobLine).data);
      },
      holds: (hash) => texts.find(hash) !== null,
      isWithheld: (hash) => withheld.has(hash),
      close: () => {
        try {
          check();
        } finally {
          closeSync(file);
        }
      },
    };
    return { run, events, texts };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function refuseHollow(path: string, { header: { tasks, candidates, epochs }, events }: CheckedCapsule): void {
  const trials = tasks.length * candidates.length * epochs;
  if (trials > MOST_HOLLOW_TRIALS && trials > events)
    throw new CapsuleFault("hollow", `the header plans ${trials} trials, and there are ${events} events`, { path, line: 1 });
}

/** Two that look on, one after the other. */
const bothOf = (first: Onlooker, second: Onlooker): Onlooker => ({
  header: (...seen) => [first, second].forEach((one) => one.header?.(...seen)),
  blob: (...seen) => [first, second].forEach((one) => one.blob?.(...seen)),
  withheld: (...seen) => [first, second].forEach((one) => one.withheld?.(...seen)),
  event: (...seen) => [first, second].forEach((one) => one.event?.(...seen)),
});

function readerOf({ header }: CheckedCapsule, index: EventIndex, read: (place: LineRange) => string): RunReader & Pick<OpenCapsule, "trial"> {
  const ranks = planRanks(header);
  const eventsOf = (trial: string | null): readonly EventLine[] => linesOf(index.of(trial).map(read));
  const planted = [...index.trials()].filter(isCalibrationId).filter((id) => ranks(id) === null);
  return {
    header,
    runEvents: eventsOf(null),
    *trials(): Generator<TrialRecord> {
      for (const trial of eachPlanned(header)) yield foldRecord(trial, eventsOf(trial.id));
    },
    trial: (id) => {
      const wanted = plannedAt(header, ranks(id) ?? -1);
      return wanted ? foldRecord(wanted, eventsOf(id)) : null;
    },
    *calibrationTrials(): Generator<CalibrationTrial> {
      for (const id of planted.toSorted()) yield { id, events: eventsOf(id) };
    },
  };
}

/** Lines in trial order. These bytes were already checked, so they are not validated against the schema again. */
function linesOf(stretches: readonly string[]): readonly EventLine[] {
  const lines = stretches.flatMap((stretch) =>
    stretch
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EventLine),
  );
  return lines.toSorted((a, b) => a.seq - b.seq);
}

function opened(plain: string, path: string): number {
  try {
    return openSync(plain, "r");
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read`, "name a capsule file, or the id of a run in capsules/", { cause: error });
  }
}

const changed = (path: string): CapsuleFault =>
  new CapsuleFault("changed", "the file was changed while it was read", { path, line: 0, hint: "if a run is still writing it, wait until it ends" });
