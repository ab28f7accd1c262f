// Which candidates' servers may stand side by side on one machine, and in which turns the others are started.
import { createRandom } from "../base/random.ts";
import type { WrittenCandidates, WrittenPolicy } from "./schema.ts";
import { startCommand } from "./candidate/start-line.ts";

type Candidate = WrittenCandidates["candidate"][number];

/** The names of the candidates that are served at the same time. */
export type Turn = readonly string[];

/** What a server takes of its machine. */
interface Claim {
  readonly name: string;
  readonly address: string;
  /** GPUs by their names in CUDA_VISIBLE_DEVICES; null: all that there are. */
  readonly gpus: ReadonlySet<string> | null;
}

/** Even, so that what changes steadily over a run is the same for all: each is as often early as late. */
const MOST_BLOCKS = 4;

/** Into how many blocks the tasks of a run with these turns are cut. `items`: its tasks, each as often as it is repeated. */
export function blockCount(turns: readonly Turn[], items: number): number {
  if (turns.length < 2 || items < 2) return 1;
  return Math.min(MOST_BLOCKS, items - (items % 2));
}

/** In which block of so many an item is, from 0. */
export const blockOf = (item: number, items: number, blocks: number): number => Math.floor((item * blocks) / items);

export interface Visit {
  readonly turn: Turn;
  readonly blocks: readonly number[];
}

/**
 * Who is loaded when: all turns in order for the first block, backwards for the second, and so on. Whoever ends one block begins the next, and
 * stays. Source: counterbalancing by reversal (ABBA), as in Jones & Kenward, Design and Analysis of Cross-Over Trials.
 */
export function visitsOf(turns: readonly Turn[], blocks: number): readonly Visit[] {
  const visits: { readonly turn: Turn; readonly blocks: number[] }[] = [];
  for (let block = 0; block < blocks; block += 1) {
    for (const turn of block % 2 === 0 ? turns : turns.toReversed()) {
      const last = visits.at(-1);
      if (last?.turn === turn) last.blocks.push(block);
      else visits.push({ turn, blocks: [block] });
    }
  }
  return visits;
}

/** Everyone is in one turn; which come first is drawn by the seed, so that no candidate is always measured on a cold or a warm machine. */
export function turnsOf(candidates: readonly Candidate[], providers: WrittenPolicy["providers"], seed: number): readonly Turn[] {
  const turns: Claim[][] = [];
  for (const candidate of createRandom(`turns ${seed}`).shuffle(candidates)) {
    const claim = claimOf(candidate, providers);
    const free = turns.find((turn) => turn.every((other) => !conflict(claim, other)));
    if (free) free.push(claim);
    else turns.push([claim]);
  }
  return turns.map((turn) => turn.map(({ name }) => name).toSorted());
}

const conflict = (one: Claim, other: Claim): boolean => one.address === other.address || shareGpu(one.gpus, other.gpus);

function shareGpu(one: Claim["gpus"], other: Claim["gpus"]): boolean {
  if (one === null || other === null) return (one?.size ?? 1) > 0 && (other?.size ?? 1) > 0;
  return [...one].some((gpu) => other.has(gpu));
}

/** An empty CUDA_VISIBLE_DEVICES, or -1, is no GPU: such servers may stand beside any other. */
function claimOf({ name, provider, endpoint, start = "", start_env: set = {} }: Candidate, providers: WrittenPolicy["providers"]): Claim {
  const line = startCommand(start, "");
  const visible = (line.ok ? line.env["CUDA_VISIBLE_DEVICES"] : undefined) ?? set["CUDA_VISIBLE_DEVICES"];
  const gpus =
    visible === undefined
      ? null
      : new Set(
          visible
            .split(",")
            .map((gpu) => gpu.trim())
            .filter((gpu) => gpu !== "" && gpu !== "-1"),
        );
  return { name, address: addressOf(endpoint ?? providers[provider]?.endpoint ?? ""), gpus };
}

/** Host and port; the names of this machine are one. */
function addressOf(endpoint: string): string {
  if (!URL.canParse(endpoint)) return endpoint;
  const { hostname, port, protocol } = new URL(endpoint);
  const host = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(hostname) ? "localhost" : hostname;
  return `${host}:${port || (protocol === "https:" ? "443" : "80")}`;
}
