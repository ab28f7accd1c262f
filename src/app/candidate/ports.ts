// What the candidate commands need of the world.
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Environment } from "../../ports/servers.ts";
import type { Serving } from "../../ports/serving.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import type { ComparePorts } from "../policy/compared.ts";

/** A model as a server's list has it. */
export interface OfferedModel {
  readonly id: string;
  /** Tokens of prompt and answer together; null where the server does not say. */
  readonly contextTokens: number | null;
  /** Who serves it, in the server's words. */
  readonly ownedBy: string;
}

export type Offer = { readonly ok: true; readonly entries: readonly OfferedModel[] } | { readonly ok: false; readonly reason: string };

export interface CandidatePorts extends ComparePorts {
  readonly texts: TextFiles;
  readonly environment: Environment;
  /** What a server says that it serves. Never throws. */
  readonly offer: (endpoint: string, apiKey: string | null) => Promise<Offer>;
  readonly serving: (snapshot: PolicySnapshot) => Pick<Serving, "readiness" | "reachable" | "networkProviders">;
}
