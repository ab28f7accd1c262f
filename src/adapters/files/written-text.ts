// Text files that a person wrote: UTF-8 or an issue with its place, never a text with some of it replaced.
import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import type { FileIssue } from "../../core/base/errors.ts";

export type WrittenText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly issue: FileIssue };

/** `shown`: how messages name the file. Throws what reading throws. */
export async function readWrittenText(path: string, shown: string): Promise<WrittenText> {
  const bytes = await readFile(path);
  if (isUtf8(bytes)) return { ok: true, text: bytes.toString("utf8") };
  return { ok: false, issue: { path: shown, ...placeOfFirstFault(bytes), message: "a byte that is not UTF-8: save the file as UTF-8" } };
}

/** 1-based; columns count characters. */
function placeOfFirstFault(bytes: Buffer): Pick<FileIssue, "line" | "column"> {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const own = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(own) || end < 0) return { line, column: columnOfFault(own) };
    start = end + 1;
  }
}

/** Where decoding replaces something that was not there: the first character whose bytes are others than the file's. */
function columnOfFault(bytes: Buffer): number {
  let [offset, column] = [0, 1];
  for (const character of bytes.toString("utf8")) {
    const own = Buffer.from(character);
    if (!bytes.subarray(offset, offset + own.length).equals(own)) break;
    offset += own.length;
    column += 1;
  }
  return column;
}
