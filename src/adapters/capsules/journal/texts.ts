// The texts of a journal, looked up where they lie.
import { closeSync, openSync } from "node:fs";
import { type Sha256, sha256 } from "../../../core/base/canonical.ts";
import { CapsuleFault } from "../../../core/capsule/fault.ts";
import type { BlobLine } from "../../../core/capsule/line.ts";
import type { StoredTexts } from "../../../ports/journal.ts";
import { type LineRange, textAt } from "../lines.ts";
import { inflatedText } from "../scan.ts";
import { TextIndex } from "../text-index.ts";

export class JournalTexts implements StoredTexts {
  private readonly path: string;
  private readonly index = new TextIndex();
  private file: number | null = null;

  constructor(path: string) {
    this.path = path;
  }

  add(hash: Sha256, place: LineRange): void {
    this.index.add(hash, place);
  }

  /** The journal's lines were moved. */
  move(movedTo: (offset: number) => number): void {
    this.close();
    this.index.move(movedTo);
  }

  holds(hash: Sha256): boolean {
    return this.index.find(hash) !== null;
  }

  text(hash: Sha256): string | null {
    const place = this.index.find(hash);
    if (place === null) return null;
    this.file ??= openSync(this.path, "r");
    const text = stored(textAt(this.file, place));
    if (text === null || sha256(text) !== hash) throw new CapsuleFault("text-hash", "a text whose content has a different hash", { path: this.path, line: 0 });
    return text;
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}

function stored(line: string): string | null {
  try {
    return inflatedText((JSON.parse(line) as BlobLine).data);
  } catch {
    return null;
  }
}
