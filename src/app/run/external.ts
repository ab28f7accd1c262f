// Patches that an agent made elsewhere, as a candidate: it is asked for nothing and hands them over; no model of the policy plays.
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { givenAnswer, givenPatchesHash } from "../../core/capsule/plan/given-patches.ts";
import type { Header } from "../../core/capsule/line.ts";
import type { Redactor } from "../../core/capsule/redaction.ts";
import type { WrittenPolicy } from "../../core/policy/schema.ts";
import { EXTERNAL_PROVIDER } from "../../core/trial/command.ts";
import type { ModelProvider } from "../../ports/models.ts";
import type { NotebookAccess } from "../../ports/notebook.ts";
import { bindingsOf, type LineUp, STAND_INS } from "./lineup.ts";

export interface ExternalPatches {
  /** Who made them, as reports name it. */
  readonly agent: string;
  /** A unified diff against the broken tree, by task; empty, or not there: nothing was changed. */
  readonly diffs: ReadonlyMap<string, string>;
}

/** What a policy says otherwise for such a run: one try, nobody plans, and no patch of known quality is planted, since there is no gate. */
export const EXTERNAL_OVERRIDES = ["reflex.max_attempts = 1", "reflex.enabled = true", "roles.architect.plans_risks = []"] as const;

/** After a lost patch nothing is repaired: `nop` stands where the cloud Implementer would take over, and costs no build. */
export const externalLineUp = (policy: WrittenPolicy, { agent }: ExternalPatches): LineUp => ({
  candidates: [{ name: agent, provider: EXTERNAL_PROVIDER, model: agent }],
  leftOut: [],
  bindings: bindingsOf({ policy, reachable: () => false }, { ...STAND_INS, implementer: "nop" }),
});

/** Nothing is timed or counted: what the agent took is not known here. */
export function externalProvider({ diffs }: ExternalPatches): readonly [string, ModelProvider] {
  const provider: ModelProvider = {
    name: EXTERNAL_PROVIDER,
    call: async ({ model, material }, signal) => {
      signal.throwIfAborted();
      return {
        resolvedModel: model,
        servedModel: null,
        effort: null,
        times: { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] },
        usage: { promptTokens: null, responseTokens: null, cachedTokens: null, reasoningTokens: null },
        outcome: "answered",
        text: givenAnswer(diffs.get(material.task.id) ?? ""),
      };
    },
  };
  return [EXTERNAL_PROVIDER, provider];
}

export type ExternalFacts = NonNullable<Header["external"]>;

/** What a header says of them. `tasks`: those of the run. */
export const externalFacts = ({ agent, diffs }: ExternalPatches, tasks: readonly { readonly id: string }[], { scrub }: Redactor): ExternalFacts => ({
  agent,
  patches: givenPatchesHash(tasks.map(({ id }) => [id, sha256(scrub(givenAnswer(diffs.get(id) ?? "")))])),
});

export const externalWarning = ({ agent }: ExternalPatches): string =>
  `external: ${agent} made these patches elsewhere, and they were only verified here: it saw none of the prompts, its times, tokens and costs are unknown (0 ms is no measurement), and no gate and no trend takes the run`;

export const NOTEBOOK_UNASKED: NotebookAccess = { port: null, reason: "patches made elsewhere are only verified: nobody is asked" };

/** Throws `usage` where a run would be gone on with by other patches than it was begun with. */
export function checkSamePatches({ run_id: run, external: begun, tasks }: Header, given: ExternalPatches | undefined, redactor: Redactor): void {
  const now = given && externalFacts(given, tasks, redactor);
  if (begun?.patches === now?.patches && begun?.agent === now?.agent) return;
  if (begun === undefined)
    throw new BakeoffError("usage", `run ${run} is a run of models, and verifies no patches made elsewhere`, "go on with it by: bakeoff run --resume");
  const hint = now === undefined ? "go on with it by: bakeoff score --patches … --resume" : "name the patches that it was begun with, or start a new run";
  throw new BakeoffError("usage", `run ${run} verifies patches that ${begun.agent} made elsewhere, and these are not they`, hint);
}
