// Makes the index of a sealed capsule, in the same pass that checks it.
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { plannedTrials } from "../../core/capsule/record.ts";
import type { TrialFacts } from "../../core/metrics/summary/trial.ts";
import { reportFigures } from "../../core/report/model.ts";
import { runDigest } from "../../core/report/runs/digest.ts";
import { runListing } from "../../core/report/runs/listing.ts";
import { markedTrials } from "../../core/report/trial/marks.ts";
import { type TrialRow, trialRow } from "../../core/report/trial-row.ts";
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
    const { figures, facts } = reportFigures({ header: run.header, runEvents: run.runEvents, calibration, trials: run.trials() });
    const digest = runDigest(figures, rowsOf(facts), run.header, run.runEvents);
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
      report: figures,
      rows: rowsOf(facts),
      marked: markedTrials(facts),
      trials: trialPlaces(run.header, events),
      texts,
    };
  } finally {
    run.close();
  }
}

/** Made one after the other: all of them take as much as the facts. */
function* rowsOf(facts: readonly TrialFacts[]): Generator<TrialRow> {
  for (const trial of facts) yield trialRow(trial);
}

function trialPlaces(header: Header, events: EventIndex): Float64Array {
  const planned = plannedTrials(header);
  const places = new Float64Array(2 * planned.length);
  for (const [number, { id }] of planned.entries()) places.set(wholeRange(events.of(id)), 2 * number);
  return places;
}

/** The events of a trial stand together in a sealed capsule. */
function wholeRange(ranges: ReturnType<EventIndex["of"]>): readonly [number, number] {
  const [first, last] = [ranges[0], ranges.at(-1)];
  return first && last ? [first.offset, last.offset + last.bytes] : [0, 0];
}
