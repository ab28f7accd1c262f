// A rehearsal server: plays written scenes in the chunk order of SGLang, vLLM or OpenAI; it generates nothing.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answers, answersText, sendJson } from "./rehearsal-scenes.ts";
import type { PlayedTimes, Scene, SeenRequest } from "./rehearsal-stage.ts";
import type { DialectName } from "../../src/core/policy/candidate/dialect.ts";

export interface RehearsalServer {
  /** Ends in `/v1`. */
  readonly endpoint: string;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** One for each answer that was begun, in the order of the requests. */
  readonly played: readonly PlayedTimes[];
  /** TCP connections accepted so far. */
  connections(): number;
  /** Chat connections that the client closed before the scene was over. */
  abandoned(): number;
  /** The scenes of the next requests; without any left, `fallback` is played. */
  rehearse(...scenes: readonly Scene[]): void;
  /** What `GET /v1/models` answers instead of the list. */
  rehearseModels(scene: Scene): void;
  /** What another path answers from now on. */
  rehearsePage(path: string, scene: Scene): void;
  close(): Promise<void>;
}

export interface RehearsalOptions {
  readonly dialect: DialectName;
  readonly models: readonly string[];
  readonly fallback: Scene;
  /** 0, the default: any free one. */
  readonly port?: number;
}

const BODY_LIMIT = 4 * 1024 * 1024;
const ANSWERING = new Set(["/v1/chat/completions", "/v1/responses"]);

interface State {
  readonly options: RehearsalOptions;
  readonly seen: SeenRequest[];
  readonly played: PlayedTimes[];
  readonly scenes: Scene[];
  readonly pages: Map<string, Scene>;
  connections: number;
  abandoned: number;
}

/** Starts on 127.0.0.1. */
export async function startRehearsalServer(options: RehearsalOptions): Promise<RehearsalServer> {
  const state: State = { options, seen: [], played: [], scenes: [], pages: new Map(pagesOf(options)), connections: 0, abandoned: 0 };
  const server = createServer((incoming, response) => playNext(state, incoming, response));
  server.on("connection", (socket) => {
    socket.setNoDelay(true);
    state.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/v1`,
    port,
    seen: state.seen,
    played: state.played,
    connections: () => state.connections,
    abandoned: () => state.abandoned,
    rehearse: (...next) => {
      state.scenes.splice(0, state.scenes.length, ...next);
    },
    rehearseModels: (scene) => {
      state.pages.set("/v1/models", scene);
    },
    rehearsePage: (path, scene) => {
      state.pages.set(path, scene);
    },
    close: () => closeServer(server),
  };
}

/** What each kind of server has beside its answers. */
function pagesOf({ dialect, models }: RehearsalOptions): [string, Scene][] {
  const list = { object: "list", data: models.map((id) => ({ id, object: "model", created: 1, owned_by: dialect, root: id, max_model_len: 32_768 })) };
  const every: [string, Scene][] = [["/v1/models", answers(200, list)]];
  if (dialect === "openai") return every;
  const prefix = dialect === "sglang" ? "sglang:cached_tokens_total" : "vllm:prefix_cache_hits_total";
  const both: [string, Scene][] = [...every, ["/health", answersText(200, "text/plain", "")], ["/metrics", answersText(200, "text/plain", `${prefix} 0\n`)]];
  if (dialect === "vllm") return [...both, ["/version", answers(200, { version: "0.25.0" })]];
  return [
    ...both,
    ["/flush_cache", answersText(200, "text/plain", "Cache flushed.\n")],
    ["/model_info", answers(200, { model_path: `rehearsal/${models[0] ?? "none"}`, is_generation: true, weight_version: "default" })],
    ["/server_info", answers(200, { version: "0.5.2", api_key: "a-key-of-the-server", enable_cache_report: true, tp_size: 1, reasoning_parser: "gpt-oss" })],
  ];
}

async function playNext(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  const start = performance.now();
  state.seen.push(request);
  response.on("close", () => {
    if (!response.writableFinished && request.method === "POST") state.abandoned += 1;
  });
  const played: PlayedTimes = { firstTextMs: null, endMs: null };
  const stage = { dialect: state.options.dialect, request, response, played, since: () => performance.now() - start };
  const path = request.path.replace(/\?.*$/, "");
  const page = state.pages.get(path);
  if (page) return page(stage);
  if (!ANSWERING.has(path)) return sendJson(response, 404, { detail: "Not Found" });
  state.played.push(played);
  return (state.scenes.shift() ?? state.options.fallback)(stage);
}

/** Stops listening and ends every connection. */
export function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  let text = "";
  for await (const part of incoming.setEncoding("utf8")) if (text.length < BODY_LIMIT) text += part;
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
}
