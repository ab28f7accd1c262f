// Debian's Chromium, driven for the viewer's tests: nothing it asks for may go anywhere else.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

const BROWSER = process.env["BAKEOFF_CHROMIUM"] ?? "/usr/bin/chromium";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function openChromium(): Promise<Browser> {
  if (!existsSync(BROWSER)) throw new Error(`${BROWSER} is not there: apt-get install chromium, or set BAKEOFF_CHROMIUM`);
  return chromium.launch({ executablePath: BROWSER, args: QUIET });
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
}

export const WIDE: Look = { width: 1280, height: 800, scheme: "light" };
export const LOOKS: readonly Look[] = [
  WIDE,
  { ...WIDE, scheme: "dark" },
  { width: 390, height: 844, scheme: "light" },
  { width: 390, height: 844, scheme: "dark" },
];

export interface WatchedPage {
  readonly page: Page;
  /** What no page of ours does: errors, messages, dialogs, requests to anywhere else. */
  readonly wrongs: string[];
}

/** `own`: how the addresses of our own pages begin. */
export async function watchedPage(browser: Browser, own: string, { width, height, scheme }: Look = WIDE): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  const wrongs: string[] = [];
  page.on("pageerror", (error) => wrongs.push(`error: ${error.message}`));
  page.on("console", (message) => wrongs.push(`console: ${message.text()}`));
  page.on("dialog", (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !url.startsWith("data:,")) wrongs.push(`request: ${url.slice(0, 200)}`);
  });
  return { page, wrongs };
}

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with the page as it is shown now. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run({ preload: false })")) as {
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** How much wider the page is than its window. */
export const overflow = (page: Page): Promise<number> => page.evaluate("document.documentElement.scrollWidth - window.innerWidth") as Promise<number>;
