// The viewer's site: a page for every name that is one, made when it is asked for. Nothing here writes.
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";
import type { RunDigest } from "../../core/report/runs/digest.ts";
import { runListing } from "../../core/report/runs/listing.ts";
import { livePage } from "../../core/report/runs/live.ts";
import { gridChoice } from "../../core/report/runs/grid-choice.ts";
import { type RunPageInput, runPage } from "../../core/report/runs/page.ts";
import { DEFAULT_TREND_ALPHA } from "../../core/report/trend/level.ts";
import { trendModel } from "../../core/report/trend/model.ts";
import { showCommand } from "../../core/report/trial/list.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { MarkedTrial } from "../../core/report/trial/marks.ts";
import type { LibraryRun, ShelvedRun } from "../../ports/run-library.ts";
import type { PageAnswer } from "../../ports/view-server.ts";
import { AuditPage } from "../../ui/audit-page.tsx";
import { LINKS, type Route, routeOf } from "../../ui/links.ts";
import { LivePage } from "../../ui/live-page.tsx";
import { ProblemPage } from "../../ui/problem-page.tsx";
import { RunPage } from "../../ui/run-page.tsx";
import { RunsPage, type RunsRow } from "../../ui/runs-page.tsx";
import { TrendPage } from "../../ui/trend-page.tsx";
import { TrialPage } from "../../ui/trial-page.tsx";
import { storedTrialPage } from "../show/trial.ts";
import { ComparisonPages, nearComparisons } from "./comparisons.ts";
import { numberedTrial, trialNumber } from "./trial-numbers.ts";
import type { ViewPorts } from "./ports.ts";
import { runBefore, trialBefore } from "./run-before.ts";

export interface SiteOptions {
  /** Pages for a folder: no server answers, and nothing goes on. */
  readonly isExport: boolean;
}

type Node = ReturnType<typeof ProblemPage>;
type RouteOf<P extends Route["page"]> = Extract<Route, { page: P }>;

export class ViewSite {
  private readonly ports: ViewPorts;
  private readonly isExport: boolean;
  private readonly comparisons: ComparisonPages;
  private reading: Promise<void> | null = null;
  private readonly stop = new AbortController();

  constructor(ports: ViewPorts, { isExport }: SiteOptions) {
    this.ports = ports;
    this.isExport = isExport;
    this.comparisons = new ComparisonPages(ports, isExport);
  }

  /** Never throws: what is wrong is a page too. */
  async answer(file: string, chosen = new URLSearchParams()): Promise<PageAnswer> {
    try {
      const asset = await this.ports.asset(file);
      if (asset !== null) return { status: 200, type: file.endsWith(".css") ? "text/css" : "text/javascript", body: asset };
      const route = routeOf(file);
      if (route === null) return problem(404, "There is no such page.", "");
      return { status: 200, type: "text/html", body: documentOf(await this.page(route, chosen)) };
    } catch (error) {
      if (error instanceof BakeoffError) return problem(error.code === "usage" ? 404 : 500, error.message, error.hint);
      return problem(500, `unexpected error: ${messageOf(error)}`, "this is a bug in bakeoff: please report it");
    }
  }

  close(): void {
    this.stop.abort(new BakeoffError("interrupted", "the viewer was closed"));
    this.ports.library.close();
  }

  private page(route: Route, chosen: URLSearchParams): Promise<Node> {
    const pages: { readonly [P in Route["page"]]: (of: RouteOf<P>) => Promise<Node> } = {
      runs: () => this.runs(),
      trend: () => this.trend(),
      run: ({ run, part }) => this.run(run, { choice: gridChoice(chosen), page: part }),
      live: ({ run }) => this.live(run),
      audit: ({ run }) => this.audit(run),
      trial: ({ run, number }) => this.trial(run, number),
      compare: ({ a, b }) => this.comparisons.candidates(a, b),
      "runs-compared": ({ a, b }) => this.comparisons.runs(a, b),
      "other-policy": ({ run, policyOf }) => this.comparisons.underPolicy(run, policyOf),
      beside: ({ run }) => this.comparisons.beside(run),
    };
    return (pages[route.page] as (of: Route) => Promise<Node>)(route);
  }

  private async runs(): Promise<Node> {
    const rows = await this.ports.library.list();
    this.readOn(rows);
    const { places } = this.ports;
    return RunsPage({ folder: places.shown(places.capsules), rows, isExport: this.isExport, runCalledAs: places.runCalledAs });
  }

