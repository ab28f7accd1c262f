// Rules on who plays which role: every role resolves, the Judge is a cloud model, reflex is a mode.
import { isTable } from "../layer.ts";
import { policyFault, type Rule, rule, type RuleFault, type Written } from "./rule.ts";

type Serving = Pick<Written, "roles" | "models" | "providers">;

export const ROLE_RULES: readonly Rule[] = [
  rule({
    name: "roles-resolve",
    sentence: "Every role's model is an alias that the policy defines.",
    reads: ["roles", "models"],
    check: ({ roles, models }) =>
      Object.entries(roles)
        .filter(([, role]) => !Object.hasOwn(models, role.model))
        .map(([role, { model }]) => policyFault(["roles", role, "model"], `${model} is not in [models]: define it there`)),
  }),
  rule({
    name: "judge-is-cloud",
    sentence: "The Judge is always a cloud model.",
    reads: ["roles", "models", "providers"],
    check: (written) =>
      servedLocally(written, "judge") ? [policyFault(["roles", "judge", "model"], "the judge is served locally: choose a model of a cloud provider")] : [],
  }),
  rule({
    name: "implementer-is-cloud",
    sentence: "Escalation leads to a cloud Implementer.",
    reads: ["roles", "models", "providers"],
    check: (written) =>
      servedLocally(written, "implementer")
        ? [
            policyFault(
              ["roles", "implementer", "model"],
              "the implementer is served locally, so reflex could escalate only to itself: choose a model of a cloud provider",
            ),
          ]
        : [],
  }),
  rule({
    name: "reflex-is-a-mode",
    sentence: "Reflex is a mode of the Implementer, never a role.",
    reads: [],
    check: (_, { raw }) =>
      Object.keys(rolesOf(raw))
        .filter((role) => /reflex/i.test(role))
        .map((role) => policyFault(["roles", role], "reflex is a mode of the implementer, not a role: remove this table and configure it in [reflex]")),
  }),
  rule({
    name: "critic-always-on",
    sentence: "The SidecarCritic speaks in every trial; it has no switch.",
    reads: [],
    check: (_, { raw }) => criticFaults(rolesOf(raw)["sidecar_critic"]),
  }),
];

function rolesOf(raw: unknown): Readonly<Record<string, unknown>> {
  const roles = isTable(raw) ? raw["roles"] : null;
  return isTable(roles) ? roles : {};
}

function criticFaults(critic: unknown): readonly RuleFault[] {
  const key = ["roles", "sidecar_critic"];
  if (critic === undefined) return [policyFault(key, "the sidecar critic is always on: name its model in [roles.sidecar_critic]")];
  if (!isTable(critic) || !Object.hasOwn(critic, "enabled")) return [];
  return [policyFault([...key, "enabled"], "the sidecar critic is always on: remove this switch")];
}

function servedLocally({ roles, models, providers }: Serving, role: keyof Written["roles"]): boolean {
  // Inherited members (constructor, …) are not providers.
  return providers[models[roles[role].model]?.provider ?? ""]?.cloud === false;
}
