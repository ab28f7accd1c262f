// A journal laid out as a sealed capsule: texts by hash, events in order, the seal last. Lines are read again where they lie; only their places are held.
import { closeSync, openSync } from "node:fs";
import { openMerkle, type Sha256, sha256 } from "../../core/base/canonical.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import { type BlobLine, type Header, lineText, type Seal } from "../../core/capsule/line.ts";
import type { EventOrder } from "../../core/capsule/order.ts";
import { eachHash } from "../../core/capsule/reference.ts";
import { dataHash, openTextRoot } from "../../core/capsule/proof/text-root.ts";
import type { SealFacts } from "../../ports/journal.ts";
import { EventIndex } from "./event-index.ts";
import type { PlacedLine } from "./glance.ts";
import { type JournalVisitor, readJournal } from "./journal/reading.ts";
import type { JournalSum } from "./journal/sum.ts";
import { type LineRange, textAt } from "./lines.ts";
import { inflatedText } from "./scan.ts";
import { TextIndex } from "./text-index.ts";

/** Where everything is in the journal. */
class JournalPlaces implements JournalVisitor {
  headerText = "";
  lastTimestamp = "";
  readonly texts = new TextIndex();
  private readonly events = new EventIndex();

  header(_: Header, text: string): void {
    this.headerText = text;
  }

  text(hash: Sha256, place: LineRange): void {
    this.texts.add(hash, place);
  }

  event({ trial, timestamp, place }: PlacedLine): void {
    this.events.add(trial, place);
    if (timestamp > this.lastTimestamp) this.lastTimestamp = timestamp;
  }

  /** The lines of all events, read trial by trial. */
  *eventsBy(order: EventOrder, read: Reader): Generator<string> {
    const trials = [...this.events.trials()].toSorted((a, b) => order({ trial: a, seq: 0 }, { trial: b, seq: 0 }));
    for (const trial of trials) yield* bySeq(this.events.of(trial).flatMap((place) => read(place).split("\n").slice(0, -1)));
  }
}

type Reader = (place: LineRange) => string;

/** Lines of one trial: most are written in order; answers that nobody waits for come when they come. */
function bySeq(lines: readonly string[]): readonly string[] {
  const numbers = lines.map(seqOf);
  if (numbers.every((seq, index) => index === 0 || seq > (numbers[index - 1] ?? 0))) return lines;
  return lines
    .map((line, index) => ({ line, seq: numbers[index] ?? 0 }))
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ line }) => line);
}

const SEQ = ',"seq":';

/** Of a canonical line: what follows this member holds no other of its name, since quotes in a string are escaped. */
const seqOf = (line: string): number => Number.parseInt(line.slice(line.lastIndexOf(SEQ) + SEQ.length), 10);

/** A journal, and what it was when it was written: as long as it is that, it need not be checked once more. */
export interface WrittenJournal {
  readonly path: string;
  readonly sum: JournalSum;
}

async function placesIn({ path, sum }: WrittenJournal): Promise<JournalPlaces> {
  const { visitor, bytes, wholeBytes } = await readJournal(path, sum, () => new JournalPlaces());
  // Nothing of what was written is torn: it was waited for.
  if (wholeBytes !== bytes) throw new CapsuleFault("changed", "its last line is not as it was written", { path, line: 0 });
  return visitor;
}

/**
 * `use` is given the lines of the sealed capsule, each with its newline, and writes them elsewhere; texts that nothing refers to are left
 * out. The journal must stay as it is meanwhile. Throws as reading it does.
 */
export async function withSealedLines(
  journal: WrittenJournal,
  order: EventOrder,
  sealLine: (facts: SealFacts) => Seal,
  use: (lines: Iterable<string>) => Promise<unknown>,
): Promise<void> {
  const places = await placesIn(journal);
  const file = openSync(journal.path, "r");
  try {
    await use(laidOut(places, (place) => textAt(file, place), order, sealLine));
  } finally {
    closeSync(file);
  }
}

function* laidOut(places: JournalPlaces, read: Reader, order: EventOrder, sealLine: (facts: SealFacts) => Seal): Generator<string> {
  const referred = new Uint8Array(places.texts.size);
  const refer = (text: string): void => {
    eachHash(JSON.parse(text), (hash) => {
      const index = places.texts.indexOf(hash);
      if (index !== null) referred[index] = 1;
    });
  };
  refer(places.headerText);
  const tree = openMerkle();
  let events = 0;
  for (const text of places.eventsBy(order, read)) {
    tree.add(text);
    refer(text);
    events += 1;
  }
  const root = openTextRoot();
  let blobs = 0;
  yield `${places.headerText}\n`;
  for (const [index, place] of enumerated(places.texts.entries())) {
    if (referred[index] !== 1) continue;
    const text = read(place);
    const { sha256: hash, data } = JSON.parse(text) as BlobLine;
    root.add(hash, Buffer.byteLength(inflatedText(data)), dataHash(data));
    blobs += 1;
    yield `${text}\n`;
  }
  for (const text of places.eventsBy(order, read)) yield `${text}\n`;
  const { lastTimestamp } = places;
  const facts = { merkleRoot: tree.root(), headerHash: sha256(places.headerText), events, blobs, textsRoot: root.root(), lastTimestamp };
  yield `${lineText(sealLine(facts))}\n`;
}

function* enumerated<T>(items: Iterable<T>): Generator<readonly [number, T]> {
  let index = 0;
  for (const item of items) yield [index++, item];
}