  /** Capsules that are not known yet are read beside the answers, one after the other. */
  private readOn(rows: readonly ShelvedRun[]): void {
    if (this.reading !== null || this.isExport || rows.every(({ state }) => state !== "unread")) return;
    this.reading = this.ports.library
      .readAll(this.stop.signal, () => undefined)
      // What a capsule lacks is said on its own page; that the viewer was closed is no fault.
      .catch(() => undefined)
      .finally(() => {
        this.reading = null;
      });
  }

  private async run(name: string, grid: Pick<RunPageInput, "choice" | "page">): Promise<Node> {
    const { places } = this.ports;
    const run = await this.ports.library.open(name);
    const digest = run.digest();
    const marked = run.marked();
    const before = run.set ? null : ((await runBefore(this.ports.library, digest))?.digest() ?? null);
    const page = runPage({
      header: run.header,
      figures: run.report(),
      marks: new Map(marked.map(({ id, marks }) => [id, marks])),
      digest,
      before,
      rowsOf: (tasks) => run.rowsOf(tasks),
      ...grid,
    });
    const command = `${places.calledAs} show ${shellWord(run.set?.named ?? name)}`;
    return RunPage({
      page,
      row: rowOf(run, digest),
      members: run.set?.runs ?? [],
      isExport: this.isExport,
      pairs: nearComparisons(digest, before),
      next: nextOf(run, marked, null),
      showCommand: command,
    });
  }

  private async trial(name: string, number: number): Promise<Node> {
    const { loadSuite, places } = this.ports;
    const run = await this.ports.library.open(name);
    const id = numberedTrial(run, number);
    const trial = id === null ? null : run.trial(id);
    if (trial === null) throw new BakeoffError("usage", `run ${name} has no trial of number ${number}`, "go back to the run");
    const { header } = run;
    return TrialPage({
      page: await storedTrialPage({ header, trial, texts: run }, loadSuite),
      isExport: this.isExport,
      runTitle: `${header.suite.name} ${header.run_id}`,
      next: nextOf(run, run.marked(), trial.id),
      before: await trialBefore(this.ports.library, run, trial),
      showCommand: showCommand(run.set?.named ?? name, trial.id, places.calledAs),
    });
  }

  private async trend(): Promise<Node> {
    const { library, baselines } = this.ports;
    const rows = await library.list();
    this.readOn(rows);
    return TrendPage({ model: trendModel(await library.digests(), DEFAULT_TREND_ALPHA, await baselines()), isExport: this.isExport });
  }

  private async live(name: string): Promise<Node> {
    const run = await this.ports.library.follow(name);
    if (run === null) return this.run(name, { choice: gridChoice(new URLSearchParams()), page: 1 });
    const snapshot = readStoredSnapshot(run.text(run.header.policy.snapshot_hash));
    const page = livePage({ header: run.header, events: run.events, isSealed: run.isSealed, snapshot: snapshot.ok ? snapshot.snapshot : null });
    return LivePage({ page, isExport: this.isExport });
  }

  private async audit(name: string): Promise<Node> {
    const run = await this.ports.library.open(name);
    const { path } = run;
    if (!run.isSealed) throw new BakeoffError("usage", `run ${name} is not finished`, "it can be replayed once it is sealed");
    const command = `${this.ports.places.calledAs} replay ${shellWord(name)} --reexecute`;
    return AuditPage({ model: await this.ports.audit(path), isExport: this.isExport, numberOf: (trial) => trialNumber(run, trial), command });
  }
}

const documentOf = (node: Node): string => `<!doctype html>${String(node)}`;

const problem = (status: number, message: string, hint: string): PageAnswer => ({
  status,
  type: "text/html",
  body: documentOf(ProblemPage({ message, hint })),
});

function stateOf({ set, isSealed }: LibraryRun): RunsRow["state"] {
  if (set !== undefined) return "set";
  return isSealed ? "sealed" : "running";
}

function rowOf(run: LibraryRun, digest: RunDigest): RunsRow {
  return { run: digest.run, state: stateOf(run), isSigned: run.isSigned, faults: run.faults, listing: runListing(digest) };
}

function nextOf(run: LibraryRun, marked: readonly MarkedTrial[], after: string | null): { readonly text: string; readonly href: string } | null {
  const next = marked[after === null ? 0 : marked.findIndex(({ id }) => id === after) + 1];
  const number = next ? trialNumber(run, next.id) : null;
  return next && number !== null ? { text: next.id, href: LINKS.trial(run.header.run_id, number) } : null;
}
