// The ways in which a file can't be read as a capsule, each with its own name.
import { BakeoffError } from "../base/errors.ts";

export const READING_FAULTS = [
  { name: "not-text", sentence: "The file is UTF-8 text in lines." },
  { name: "line-too-long", sentence: "No line exceeds 96 MB." },
  { name: "no-header", sentence: "The first line is a header, and no other is." },
  { name: "not-json", sentence: "Every line is one JSON value." },
  { name: "unknown-format", sentence: "The format's version is one that this program reads." },
  { name: "unknown-kind", sentence: "Every line is of a known kind." },
  { name: "unknown-event", sentence: "Every event is of a known type." },
  { name: "malformed-line", sentence: "Every line has the members of its kind and no others." },
  { name: "not-canonical", sentence: "Every line is written in its canonical form (RFC 8785)." },
  { name: "text-encoding", sentence: "Every stored text can be inflated, and none exceeds 64 MB." },
  { name: "text-hash", sentence: "Every stored text has the hash that it is stored under." },
  { name: "text-order", sentence: "A sealed capsule has its texts first, each once, by hash." },
  { name: "after-seal", sentence: "Nothing follows the seal." },
  { name: "hollow", sentence: "A run of many trials holds some of their events." },
  { name: "changed", sentence: "The file does not change while it is read." },
] as const;

export type ReadingFault = (typeof READING_FAULTS)[number]["name"];

const REFETCH = "the capsule was changed or damaged: fetch it again from its source";

/** An `integrity` error that names what is wrong with a capsule. */
export class CapsuleFault extends BakeoffError {
  readonly fault: ReadingFault;
  /** What is wrong, without where. */
  readonly detail: string;
  /** 1-based. */
  readonly line: number;

  constructor(fault: ReadingFault, detail: string, position: { readonly path: string; readonly line: number; readonly hint?: string }) {
    super("integrity", `${position.path}:${position.line}: ${fault}: ${detail}`, position.hint ?? REFETCH);
    this.name = "CapsuleFault";
    this.fault = fault;
    this.detail = detail;
    this.line = position.line;
  }
}
