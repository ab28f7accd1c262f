// A journal laid out as a sealed capsule: texts by hash, events in order, the seal last. Lines are read again where they lie; only their places are held.
import { closeSync, openSync } from "node:fs";
import { openMerkle, sha256 } from "../../core/base/canonical.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import { type BlobLine, type EventLine, lineText, type Seal } from "../../core/capsule/line.ts";
import type { EventOrder } from "../../core/capsule/order.ts";
import { hashesIn } from "../../core/capsule/reference.ts";
import { dataHash, openTextRoot } from "../../core/capsule/proof/text-root.ts";
import type { SealFacts } from "../../ports/journal.ts";
import { scanCapsule } from "./file.ts";
import { type LineRange, textAt } from "./lines.ts";
import { TextIndex } from "./text-index.ts";

/** Where everything is in the journal. */
class JournalPlaces {
  header = "";
  lastTimestamp = "";
  readonly texts = new TextIndex();
  /** Bytes of a text in UTF-8, by the offset of its line. */
  readonly textBytes = new Map<number, number>();
  private readonly events: { readonly trial: string | null; readonly seq: number; readonly place: LineRange }[] = [];
  /** Each trial's name once, however many events it has. */
  private readonly names = new Map<string, string>();

  addEvent({ trial, seq, timestamp }: EventLine, place: LineRange): void {
    this.events.push({ trial: trial === null ? null : this.nameOf(trial), seq, place });
    if (timestamp > this.lastTimestamp) this.lastTimestamp = timestamp;
  }

  eventsBy(order: EventOrder): readonly LineRange[] {
    return this.events.toSorted(order).map(({ place }) => place);
  }

  private nameOf(trial: string): string {
    const known = this.names.get(trial) ?? trial;
    this.names.set(trial, known);
    return known;
  }
}

async function placesIn(path: string): Promise<JournalPlaces> {
  const places = new JournalPlaces();
  await scanCapsule(path, {
    header: (_, text) => void (places.header = text),
    blob: ({ sha256: hash, stored }, _, place) => {
      places.texts.add(hash, place);
      places.textBytes.set(place.offset, stored.bytes);
    },
    event: (line, _, place) => places.addEvent(line, place),
  });
  if (places.header === "") throw new CapsuleFault("no-header", "it has no header", { path, line: 0 });
  return places;
}

/**
 * `use` is given the lines of the sealed capsule, each with its newline, and writes them elsewhere; texts that nothing refers to are left
 * out. The journal must stay as it is meanwhile. Throws as reading it does.
 */
export async function withSealedLines(
  path: string,
  order: EventOrder,
  sealLine: (facts: SealFacts) => Seal,
  use: (lines: Iterable<string>) => Promise<unknown>,
): Promise<void> {
  const places = await placesIn(path);
  const file = openSync(path, "r");
  try {
    await use(laidOut(places, (place) => textAt(file, place), order, sealLine));
  } finally {
    closeSync(file);
  }
}

function* laidOut(places: JournalPlaces, read: (place: LineRange) => string, order: EventOrder, sealLine: (facts: SealFacts) => Seal): Generator<string> {
  const events = places.eventsBy(order);
  const referred = new Uint8Array(places.texts.size);
  const refer = (text: string): void => {
    for (const hash of hashesIn(text)) {
      const index = places.texts.indexOf(hash);
      if (index !== null) referred[index] = 1;
    }
  };
  refer(places.header);
  const tree = openMerkle();
  for (const place of events) {
    const text = read(place);
    tree.add(text);
    refer(text);
  }
  const root = openTextRoot();
  let blobs = 0;
  yield `${places.header}\n`;
  for (const [index, place] of enumerated(places.texts.entries())) {
    if (referred[index] !== 1) continue;
    const text = read(place);
    const { sha256: hash, data } = JSON.parse(text) as BlobLine;
    root.add(hash, places.textBytes.get(place.offset) ?? 0, dataHash(data));
    blobs += 1;
    yield `${text}\n`;
  }
  for (const place of events) yield `${read(place)}\n`;
  const { lastTimestamp } = places;
  const facts = { merkleRoot: tree.root(), headerHash: sha256(places.header), events: events.length, blobs, textsRoot: root.root(), lastTimestamp };
  yield `${lineText(sealLine(facts))}\n`;
}

function* enumerated<T>(items: Iterable<T>): Generator<readonly [number, T]> {
  let index = 0;
  for (const item of items) yield [index++, item];
}
