// Reads a journal's lines in the order in which they were written: bytes that somebody vouches for at a glance, all others without trusting them.
import { createHash, type Hash } from "node:crypto";
import type { Sha256 } from "../../../core/base/canonical.ts";
import { BakeoffError } from "../../../core/base/errors.ts";
import { CapsuleFault } from "../../../core/capsule/fault.ts";
import type { EventLine, Header } from "../../../core/capsule/line.ts";
import { piecesOf } from "../file.ts";
import { Glance, type GlanceVisitor, type PlacedLine } from "../glance.ts";
import type { JournalSum } from "./sum.ts";
import { type LineRange, LineSplitter } from "../lines.ts";
import { CapsuleScan } from "../scan.ts";

export interface JournalVisitor extends GlanceVisitor {
  readonly header: (header: Header, text: string) => void;
}

export interface JournalRead<V> {
  readonly visitor: V;
  /** Of the file, and how many of these are whole lines. */
  readonly bytes: number;
  readonly wholeBytes: number;
  /** Of all its bytes, to go on from. */
  readonly hash: Hash;
}

/**
 * `sum`: what so many of its first bytes hashed to when they were written; null where nobody said. Where they don't any more, all is checked, by
 * another visitor. Throws `integrity` (a CapsuleFault) for what is damaged, and `usage` for what is sealed.
 */
export async function readJournal<V extends JournalVisitor>(path: string, sum: JournalSum | null, begin: () => V): Promise<JournalRead<V>> {
  if (sum !== null) {
    const read = await new Reading(path, sum, begin()).read().catch((error: unknown) => {
      // What can't be glanced at, or makes no sense, is named by whoever checks all of it.
      if (error instanceof BakeoffError && error.code === "environment") throw error;
      return null;
    });
    if (read !== null) return read;
  }
  return new Reading(path, NOTHING, begin()).read();
}

const NOTHING: JournalSum = { bytes: 0, sha256: "" };

class Reading<V extends JournalVisitor> {
  private readonly path: string;
  private readonly sum: JournalSum;
  private readonly visitor: V;
  private readonly hash = createHash("sha256");
  private readonly glance: Glance;
  private readonly scan: CapsuleScan;
  private bytes = 0;
  private wholeBytes = 0;
  private glanced = 0;
  private isChecking = false;

  constructor(path: string, sum: JournalSum, visitor: V) {
    this.path = path;
    this.sum = sum;
    this.visitor = visitor;
    this.glance = new Glance({
      text: (hash, place) => this.showText(hash, place),
      event: (line) => visitor.event(line),
    });
    this.scan = new CapsuleScan(path, {
      header: (header, text, place) => this.showHeader(header, text, place),
      blob: ({ sha256: hash }, _, place) => this.showText(hash, place),
      event: (line, _, place) => this.showEvent(line, place),
      seal: () => {
        throw new BakeoffError("usage", `${path} is sealed: the run is finished`, "look at its report, or start a new run");
      },
    });
  }

  /** Throws where the bytes are not those of the sum. */
  async read(): Promise<JournalRead<V>> {
    const splitter = new LineSplitter(this.path);
    for await (const piece of piecesOf(this.path)) {
      this.update(piece);
      for (const text of splitter.take(piece)) this.take(text, splitter.place);
    }
    if (this.bytes < this.sum.bytes) throw this.differs();
    this.glance.end();
    this.scan.end();
    return { visitor: this.visitor, bytes: this.bytes, wholeBytes: this.wholeBytes, hash: this.hash };
  }

  private update(piece: Buffer): void {
    const left = this.sum.bytes - this.bytes;
    this.bytes += piece.length;
    if (left <= 0 || piece.length < left) return void this.hash.update(piece);
    this.hash.update(piece.subarray(0, left));
    if (this.hash.copy().digest("hex") !== this.sum.sha256) throw this.differs();
    this.hash.update(piece.subarray(left));
  }

  private differs(): CapsuleFault {
    return new CapsuleFault("changed", "the journal is not as it was written", { path: this.path, line: 0 });
  }

  private take(text: string, place: LineRange): void {
    const isVouchedFor = place.offset + place.bytes < this.sum.bytes;
    // The header is checked always: the scan begins with it.
    if (place.offset === 0 || !isVouchedFor) return this.check(text, place);
    this.glanced += 1;
    this.glance.take(text, place);
    this.wholeBytes = place.offset + place.bytes + 1;
  }

  private check(text: string, place: LineRange): void {
    if (!this.isChecking && place.offset > 0) {
      this.isChecking = true;
      this.glance.end();
      this.scan.pass(this.glanced);
    }
    this.scan.take(text, place);
  }

  private showHeader(header: Header, text: string, place: LineRange): void {
    this.wholeBytes = Math.max(this.wholeBytes, place.offset + place.bytes + 1);
    this.visitor.header(header, text);
  }

  private showText(hash: Sha256, place: LineRange): void {
    this.wholeBytes = Math.max(this.wholeBytes, place.offset + place.bytes + 1);
    this.visitor.text(hash, place);
  }

  private showEvent(line: EventLine, place: LineRange): void {
    this.wholeBytes = Math.max(this.wholeBytes, place.offset + place.bytes + 1);
    this.visitor.event({ ...line, place } satisfies PlacedLine);
  }
}
