// Text inside XML and SVG: escaped, on one line, without the characters that XML can't hold.
import { oneLine } from "../format.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Fit for an element's content and for an attribute in quotes. */
export function escapeXml(text: string): string {
  return oneLine(text.toWellFormed())
    .replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? "")
    .replaceAll(/[\uFFFE\uFFFF]/g, "");
}
