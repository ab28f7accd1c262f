// The viewer in a real browser: every page, any size and colour scheme, by keyboard alone, live, from disk, and whatever a model wrote.
import type { TrialQueue } from "../../src/ports/trial-queue.ts";
import { inProcessQueue } from "../../src/trial/in-process-queue.ts";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sample } from "../setup/sample.ts";
import { scratch } from "../setup/scratch.ts";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { openLibrary } from "../../src/adapters/library/library.ts";
import { compareWithHistory } from "../../src/app/run/compare-history.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { reportModel } from "../../src/core/report/model.ts";
import { runComment } from "../../src/core/report/trend/run-comment.ts";
import { axeFaults, LOOKS, openChromium, overflow, watchedPage, WIDE } from "./chromium.ts";
import { HOSTILE, hostileCapsule } from "./hostile.ts";
import { bakeoffIn, runInHome, startViewer, tasksOf, type Viewer } from "./home.ts";

const FROZEN = new URL("../golden/formats/1/capsules/", import.meta.url).pathname;
/** Where the pages' pictures go: into docs/images where they are to be made anew. */
const PICTURES = process.env["UPDATE_SCREENSHOTS"] === "1" ? new URL("../../docs/images/", import.meta.url).pathname : null;

const TASKS = tasksOf(30);
const SKILL = { "gpt-oss-20b": 0.66, "qwen3-coder-30b": 0.52, "rustc-suggestions": 0.18, oracle: 1 };
const NEWEST = "2026-11-14T08-00-00Z-day14";
const BEFORE = "2026-11-13T08-00-00Z-day13";

let browser: Browser;
let home: string;
let viewer: Viewer;
beforeAll(async () => {
  home = await scratch();
  for (let day = 1; day <= 14; day += 1) {
    const date = `2026-11-${String(day).padStart(2, "0")}`;
    // From the eleventh on, a server of another version, and a candidate that is worse with it.
    const skill = day < 11 ? SKILL : { ...SKILL, "gpt-oss-20b": 0.38 };
    await runInHome(home, { id: `${date}T08-00-00Z-day${String(day).padStart(2, "0")}`, createdAt: `${date}T08:00:00.000Z`, tasks: TASKS, skill });
  }
  await copyFile(join(FROZEN, "default.capsule.jsonl"), join(home, "capsules", "default.capsule.jsonl"));
  const read = await bakeoffIn(home, "trend");
  expect([read.code, read.out]).toEqual([0, expect.stringContaining("DRIFT: pass of gpt-oss-20b is worse since 2026-11-11") as string]);
  browser = await openChromium();
  viewer = await startViewer(home);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await viewer?.stop();
});

const at = (file: string): string => `${viewer.url}${file}`;

const PAGES: Readonly<Record<string, () => string>> = {
  runs: () => "index.html",
  run: () => `run-${NEWEST}.html`,
  trial: () => lostTrial,
  compare: () => `compare-${NEWEST}~0-vs-${BEFORE}~0.html`,
  beside: () => `beside-${NEWEST}.html`,
  "runs compared": () => `compare-${NEWEST}~vs~${BEFORE}.html`,
  "other policy": () => `policy-${NEWEST}~here.html`,
  trend: () => "trend.html",
  live: () => `live-${NEWEST}.html`,
  audit: () => `audit-2026-11-22T19-59-09Z-0e42b7.html`,
};
/** A trial that gpt-oss-20b lost, taken from the grid. */
let lostTrial = "";
beforeAll(async () => {
  const { page } = await watchedPage(browser, viewer.url);
  await page.goto(at(`run-${NEWEST}.html`));
  lostTrial = (await page.locator("table.grid a.cell.fail").first().getAttribute("href")) ?? "";
  await page.close();
  expect(lostTrial).toMatch(/^trial-/);
});

const shown = Object.keys(PAGES).flatMap((name) => LOOKS.map((look) => ({ name, look, title: `${name} at ${look.width}, ${look.scheme}` })));

