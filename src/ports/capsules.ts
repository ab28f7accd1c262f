// Stored capsules: what is known of one, and what can be done with it. Interfaces only.
import type { Sha256 } from "../core/base/canonical.ts";
import type { SigningKey } from "../core/base/dsse.ts";
import type { ExportManifest } from "../core/capsule/export-rule.ts";
import type { EventLine, Header, Seal } from "../core/capsule/line.ts";
import type { RunReader, TrialRecord } from "../core/capsule/record.ts";
import type { SignatureVerdict } from "../core/capsule/proof/statement.ts";
import type { Fault, Unchecked } from "../core/capsule/verify.ts";

export interface CheckedCapsule {
  readonly header: Header;
  readonly seal: Seal | null;
  readonly fileHash: Sha256;
  readonly bytes: number;
  readonly events: number;
  readonly texts: number;
  /** Texts that a safe export left out: 0 for a whole capsule. */
  readonly withheld: number;
  /** By event type, in the order of their names. */
  readonly eventTypes: Readonly<Record<string, number>>;
  /** Every check that fails, those of the signature and of the attachments with them. */
  readonly faults: readonly Fault[];
  /** Checks that had nothing to go by. */
  readonly unchecked: readonly Unchecked[];
  readonly signature: SignatureVerdict;
}

/** Memory grows with trials and texts (some hundred bytes each), not with what they hold. */
export interface OpenCapsule extends CheckedCapsule, RunReader {
  /** One planned trial, read by itself; null where none of that id was planned. */
  trial(id: string): TrialRecord | null;
  /** Null where the capsule does not hold it. */
  text(hash: Sha256): string | null;
  holds(hash: Sha256): boolean;
  /** Was the text left out of a safe export? */
  isWithheld(hash: Sha256): boolean;
  /** Throws `integrity` where the file is no longer the one that was checked. */
  close(): void;
}

export interface ListedCapsule {
  readonly run: string;
  readonly path: string;
  readonly state: "sealed" | "unfinished" | "damaged";
  /** A process is writing to it now. */
  readonly inUse: boolean;
  readonly signed: boolean;
  /** A safe export of a capsule, imported. */
  readonly isSafeExport: boolean;
  /** Null where it is damaged. */
  readonly header: Header | null;
}

/** A file that lies beside a capsule. */
export interface Attachment {
  readonly name: string;
  readonly sha256: Sha256;
  readonly bytes: number;
  /** RFC 3339, UTC. */
  readonly attached_at: string;
}

export interface ExportOptions {
  /** Leave texts out by rule. */
  readonly safe: boolean;
  readonly container: "tar" | "mv2";
  /** For public keys (`age1…`), or under a passphrase; null: in the clear. */
  readonly encrypt: { readonly recipients: readonly string[]; readonly passphrase: string | null } | null;
  readonly target: string;
}

export interface ImportKeys {
  /** Secret keys: `AGE-SECRET-KEY-…`. */
  readonly identities: readonly string[];
  readonly passphrase: string | null;
  /** Raw ed25519 public keys in base64. */
  readonly trusted: readonly string[];
}

export interface ImportedCapsule {
  readonly capsule: string;
  readonly checked: CheckedCapsule;
  /** The very same capsule was here already: nothing was written. */
  readonly known: boolean;
}

/** Methods that read one throw `integrity` (a CapsuleFault) where the file can't be read as a capsule, and `usage` where it can't be read. */
export interface StoredCapsules {
  /** In one pass; what is wrong is data. */
  check(path: string, trusted: readonly string[]): Promise<CheckedCapsule>;
  /** `seen` is shown every event as the file has them. */
  open(path: string, trusted: readonly string[], seen?: (line: EventLine) => void): Promise<OpenCapsule>;
  /** Shows every event with its line, holding one at a time. */
  scan(path: string, seen: (line: EventLine, text: string) => void): Promise<void>;
  /** The capsules of a folder, newest first; damaged ones too. */
  list(folder: string): Promise<readonly ListedCapsule[]>;
  /** With what lies beside it. Throws `environment` where it is being written. */
  remove(capsule: ListedCapsule): Promise<void>;
  /** Gives the signature's path. Throws `integrity` for a capsule that does not verify. */
  sign(path: string, key: SigningKey): Promise<string>;
  /** What lies beside it as its signature; null where it is not signed. */
  signature(path: string): Promise<unknown>;
  attachments(path: string): Promise<readonly Attachment[]>;
  /** Throws `usage` where another file of the name is attached. */
  attach(
    path: string,
    files: readonly string[],
    about: { readonly runId: string; readonly sealHash: Sha256; readonly attachedAt: string },
  ): Promise<readonly Attachment[]>;
  /** Throws `usage` where something of the target's name is there. */
  export(path: string, order: ExportOptions): Promise<ExportManifest>;
  /** Throws `integrity` for anything that does not verify, and `usage` where another capsule of that run is in the folder. */
  import(file: string, folder: string, keys: ImportKeys): Promise<ImportedCapsule>;
}

/** Public keys from the command line and from a file with one a line. Throws `usage` for what is none. */
export type TrustedKeys = (keys: readonly string[], file: string | null) => Promise<readonly string[]>;

/** The words of a small file, one a line. `what` names what it should hold. Throws `usage` where it holds nothing. */
export type LineListFile = (path: string, what: string) => Promise<readonly string[]>;
