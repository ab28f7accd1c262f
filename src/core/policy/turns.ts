// Which candidates' servers may stand side by side on one machine, and in which turns the others are started.
import { createRandom } from "../base/random.ts";
import type { WrittenCandidates, WrittenPolicy } from "./schema.ts";
import { startCommand } from "./start-line.ts";

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
