// The same repairs by the peers' own programs and by ours, over the same scripted server and the same floor.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { findPlaces } from "../../src/app/places.ts";
import { rehearsedPolicy } from "../../test/servers/rehearsed-policy.ts";
import { type Figure, median } from "../figure.ts";
import { type Arena, buildEnv, type Contestant, ranBy, type Spent } from "./contestants.ts";
import { installedPeers } from "./installed.ts";
import { chosenRepairs, type Forgery, FORGERIES, forgedAnswer, type Repairs, solutionOf } from "./repairs.ts";
import { startScriptedServer } from "./server.ts";
import { type PeerTable, writePeerTable } from "./table.ts";

const PEERS = ["Inspect AI", "promptfoo", "evalite"] as const satisfies readonly Contestant[];
const ALL = ["floor", ...PEERS, "Bakeoff"] as const satisfies readonly Contestant[];
const CASES = ["shared folder", "folder copied for each repair"] as const;
type Case = (typeof CASES)[number];

/** Each round runs every contestant in both cases, in an order that moves on by one. */
export async function peerFigures(count: number, rounds: number): Promise<Figure[]> {
  const installed = installedPeers();
  const chosen = await chosenRepairs(count);
  let answerTo = solutionOf;
  const server = await startScriptedServer(chosen.tasks, (task) => answerTo(task));
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-peers-"));
  try {
    const warm = join(folder, "w");
    layPolicy(join(folder, "policy"), server.endpoint);
    layWarm(warm, chosen);
    const arena = { installed, chosen, endpoint: server.endpoint, folder, warm };
    // Bases are prepared, and programs started once, before anything is timed.
    for (const contestant of ALL) await ranBy(contestant, { ...arena, chosen: first(chosen) }, false);
    const taken = await timedRounds(arena, rounds);
    const fooled = new Map<Forgery, readonly Contestant[]>();
    for (const forgery of Object.keys(FORGERIES) as Forgery[]) {
      const task = chosen.tasks.find((one) => one.kind === "test" && forgedAnswer(one, forgery) !== null);
      if (task === undefined) continue;
      answerTo = () => forgedAnswer(task, forgery) ?? "";
      const only = { ...arena, chosen: just(chosen, task.id) };
      const by: Contestant[] = [];
      for (const contestant of [...PEERS, "Bakeoff"] as const) if ((await ranBy(contestant, only, false)).passed > 0) by.push(contestant);
      fooled.set(forgery, by);
    }
    const table: PeerTable = {
      count: chosen.tasks.length,
      rounds,
      over: overOf(taken, chosen.tasks.length),
      totals: totalsOf(taken, chosen.tasks.length),
      fooled,
    };
    writePeerTable(table);
    return figuresOf(table);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Taken {
  readonly contestant: Contestant;
  readonly where: Case;
  readonly round: number;
  readonly spent: Spent;
}

async function timedRounds(arena: Arena, rounds: number): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const where of CASES) {
      for (const index of ALL.keys()) {
        const contestant = ALL[(index + round) % ALL.length] ?? "floor";
        const spent = await ranBy(contestant, arena, where !== "shared folder");
        if (spent.passed !== arena.chosen.tasks.length) throw new Error(`${contestant} took ${spent.passed} of ${arena.chosen.tasks.length} repairs for done`);
        process.stdout.write(`  ${where}, round ${round + 1}: ${contestant} ${spent.wall.toFixed(1)} s, ${spent.processor.toFixed(1)} s of processor time\n`);
        taken.push({ contestant, where, round, spent });
        // What a server of one process does meanwhile is done before the next begins.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
  return taken;
}

/** Milliseconds of processor time a repair over the floor of the same round. */
function overOf(taken: readonly Taken[], count: number): PeerTable["over"] {
  return byCase((where, contestant) =>
    taken
      .filter((one) => one.where === where && one.contestant === contestant)
      .map(({ round, spent }) => ((spent.processor - floorOf(taken, where, round).processor) / count) * 1000),
  );
}

/** Milliseconds a repair: processor and wall, the floor's among them. */
function totalsOf(taken: readonly Taken[], count: number): PeerTable["totals"] {
  return byCase((where, contestant) => {
    const its = taken.filter((one) => one.where === where && one.contestant === contestant).map(({ spent }) => spent);
    return { processor: (median(its.map(({ processor }) => processor)) / count) * 1000, wall: (median(its.map(({ wall }) => wall)) / count) * 1000 };
  });
}

const byCase = <T>(of: (where: Case, contestant: Contestant) => T): Record<Case, Record<Contestant, T>> =>
  Object.fromEntries(CASES.map((where) => [where, Object.fromEntries(ALL.map((contestant) => [contestant, of(where, contestant)]))])) as Record<
    Case,
    Record<Contestant, T>
  >;

function floorOf(taken: readonly Taken[], where: Case, round: number): Spent {
  const found = taken.find((one) => one.where === where && one.round === round && one.contestant === "floor");
  if (found === undefined) throw new Error(`round ${round} has no floor`);
  return found.spent;
}

function figuresOf({ over, totals, fooled }: PeerTable): Figure[] {
  const figures = CASES.flatMap((where) =>
    ([...PEERS, "Bakeoff"] as const).map((contestant): Figure => {
      const bound =
        contestant === "Bakeoff" && where === "shared folder" ? Math.min(...PEERS.map((peer) => median(over[where][peer]))) : Number.POSITIVE_INFINITY;
      return { name: `${contestant} over the floor, ${where}`, unit: " ms a repair", samples: over[where][contestant], bound };
    }),
  );
  const isolated = totals["folder copied for each repair"];
  const best = Math.min(...PEERS.map((peer) => isolated[peer].processor));
  return [
    ...figures,
    { name: "Bakeoff ÷ the best peer with a folder for each repair, processor time", unit: "×", samples: [isolated.Bakeoff.processor / best], bound: 0.5 },
    {
      name: "forgeries that Bakeoff takes for a repair",
      unit: ` of ${fooled.size}`,
      samples: [[...fooled.values()].filter((names) => names.includes("Bakeoff")).length],
      bound: 0,
    },
  ];
}

function just(chosen: Repairs, id: string): Repairs {
  return { base: chosen.base, tasks: chosen.tasks.filter((task) => task.id === id), repairs: chosen.repairs.filter((repair) => repair.id === id) };
}

const first = (chosen: Repairs): Repairs => just(chosen, chosen.tasks[0]?.id ?? "");

/** The base as its engineers have it, all its tests built. */
function layWarm(warm: string, { base }: Repairs): void {
  for (const [path, content] of base.tree) {
    mkdirSync(dirname(join(warm, path)), { recursive: true });
    writeFileSync(join(warm, path), content);
  }
  const { status } = spawnSync("cargo", ["test", "--offline", "--quiet", "--workspace", "--lib", "--tests"], {
    cwd: warm,
    env: { ...process.env, ...buildEnv() },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the repository's own tests fail");
}

/** The shipped policy, with every model at the scripted server and no calibration: a peer has none. */
function layPolicy(folder: string, endpoint: string): void {
  mkdirSync(folder, { recursive: true });
  const shipped = readFileSync(findPlaces({}).shippedPolicy, "utf8");
  const policy = rehearsedPolicy({ shipped, candidate: "scripted", endpoints: { reflex: endpoint, cloud: endpoint } });
  writeFileSync(join(folder, "model_policy.toml"), policy);
  writeFileSync(join(folder, "candidates.toml"), CANDIDATES);
}

const CANDIDATES = `format = 1

[[candidate]]
name = "scripted"
provider = "sglang"
model = "scripted"
temperature = 0.0
max_output_tokens = 4096
start = "python -m sglang.launch_server --model-path rehearsal/scripted --served-model-name scripted --port 30000"
vram = "24 GB"
`;
