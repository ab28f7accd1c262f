// Shows the runs of a home in a browser, until it is stopped.
import type { StartViewServer } from "../../ports/view-server.ts";
import type { ViewPorts } from "./ports.ts";
import { ViewSite } from "./site.ts";

export interface ServeViewPorts extends ViewPorts {
  readonly start: StartViewServer;
  readonly openBrowser: (url: string) => void;
}

export interface ServeViewRequest {
  /** 0: any that is free. */
  readonly port: number;
  readonly opensBrowser: boolean;
  /** Is told the address, with the token that opens it. */
  readonly listening: (url: string) => void;
}

/** Resolves once the signal aborts. */
export async function serveView(ports: ServeViewPorts, { port, opensBrowser, listening }: ServeViewRequest, signal: AbortSignal): Promise<void> {
  const site = new ViewSite(ports, { isExport: false });
  const server = await ports.start((file, chosen) => site.answer(file, chosen), port);
  listening(server.url);
  if (opensBrowser) ports.openBrowser(server.url);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  site.close();
  await server.close();
}
