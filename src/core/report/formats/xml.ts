// Text in XML and SVG: escaped, on one line, without characters that XML can't hold.
import { oneLine } from "../format.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** For element content and quoted attributes. */
export function escapeXml(text: string): string {
  return oneLine(text.toWellFormed())
    .replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? "")
    .replaceAll(/[\uFFFE\uFFFF]/g, "");
}