describe("each page", () => {
  it.each(sample("viewer pages", shown, 9))(
    "$title is as wide as its window, without a fault that axe-core knows, and asks nobody else",
    async ({ name, look }) => {
      const { page, wrongs } = await watchedPage(browser, viewer.url, look);
      const answer = await page.goto(at(PAGES[name]?.() ?? ""));
      expect(answer?.status()).toBe(200);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await axeFaults(page)).toEqual([]);
      expect(wrongs).toEqual([]);
      await page.close();
    },
  );

  it("that there is not says so", async () => {
    const { page } = await watchedPage(browser, viewer.url);
    for (const file of ["nothing.html", "run-nobody.html", `trial-${NEWEST}-999999.html`]) {
      expect((await page.goto(at(file)))?.status()).toBe(404);
      expect(await page.locator("h1").textContent()).toBe("Not here");
    }
    await page.close();
  });
});

it("a run's first screen at 1280 × 800 holds its verdict, rates, scatter and notices", async () => {
  const { page } = await watchedPage(browser, viewer.url);
  await page.goto(at(`run-${NEWEST}.html`));
  for (const part of [".headline", "table.ratetable", "svg.plot"]) {
    const box = await page.locator(part).first().boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
  }
  expect(await page.locator(".headline").textContent()).toMatch(
    /solves \d+\.\d% \[\d+–\d+\] of 25 low-risk tasks in its slot, .* points (more|fewer) than the compiler's own suggestions \[/,
  );
  await page.close();
});

it("the grid filters and sorts, counts what is left, and keeps it in the address", async () => {
  const { page } = await watchedPage(browser, viewer.url);
  await page.goto(at(`run-${NEWEST}.html`));
  const rows = page.locator("table.grid tbody tr:visible");
  const all = await rows.count();
  await page.selectOption('select[name="mark"]', "differs");
  const differing = await rows.count();
  expect(differing).toBeGreaterThan(0);
  expect(differing).toBeLessThan(all);
  for (const row of await rows.all()) expect(await row.getAttribute("data-mark")).toContain("differs");
  expect(await page.locator("output").textContent()).toBe(`${differing} of ${all} tasks`);
  await page.selectOption('select[name="sort"]', "lost");
  const lost = await rows.evaluateAll((found) => found.map((row) => Number(row.getAttribute("data-lost"))));
  expect(lost).toEqual(lost.toSorted((a, b) => b - a));
  await page.reload();
  expect(await rows.count()).toBe(differing);
  await page.selectOption('select[name="risk"]', "high");
  await page.selectOption('select[name="mark"]', "");
  expect(await rows.count()).toBe(TASKS.filter(({ risk }) => risk === "high").length);
  await page.selectOption('select[name="risk"]', "");
  const [first] = TASKS;
  await page.selectOption('select[name="family"]', first?.family ?? "");
  expect(await rows.count()).toBe(TASKS.filter(({ family }) => family === first?.family).length);
  await page.close();
});

describe("why did candidate X fail task Y?", () => {
  const failing = "left: 2";

  it("is two clicks from the list of runs", async () => {
    const { page } = await watchedPage(browser, viewer.url);
    await page.goto(at("index.html"));
    await page.locator(`a[href="run-${NEWEST}.html"]`).click();
    await page.locator(`a.cell[href="${lostTrial}"]`).click();
    expect(await page.locator(".why").innerText()).toContain(failing);
    const box = await page.locator(".why pre").boundingBox();
    expect(box?.y ?? 9999).toBeLessThan(800);
    await page.close();
  });

  it("is one command", async () => {
    const number = Number(/-(\d+)\.html$/.exec(lostTrial)?.[1]);
    const trial = `${Object.keys(SKILL)[number % 4] ?? ""}/${TASKS[Math.floor(number / 4)]?.id ?? ""}`;
    const { code, out } = await bakeoffIn(home, "show", NEWEST, trial);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 10).join("\n")).toContain(failing);
  });

  it("needs no mouse: from the list to the failing assertion and the next one", async () => {
    const { page, wrongs } = await watchedPage(browser, viewer.url);
    await page.goto(at("index.html"));
    await page.keyboard.press("/");
    await page.keyboard.type("day14");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/run-/);
    await page.keyboard.press("n");
    await page.waitForURL(/trial-/);
    const first = page.url();
    expect(await page.locator(".why").count()).toBe(1);
    await page.keyboard.press("j");
    expect(await page.locator(".card.here").count()).toBe(1);
    await page.keyboard.press("n");
    await page.waitForURL((url) => url.href !== first && /trial-/.test(url.href));
    await page.keyboard.press("u");
    await page.waitForURL(/run-/);
    await page.keyboard.press("?");
    expect(await page.locator("dialog[open]").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog[open]").count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.close();
  });

  it("can be seen without a script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(at(lostTrial));
    expect(await page.locator(".why").innerText()).toContain(failing);
    await context.close();
  });
});

