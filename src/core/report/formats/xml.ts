// Text in XML and SVG: escaped, on one line, without characters that XML can't hold.
import { oneLine } from "../format.ts";
import { plainLines } from "../trial/block.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** For element content and quoted attributes. */
export const escapeXml = (text: string): string => escapeMarks(oneLine(text.toWellFormed()));

/** For element content of several lines. */
export const xmlBlock = (text: string): string => plainLines(text).map(escapeMarks).join("\n");

const escapeMarks = (line: string): string => line.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? "").replaceAll(/[\uFFFE\uFFFF]/g, "");
