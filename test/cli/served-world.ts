// A world of rehearsal servers for whole runs: a reflex server, a cloud server and a notebook, and a policy that points at them.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import type { EventLine } from "../../src/core/capsule/line.ts";
import { says } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import { type RehearsalNotebook, startRehearsalNotebook } from "../servers/rehearsal-notebook.ts";
import type { Scene, Stage } from "../servers/rehearsal-stage.ts";
import { rehearsedPolicy } from "../servers/rehearsed-policy.ts";
import { scratch } from "../setup/scratch.ts";
import { ROOT } from "./bakeoff.ts";
import { layTinySuite } from "./tiny-suite.ts";

export interface ServedWorld {
  readonly reflex: RehearsalServer;
  readonly cloud: RehearsalServer;
  readonly notebook: RehearsalNotebook;
  readonly suite: string;
  readonly policy: string;
  readonly cwd: string;
  close(): Promise<void>;
}

/** The edits that repair each task of the tiny suite. */
const REPAIRS: Readonly<Record<string, { readonly path: string; readonly search: string; readonly replace: string }>> = {
  "src/area.rs": { path: "src/area.rs", search: "width + height", replace: "width * height" },
  "src/count.rs": { path: "src/count.rs", search: "% 2 == 1", replace: "% 2 == 0" },
  "src/name.rs": { path: "src/name.rs", search: "let text = String::new();", replace: "let mut text = String::new();" },
};

const promptOf = ({ request }: Stage): string => JSON.stringify(request.body["messages"]);

/** The repair of the task that the prompt is about: its editable file is named there. */
export const repairs: Scene = (stage) => {
  const path = Object.keys(REPAIRS).find((file) => promptOf(stage).includes(`You may change: \`${file}\``)) ?? "";
  return says({ content: [JSON.stringify({ edits: [REPAIRS[path]] })] })(stage);
};

/** An answer that fits the schema and repairs nothing. */
export const changesNothing: Scene = says({ content: [JSON.stringify({ edits: [] })] });

/** Plays every cloud role well, by the schema that is asked for. */
export const cloudPlays: Scene = (stage) => {
  const format = stage.request.body["response_format"] as { readonly json_schema?: { readonly name?: string } } | undefined;
  const name = format?.json_schema?.name;
  if (name === "edits") return repairs(stage);
  const said =
    name === "counter_signal"
      ? JSON.stringify({ severity: "advisory", kind: "other", message: "Looks small.", evidence_ref: null })
      : name === "unlock_decision"
        ? JSON.stringify({ unlock_decision: "UNLOCK", decision_rationale: "Tests pass.", next_steps: [] })
        : "Put the operator right.";
  return says({ content: [said] })(stage);
};

export const KEY = "sk-planted-0123456789abcdef";

/** Three servers, the tiny suite, and the project's own policy with its addresses changed. */
export async function openServedWorld(change: (policy: string) => string = (text) => text): Promise<ServedWorld> {
  const reflex = await startRehearsalServer({ dialect: "sglang", models: ["small-1"], fallback: repairs });
  const cloud = await startRehearsalServer({ dialect: "openai", models: ["gpt-5.2"], fallback: cloudPlays });
  const notebook = await startRehearsalNotebook();
  const home = await scratch();
  const folder = join(home, "policy");
  await mkdir(folder, { recursive: true });
  const written = await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8");
  const endpoints = { reflex: reflex.endpoint, cloud: cloud.endpoint, notebook: notebook.endpoint };
  const policy = rehearsedPolicy({ shipped: written, candidate: "small", endpoints });
  await writeFile(join(folder, "model_policy.toml"), change(policy));
  await writeFile(join(folder, "candidates.toml"), CANDIDATES);
  const close = async () => {
    await Promise.all([reflex.close(), cloud.close(), notebook.close()]);
  };
  return { reflex, cloud, notebook, suite: await layTinySuite(home), policy: join(folder, "model_policy.toml"), cwd: await scratch(), close };
}

const CANDIDATES = `format = 1

[[candidate]]
name = "small"
provider = "sglang"
model = "small-1"
effort = "low"
temperature = 0.0
max_output_tokens = 512
start = "python -m sglang.launch_server --model-path rehearsal/small-1 --served-model-name small-1 --port 30000"
vram = "24 GB"
`;

export interface StoredCapsule {
  readonly events: readonly EventLine[];
  /** Every text that it holds, and every line. */
  readonly text: string;
}

export async function readStored(path: string): Promise<StoredCapsule> {
  const raw = await readFile(path, "utf8");
  const lines = raw
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly kind: string; readonly data?: string });
  const blobs = lines.flatMap(({ kind, data }) => (kind === "blob" ? [inflateSync(Buffer.from(data ?? "", "base64")).toString("utf8")] : []));
  return { events: lines.filter(({ kind }) => kind === "event") as unknown as EventLine[], text: [raw, ...blobs].join("\n") };
}
