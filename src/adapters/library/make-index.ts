// Makes the index of a sealed capsule, in the same pass that checks it.
import { BakeoffError } from "../../core/base/errors.ts";
import { plannedTrials } from "../../core/capsule/record.ts";
import type { TrialFacts } from "../../core/metrics/summary/trial.ts";
import { reportWithFacts } from "../../core/report/model.ts";
import { runDigest } from "../../core/report/runs/digest.ts";
import { runListing } from "../../core/report/runs/listing.ts";
import { trialMarks, worthLookingAt } from "../../core/report/trial/marks.ts";
import type { MarkedTrial } from "../../ports/run-library.ts";
import type { EventIndex } from "../capsules/event-index.ts";
import { openPlaced } from "../capsules/reader.ts";
import type { IndexParts } from "./index-files.ts";
import { stampOf } from "./stamp.ts";

/** Throws `integrity` where it can't be read as a capsule, `usage` where it is not sealed. */
export async function makeIndex(path: string): Promise<IndexParts> {
  const stamp = stampOf(path);
  const withheld: string[] = [];
  let headerBytes = 0;
  const { run, events, texts } = await openPlaced(path, [], {
    header: (_, text) => void (headerBytes = Buffer.byteLength(text)),
    withheld: ({ sha256 }) => void withheld.push(sha256),
  });
  try {
    if (run.seal === null) throw new BakeoffError("usage", `${path} is not sealed`, "wait until its run ends");
    const calibration = Array.from(run.calibrationTrials()).flatMap((trial) => trial.events);
    const { model, facts } = reportWithFacts({ header: run.header, runEvents: run.runEvents, calibration, trials: run.trials() });
    const digest = runDigest(model, run.header, run.runEvents);
    const places = new Float64Array(plannedTrials(run.header).flatMap(({ id }) => wholeRange(events.of(id))));
    return {
      head: {
        stamp,
        listing: runListing(digest),
        faults: run.faults.length,
      },
      digest,
      places: {
        headerBytes,
        runEvents: events.of(null).flatMap(({ offset, bytes }) => [offset, offset + bytes]),
        withheld,
      },
      report: model,
      marked: markedTrials(facts),
      trials: places,
      texts,
    };
  } finally {
    run.close();
  }
}

/** Those worth looking at first first. */
export function markedTrials(facts: readonly TrialFacts[]): readonly MarkedTrial[] {
  const marks = trialMarks(facts);
  return worthLookingAt(facts, marks).map(({ id }) => ({ id, marks: marks.get(id) ?? [] }));
}

/** The events of a trial stand together in a sealed capsule. */
function wholeRange(ranges: ReturnType<EventIndex["of"]>): readonly [number, number] {
  const [first, last] = [ranges[0], ranges.at(-1)];
  return first && last ? [first.offset, last.offset + last.bytes] : [0, 0];
}
