// The servers that a run starts itself: those of one turn are there for its trials, restarted once if they die, and gone before the next.
import { BakeoffError } from "../../core/base/errors.ts";
import type { Turn } from "../../core/policy/turns.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { ModelProvider, ModelReply } from "../../ports/models.ts";
import type { PolicyCandidate } from "../../ports/serving.ts";
import { openServer, type OpenServer, type ServerEvent, type ServerPorts } from "../serve/server.ts";

export interface TurnPorts extends ServerPorts {
  /** What is in use of the GPUs' memory, in MiB; null where nothing tells. */
  readonly gpuMemoryMib: () => Promise<number | null>;
}

export type TurnEvent =
  | ServerEvent
  | { readonly kind: "restarting"; readonly name: string; readonly how: string }
  | { readonly kind: "short-context"; readonly name: string; readonly warning: string };

/** What a turn can't decide by itself. */
export interface TurnHooks {
  /** A server died and is started again. */
  readonly restarted: (name: string, how: string) => void;
  /** It died once more: the run can't go on. */
  readonly failed: (error: BakeoffError) => void;
}

export interface ServedTurns {
  readonly order: readonly Turn[];
  /** Does the work while the turn's servers are there. */
  during<T>(turn: Turn, hooks: TurnHooks, work: () => Promise<T>): Promise<T>;
  /** The provider, whose calls wait while the server of their model is started again. */
  patient(provider: ModelProvider): ModelProvider;
}

export interface TurnsRequest {
  readonly snapshot: PolicySnapshot;
  readonly order: readonly Turn[];
  readonly readyTimeoutMs: number;
  readonly tell: (event: TurnEvent) => void;
}

const POLL_MS = 200;
/** How long a stopped server's port and memory may take to be free. */
const RELEASE_MS = 60_000;
/** What else uses a GPU comes and goes meanwhile. */
const SLACK_MIB = 512;
/** A connection breaks before the process is known to have ended. */
const NOTICE_MS = 1000;

export const servedTurns = (ports: TurnPorts, request: TurnsRequest, signal: AbortSignal): ServedTurns => new Turns(ports, request, signal);

class Turns implements ServedTurns {
  readonly order: readonly Turn[];
  private readonly ports: TurnPorts;
  private readonly request: TurnsRequest;
  private readonly signal: AbortSignal;
  /** The servers of the turn, by candidate; a new promise while one is started again. */
  private readonly servers = new Map<string, Promise<OpenServer>>();
  private readonly restarted = new Set<string>();
  private closing = false;

  constructor(ports: TurnPorts, request: TurnsRequest, signal: AbortSignal) {
    this.ports = ports;
    this.request = request;
    this.signal = signal;
    this.order = request.order;
  }

  async during<T>(turn: Turn, hooks: TurnHooks, work: () => Promise<T>): Promise<T> {
    const candidates = turn.map((name) => this.candidate(name));
    const usedMib = await this.ports.gpuMemoryMib();
    this.closing = false;
    try {
      for (const { name } of candidates) this.open(name, hooks);
      await Promise.all(this.servers.values());
      return await work();
    } finally {
      this.closing = true;
      const opened = await Promise.allSettled(this.servers.values());
      this.servers.clear();
      await Promise.all(opened.map(async (server) => (server.status === "fulfilled" ? server.value.stop() : undefined)));
      if (!this.signal.aborted) await this.released(candidates, usedMib);
    }
  }

  patient(provider: ModelProvider): ModelProvider {
    return {
      ...provider,
      call: async (request, signal) => {
        await this.servers.get(request.model)?.catch(() => undefined);
        const reply = await provider.call(request, signal);
        if (this.servers.has(request.model) && isBreak(reply)) await this.ports.wait(NOTICE_MS, signal);
        return reply;
      },
    };
  }

  private open(name: string, hooks: TurnHooks): void {
    const { snapshot, readyTimeoutMs, tell } = this.request;
    const server = openServer(this.ports, { snapshot, candidate: this.candidate(name), checkpoint: null, readyTimeoutMs, tell }, this.signal);
    this.servers.set(name, server);
    void server.then(({ gone }) => gone.then((how) => this.died(name, how, hooks))).catch(() => undefined);
  }

  private died(name: string, how: string, hooks: TurnHooks): void {
    if (this.closing || this.signal.aborted) return;
    if (this.restarted.has(name)) {
      hooks.failed(new BakeoffError("environment", `the server of ${name} ${how} for the second time`, "its log above says why"));
      return;
    }
    this.restarted.add(name);
    this.request.tell({ kind: "restarting", name, how });
    hooks.restarted(name, how);
    this.open(name, hooks);
    this.servers.get(name)?.catch((error: unknown) => hooks.failed(error instanceof BakeoffError ? error : new BakeoffError("environment", String(error), "")));
  }

  /** The next turn's servers would fail in a way that says nothing, or answer for these. */
  private async released(candidates: readonly PolicyCandidate[], usedMib: number | null): Promise<void> {
    const until = this.ports.clock.now() + RELEASE_MS;
    for (;;) {
      const held = await this.held(candidates, usedMib);
      if (held === null) return;
      if (this.ports.clock.now() > until) throw new BakeoffError("environment", held, "see what still runs there, stop it, and go on with the run");
      await this.ports.wait(POLL_MS, this.signal);
    }
  }

  private async held(candidates: readonly PolicyCandidate[], usedMib: number | null): Promise<string | null> {
    const { readiness } = this.ports.serving(this.request.snapshot);
    for (const candidate of candidates) {
      const now = await readiness(candidate);
      if (now.ready || now.taken) return `the server of ${candidate.name} was stopped, and something still answers at its address`;
    }
    const nowMib = usedMib === null ? null : await this.ports.gpuMemoryMib();
    if (usedMib === null || nowMib === null || nowMib <= usedMib + SLACK_MIB) return null;
    return `the server of ${candidates.map(({ name }) => name).join(", ")} was stopped, and ${nowMib - usedMib} MiB of GPU memory are still in use`;
  }

  private candidate(name: string): PolicyCandidate {
    const found = this.request.snapshot.candidates.find((candidate) => candidate.name === name);
    if (found === undefined) throw new BakeoffError("invariant", `the policy has no candidate ${name}, whose turn it is`);
    return found;
  }
}

const BREAKS: ReadonlySet<string> = new Set(["refused-connection", "cut-stream", "server-error"]);

const isBreak = (reply: ModelReply): boolean => reply.outcome === "failed" && BREAKS.has(reply.failure);
