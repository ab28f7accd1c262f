// The viewer's pages as files of a folder, which work from disk: the first page and all that it leads to.
import { join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { LINKS, routeOf } from "../../ui/links.ts";
import type { ViewPorts } from "./ports.ts";
import { ViewSite } from "./site.ts";

export interface SiteExportPorts extends ViewPorts {
  readonly texts: Pick<TextFiles, "write">;
}

export interface SiteExportRequest {
  readonly folder: string;
  readonly told: (file: string, written: number) => void;
}

const ASSETS = ["viewer.css", "viewer.js"];

/** Gives how many files were written. Throws `integrity` where a page can't be made. */
export async function exportSite(ports: SiteExportPorts, { folder, told }: SiteExportRequest, signal: AbortSignal): Promise<number> {
  await ports.library.readAll(signal, () => undefined);
  const site = new ViewSite(ports, { isExport: true });
  const known = new Set<string>([LINKS.runs, ...ASSETS]);
  let written = 0;
  // A set is gone through in the order in which it grows.
  for (const file of known) {
    signal.throwIfAborted();
    const { status, body } = await site.answer(file);
    if (status !== 200)
      throw new BakeoffError("integrity", `${file} can't be made: ${/class="headline">([^<]*)/.exec(body)?.[1] ?? ""}`, "look at it: bakeoff view");
    await ports.texts.write(join(folder, file), body);
    written += 1;
    told(file, written);
    if (!ASSETS.includes(file)) for (const link of linksIn(body)) known.add(link);
  }
  return written;
}

/** The pages that a page leads to. */
function linksIn(body: string): readonly string[] {
  const found = [...body.matchAll(/ href="([^"#?]+)[^"]*"/g)].map(([, file = ""]) => file.replaceAll("&#126;", "~"));
  return found.filter((file) => routeOf(file) !== null);
}
