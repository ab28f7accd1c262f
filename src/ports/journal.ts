// The capsule's file while it is written, and what it holds when read back.
import type { Sha256 } from "../core/base/canonical.ts";
import type { SigningKey } from "../core/base/dsse.ts";
import type { EventLine, Header, Seal } from "../core/capsule/line.ts";
import type { EventOrder } from "../core/capsule/order.ts";
import type { SealedCapsule } from "../core/capsule/verify.ts";
import type { OpenCapsule } from "./capsules.ts";

/** What one write to the journal holds: blobs first, then the lines that refer to them. */
export interface JournalEntry {
  /** `kind`: what kind of text it is, for whoever guards what may be stored. */
  readonly blobs: readonly { readonly sha256: Sha256; readonly text: string; readonly kind?: string }[];
  readonly lines: readonly string[];
}

/** An open capsule journal. Every method throws `environment` when the disk refuses: a run without its record stops. */
export interface Journal {
  readonly path: string;
  /** Appends in one write, after all that was appended before. */
  append(entry: JournalEntry): Promise<void>;
  /** Makes what was appended durable. */
  sync(): Promise<void>;
  /** Rewrites the journal in this order with the seal at its end, by rename, and closes it. Memory for where events are, not for what they say. */
  seal(order: EventOrder, sealLine: (root: SealFacts) => Seal): Promise<void>;
  close(): Promise<void>;
}

export interface SealFacts {
  readonly merkleRoot: Sha256;
  readonly headerHash: Sha256;
  readonly events: number;
  readonly blobs: number;
  readonly textsRoot: Sha256;
  /** The latest time stamp of an event; empty where there is none. */
  readonly lastTimestamp: string;
}

/** Texts that are stored, by their hashes. */
export interface StoredTexts {
  holds(hash: Sha256): boolean;
  /** Null where it is not held. Throws `integrity` where it is not what its hash says. */
  text(hash: Sha256): string | null;
}

/** An event of a journal. What it says may be read only when it is asked for: most of a long run is never asked for. */
export type JournalLine = Pick<EventLine, "trial" | "spec_id" | "seq" | "step" | "more" | "timestamp" | "event_type" | "payload">;

/** Is shown the events of a journal in the order in which they were written. */
export interface JournalReader<T> {
  take(line: JournalLine): void;
  /** What is made of them, and which of them don't count: those are removed. */
  end(): { readonly kept: T; readonly dropped: readonly JournalLine[] };
}

/** What a journal or a capsule holds, read back. */
export interface StoredRun {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly seal: Seal | null;
  blob(hash: Sha256): string | null;
}

/** Capsules of runs: where they lie, and how one is begun, gone on with and read. */
export interface CapsuleStore {
  /** A run id stands for its capsule in the capsules folder; a path for itself. */
  pathOf(runIdOrPath: string): string;
  /** Throws `integrity` for what is no capsule, `usage` for what can't be read. */
  read(path: string): Promise<StoredRun & SealedCapsule>;
  /** Opens a sealed one trial by trial: memory does not grow with what they hold. Throws as `read` does; what is wrong with it is data. */
  open(path: string): Promise<OpenCapsule>;
  /** Begins the journal of a new run, with the texts that its header refers to. */
  create(header: Header, blobs: JournalEntry["blobs"]): Promise<Journal>;
  /** The header, and whether it is sealed; nothing else is read or checked. Throws `integrity` or `usage`. */
  peek(path: string): Promise<{ readonly header: Header; readonly sealed: boolean }>;
  /** Opens a journal that a run left unfinished. Throws `integrity` where it is damaged, `usage` where it is sealed. */
  reopen<T>(path: string, reader: (texts: StoredTexts) => JournalReader<T>): Promise<{ readonly journal: Journal; readonly kept: T }>;
  /** Signs a sealed capsule; gives the signature's path. Throws `integrity` for one that does not verify. */
  sign(path: string, key: SigningKey): Promise<string>;
}
