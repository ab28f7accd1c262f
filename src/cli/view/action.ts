// `bakeoff view`: serves the pages until it is stopped, or writes them into a folder.
import { composeView } from "../../app/compose/view.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { exportSite } from "../../app/view/export.ts";
import { serveView } from "../../app/view/serve.ts";
import { stopSignal } from "../stop-signal.ts";
import { errInk } from "../text/ink.ts";
import type { ViewOptions } from "./flags.ts";

const write = (text: string): void => void process.stderr.write(text);

export async function view(runs: readonly string[], { export: folder, port = 0, addressOnly, home }: ViewOptions): Promise<number> {
  const places = findPlaces({ home });
  const signal = stopSignal();
  if (folder !== undefined) return exported(places, runs, folder, signal);
  await serveView(
    composeView(places, runs, signal),
    {
      port,
      opensBrowser: !addressOnly && Boolean(process.stdout.isTTY) && process.env["CI"] === undefined,
      // On stdout, so that a script can take it.
      listening: (url) => {
        process.stdout.write(`${url}\n`);
        write(errInk.dim("Only this machine, and only who has this address. Ctrl-C ends it.\n"));
      },
    },
    signal,
  );
  return 0;
}

async function exported(places: Places, runs: readonly string[], folder: string, signal: AbortSignal): Promise<number> {
  const isTerminal = Boolean(process.stderr.isTTY);
  const told = (file: string, written: number): void => (isTerminal ? write(`\r\u001b[2K${written} files: ${file}`) : undefined);
  const written = await exportSite(composeView(places, runs, signal), { folder, told }, signal);
  if (isTerminal) write("\r\u001b[2K");
  process.stdout.write(`${places.shown(folder)}/index.html\n`);
  write(`${written} files written\n`);
  return 0;
}