it("the first differing event of a task that was lost is two clicks from a pull request's comment", async () => {
  // The pages' own address stands for where they were published.
  const { page, wrongs } = await watchedPage(browser, viewer.url);
  const library = openLibrary({ folder: join(home, "capsules"), files: [], cacheRoot: join(home, "cache-of-comment"), version: "1" });
  const trendOf = { library, baselines: () => Promise.resolve([]) };
  const run = "2026-11-11T08-00-00Z-day11";
  const { header, events } = await readCapsule(join(home, "capsules", `${run}.capsule.jsonl`));
  const comment = runComment(reportModel(foldRun(header, events)), await compareWithHistory(trendOf, run, new AbortController().signal), viewer.url);
  const link = /always passed before: \[[^\]]+\]\(([^)]+)\)/.exec(comment)?.[1] ?? "";
  expect(link).toMatch(/trial-2026-11-11T08-00-00Z-day11-\d+\.html#before$/);
  await page.goto(link);
  await page.locator("#before a[href^='#event-']").click();
  const event = page.locator("tr:target");
  expect(await event.textContent()).toMatch(/ModelCallEnvelope|ToolResult/);
  expect((await event.boundingBox())?.y ?? 9999).toBeLessThan(800);
  expect(wrongs).toEqual([]);
  await page.close();
}, 60_000);

it("any two runs, candidates and policies can be compared, by links from a run's page", async () => {
  const { page, wrongs } = await watchedPage(browser, viewer.url);
  await page.goto(at(`run-${NEWEST}.html`));
  await page.locator("a.button", { hasText: "Compare with" }).click();
  const beside = page.url();
  await page.locator("#others-table a", { hasText: "day03" }).click();
  expect(await page.locator(".headline").textContent()).toMatch(/worse: .*gpt-oss-20b/);
  await page.locator("a.worse").first().click();
  await page.waitForURL(/compare-.*~0-vs-.*~0/);
  expect(await page.locator(".headline").textContent()).toContain("points fewer than");
  await page.goto(beside);
  await page.locator("a", { hasText: "The policy here" }).click();
  expect(await page.locator(".headline").textContent()).toMatch(/of 120 trials/);
  expect(await page.locator("#policies").count()).toBe(1);
  expect(wrongs).toEqual([]);
  await page.close();
});

it("a run is watched live to its end", async () => {
  const { page, wrongs } = await watchedPage(browser, viewer.url);
  const id = "2026-11-15T08-00-00Z-live";
  let pause = 40;
  const queue: TrialQueue = {
    ...inProcessQueue(1),
    carryOut: async (trials) => {
      for (const trial of trials) {
        await new Promise((go) => setTimeout(go, pause));
        await trial.run(null);
      }
    },
  };
  const running = runInHome(home, {
    id,
    createdAt: "2026-11-15T08:00:00.000Z",
    tasks: TASKS.slice(0, 20),
    skill: SKILL,
    more: { queue },
  });
  await expect.poll(async () => (await fetch(at(`live-${id}.html`))).status, { timeout: 20_000 }).toBe(200);
  await page.goto(at(`live-${id}.html`));
  const done = async (): Promise<number> => Number(/(\d+) of 80 trials/.exec((await page.locator(".headline").textContent()) ?? "")?.[1] ?? -1);
  const seen = [await done()];
  await expect.poll(done, { timeout: 20_000 }).toBeGreaterThan(seen[0] ?? 0);
  expect(await page.locator(".headline").textContent()).toMatch(/about .* left/);
  expect(await page.locator(".feed li").count()).toBeGreaterThan(5);
  expect(await page.locator(".budget").first().textContent()).toMatch(/\d+ of \d+ tokens/);
  pause = 0;
  await running;
  const link = page.locator('.headline a[href^="run-"]');
  await link.waitFor({ timeout: 20_000 });
  expect(await done()).toBe(80);
  await link.click();
  await page.waitForURL(/run-/);
  expect(await page.locator("h1").count()).toBe(1);
  expect(wrongs).toEqual([]);
  await page.close();
}, 90_000);

