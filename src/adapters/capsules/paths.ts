// Paths beside a capsule: its signature, its attachments, its lock.
import { basename, dirname, join } from "node:path";

export const CAPSULE_EXTENSION = ".capsule.jsonl";

/** The path without `.jsonl`, the base name of the files beside a capsule. */
const stem = (capsule: string): string => join(dirname(capsule), basename(capsule).replace(/(?:\.capsule)?\.jsonl$/, ".capsule"));

export const signaturePath = (capsule: string): string => `${stem(capsule)}.sig.json`;
export const attachmentsPath = (capsule: string): string => `${stem(capsule)}.files`;
/** Beside a journal, as long as it is not sealed. */
export const sumPath = (journal: string): string => `${stem(journal)}.sum.json`;
