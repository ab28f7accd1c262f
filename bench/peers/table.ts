// What the peers' bench found, as the block of docs/performance.md that is made of it.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { median } from "../figure.ts";
import type { Contestant } from "./contestants.ts";
import { VERSIONS } from "./installed.ts";
import type { Forgery } from "./repairs.ts";

type ByCase<T> = Readonly<Record<"shared folder" | "folder copied for each repair", Readonly<Record<Contestant, T>>>>;

export interface PeerTable {
  readonly count: number;
  readonly rounds: number;
  /** Milliseconds of processor time a repair over the floor's, one a round. */
  readonly over: ByCase<readonly number[]>;
  /** Milliseconds a repair. */
  readonly totals: ByCase<{ readonly processor: number; readonly wall: number }>;
  /** Who took it for a repair. */
  readonly fooled: ReadonlyMap<Forgery, readonly Contestant[]>;
}

const PAGE = resolve("docs/performance.md");
const [BEGIN, END] = ["<!-- bench peers: begin -->\n", "<!-- bench peers: end -->"];

/** With BENCH_DOCS=1 only: a bench on a busy machine says nothing for others. */
export function writePeerTable(table: PeerTable): void {
  if (process.env["BENCH_DOCS"] !== "1") return;
  const page = readFileSync(PAGE, "utf8");
  const [head = "", rest = ""] = page.split(BEGIN);
  if (!rest.includes(END)) throw new Error(`${PAGE} has no block for the peers`);
  writeFileSync(PAGE, `${head}${BEGIN}${blockOf(table)}${rest.slice(rest.indexOf(END))}`);
}

function blockOf({ count, rounds, over, totals, fooled }: PeerTable): string {
  const shared = "shared folder";
  const copied = "folder copied for each repair";
  const row = (contestant: Contestant): string => {
    const cells = [shared, copied].flatMap((where) => {
      const { processor, wall } = totals[where as typeof shared][contestant];
      const its = over[where as typeof shared][contestant];
      return [contestant === "floor" ? "–" : median(its).toFixed(0).replace("-", "−"), (processor / 1000).toFixed(2), (wall / 1000).toFixed(2)];
    });
    const name = contestant in VERSIONS ? `${contestant} ${VERSIONS[contestant as keyof typeof VERSIONS]}` : contestant;
    return `| ${name} | ${cells.join(" | ")} |`;
  };
  const contestants: readonly Contestant[] = ["floor", "evalite", "promptfoo", "Inspect AI", "Bakeoff"];
  const names = ["evalite", "promptfoo", "Inspect AI", "Bakeoff"] as const;
  const forgeries = [...fooled].map(([forgery, by]) => `| ${forgery} | ${names.map((name) => (by.includes(name) ? "fooled" : "not")).join(" | ")} |`);
  return `
${count} one-file repairs by one scripted server, ${rounds === 1 ? "one round" : `${rounds} rounds, in turn`}, ${new Date().toISOString().slice(0, 10)}. *Over the floor*: milliseconds of processor time a repair over
the bare calls and the bare scorer; then all of it in seconds a repair, processor and wall. The peers' scorer lays the answer, runs
\`cargo test\` and believes its exit status. Ours judges in a sandbox, in two builds, and copies no folder.

| | over the floor, ${shared} | processor | wall | over the floor, ${copied} | processor | wall |
|---|---:|---:|---:|---:|---:|---:|
${contestants.map((contestant) => row(contestant)).join("\n")}

| Forgery | ${names.join(" | ")} |
|---|---|---|---|---|
${forgeries.join("\n")}

`;
}
