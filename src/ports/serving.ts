// Who serves the models of one policy, and what may be asked of them.
import type { Redactor } from "../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import type { ModelProvider, NetworkProvider } from "./models.ts";
import type { NotebookAccess } from "./notebook.ts";
import type { Readiness, ServerControl, ServerInspector } from "./servers.ts";
import type { Workbench } from "./workbench.ts";

export type PolicyCandidate = PolicySnapshot["candidates"][number];

/** The servers of one policy. */
export interface Serving {
  /** Can a policy's model be reached: its provider needs no key, or the key is there? */
  reachable(alias: string): boolean;
  /** Does the candidate's server serve it now, and if not: does another stand at its address? */
  readiness(candidate: PolicyCandidate): Promise<Readiness>;
  /** Does the provider of a policy's model serve it now? Costs nothing but the look. */
  modelReadiness(alias: string, timeoutMs: number): Promise<Readiness>;
  /** Every provider that a run may call, by the name that bindings use. */
  providers(bench: Workbench): ReadonlyMap<string, ModelProvider>;
  /** The providers behind a network, by name. */
  networkProviders(): ReadonlyMap<string, NetworkProvider>;
  /** Of a provider behind a network. */
  control(provider: string): ServerControl;
  /** Those of the named providers that can say what they have loaded. */
  inspectors(providers: readonly string[]): ReadonlyMap<string, ServerInspector>;
  notebook(): Promise<NotebookAccess>;
  /** Takes this machine's secrets out of texts, by the policy's own patterns too. */
  readonly redactor: Redactor;
}
