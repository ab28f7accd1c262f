// The runs of a home as the viewer and the trend read them: listed quickly, each opened where it is asked for.
import type { EventLine, Header } from "../core/capsule/line.ts";
import type { TrialRecord } from "../core/capsule/record.ts";
import type { ReportFigures } from "../core/report/model.ts";
import type { RunDigest } from "../core/report/runs/digest.ts";
import type { RunListing } from "../core/report/runs/listing.ts";
import type { MarkedTrial } from "../core/report/trial/marks.ts";
import type { NumberedRow, TrialRow } from "../core/report/trial-row.ts";
import type { CapsuleTexts } from "../core/report/trial/shown-text.ts";

/** A run of the home. What is not known yet, because nobody has read the capsule, is null. */
export interface ShelvedRun {
  readonly run: string;
  readonly path: string;
  /** `unread`: sealed, and not looked into since it last changed; `set`: several of them as one run. */
  readonly state: "set" | "sealed" | "unfinished" | "running" | "damaged" | "unread";
  readonly isSigned: boolean;
  /** Checks of the capsule that fail; null where they were not made. */
  readonly faults: number | null;
  readonly listing: RunListing | null;
}

/** A run under way, or one that has ended while it was watched. */
export interface FollowedRun extends LibraryRun {
  /** Every event so far, in the order of the file. */
  readonly events: readonly EventLine[];
}

/** One run, sealed or under way. */
export interface LibraryRun extends CapsuleTexts {
  readonly path: string;
  readonly header: Header;
  readonly isSealed: boolean;
  readonly isSigned: boolean;
  /** Null: it is not sealed, so that its checks can't be made. */
  readonly faults: number | null;
  readonly runEvents: readonly EventLine[];
  /** Of several runs as one: how they are named, and their trials in order. */
  readonly set?: { readonly named: string; readonly runs: readonly string[]; readonly trials: readonly string[] };
  /** Null where no trial of that id was planned. */
  trial(id: string): TrialRecord | null;
  report(): ReportFigures;
  /** Of every trial, in plan order, read as they are asked for. */
  rows(): Iterable<TrialRow>;
  /** Of the trials of these tasks, in any order. */
  rowsOf(tasks: ReadonlySet<string>): readonly NumberedRow[];
  /** Those worth looking at first first. */
  marked(): readonly MarkedTrial[];
  digest(): RunDigest;
}

export interface RunLibrary {
  /** Newest first. Reads no capsule: those that are not known yet are `unread`. */
  list(): Promise<readonly ShelvedRun[]>;
  /** Of every sealed run that is known, in any order. */
  digests(): Promise<readonly RunDigest[]>;
  /** Reads every sealed capsule that is not known yet, one after the other. */
  readAll(signal: AbortSignal, told: (path: string, left: number) => void): Promise<void>;
  /** By id, or by path. Throws `usage` where there is none, `integrity` where it can't be read as a capsule. */
  open(runIdOrPath: string): Promise<LibraryRun>;
  /** A run as its journal is written; null for one that is sealed and was not followed before. Throws what `open` throws. */
  follow(runIdOrPath: string): Promise<FollowedRun | null>;
  /** Closes what is open. */
  close(): void;
}