it("the pages work from disk", async () => {
  const folder = join(home, "site");
  const { code, out } = await bakeoffIn(home, "view", NEWEST, BEFORE, "--export", folder);
  expect([code, out]).toEqual([0, "site/index.html\n"]);
  const files = await readdir(folder);
  for (const run of [NEWEST, BEFORE]) expect(files.filter((file) => file.startsWith(`trial-${run}-`)).length).toBe(TASKS.length * 4);
  // The two together are a run as well.
  expect(files).toContain("run-set-of-2.html");
  const own = `file://${folder}/`;
  const { page, wrongs } = await watchedPage(browser, own);
  await page.goto(`${own}index.html`);
  await page.locator(`a[href="run-${NEWEST}.html"]`).click();
  // The script runs there too: without it, the filters are hidden.
  await page.selectOption('select[name="sort"]', "lost");
  await page.locator("a.cell.fail").first().click();
  expect(await page.locator(".why").count()).toBe(1);
  await page.locator("nav a", { hasText: "Trend" }).click();
  expect(await page.locator("h1").textContent()).toBe("Trend");
  expect(await axeFaults(page)).toEqual([]);
  expect(wrongs).toEqual([]);
  await page.close();
}, 120_000);

describe("fifty hostile strings in names, prompts and outputs", () => {
  const run = "hostile-run";
  beforeAll(() => hostileCapsule(join(FROZEN, "default.capsule.jsonl"), home, run));

  /** What the strings would put into a page if they were more than text. */
  const INTRUDERS =
    "iframe, object, embed, base, form[action], img, video, math, textarea, meta[http-equiv=refresh], svg[onload], details[ontoggle], a[href^='javascript'], script:not([src='viewer.js']), link[href^='http'], style";

  /** Controls but for tabs and line ends, changes of direction, characters without a width: what is read must be what stands there. */
  const UNSEEN = /[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069\u200B\uFEFF]/u;

  async function expectInert(page: Page): Promise<void> {
    expect(await page.locator(INTRUDERS).count()).toBe(0);
    expect(await page.evaluate("window.__hit")).toBeUndefined();
    expect(await page.locator("body").innerText()).not.toMatch(UNSEEN);
  }

  it("are inert text on every page", async () => {
    const { page, wrongs } = await watchedPage(browser, viewer.url);
    // Until it was read, the list loads itself again.
    await expect.poll(async () => (await (await fetch(at("index.html"))).text()).includes("data-refresh"), { timeout: 60_000 }).toBe(false);
    const trials = sample("hostile trials", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 3).map((number) => `trial-${run}-${number}.html`);
    for (const file of [
      "index.html",
      `run-${run}.html`,
      `audit-${run}.html`,
      `compare-${run}~0-vs-${run}~1.html`,
      `beside-${run}.html`,
      `policy-${run}~here.html`,
      `compare-${run}~vs~${NEWEST}.html`,
      "trend.html",
      ...trials,
    ]) {
      expect([file, (await page.goto(at(file)))?.status()]).toEqual([file, 200]);
      for (const details of await page.locator("details").all()) await details.evaluate((one) => one.setAttribute("open", ""));
      await expectInert(page);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    expect(wrongs).toEqual([]);
    await page.close();
  }, 120_000);

  it("are there to be read: what is markup elsewhere stands in the run's notices as it was written", async () => {
    const { page } = await watchedPage(browser, viewer.url);
    await page.goto(at(`run-${run}.html`));
    await page.locator(".notices summary").click();
    const text = await page.locator(".notices").innerText();
    for (const hostile of HOSTILE.slice(0, 32).filter((one) => !/\s{2}/.test(one))) expect(text).toContain(hostile);
    await page.close();
  });

  it("do not stop the program's own text either", async () => {
    const { code, out } = await bakeoffIn(home, "show", run);
    expect(code).toBe(0);
    expect(out).not.toMatch(UNSEEN);
  });
});

it.runIf(PICTURES !== null)("the pages' pictures are made anew", async () => {
  await mkdir(PICTURES ?? "", { recursive: true });
  for (const name of ["runs", "run", "trial", "compare", "trend"]) {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await watchedPage(browser, viewer.url, { ...WIDE, scheme });
      await page.goto(at(PAGES[name]?.() ?? ""));
      await page.screenshot({ path: join(PICTURES ?? "", `view-${name}-${scheme}.png`) });
      await page.close();
    }
  }
});
