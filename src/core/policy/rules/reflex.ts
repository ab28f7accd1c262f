// Rules on the reflex mode: who may serve it, what a promotion is, and how far it is rolled out.
import { daysBetween } from "../day.ts";
import { policyFault, type Rule, rule, type Written } from "./rule.ts";

/** The reflex model that needs no promotion; all other candidates are alternatives. */
export const DEFAULT_REFLEX = "gpt-oss-20b";

type Routed = Pick<Written, "reflex" | "promotion" | "candidates">;

export const REFLEX_RULES: readonly Rule[] = [
  rule({
    name: "reflex-candidates-known",
    sentence: "The reflex candidate and its fallbacks are in candidates.toml.",
    reads: ["reflex", "candidates"],
    check: (written) =>
      routedNames(written)
        .filter(({ name }) => !isKnown(written, name))
        .map(({ name, key }) => policyFault(key, `${name} is not in candidates.toml: add it there or name one that is`)),
  }),
  rule({
    name: "default-reflex-stays",
    sentence: `The reflex candidate is ${DEFAULT_REFLEX}, or an alternative that a promotion names.`,
    reads: ["reflex", "promotion", "candidates", "gates"],
    check: (written) => {
      const { candidate } = written.reflex;
      return mayServe(written, candidate) ? [] : [policyFault(["reflex", "candidate"], wayToPromotion(candidate, written.gates.reflex_promotion.min_epochs))];
    },
  }),
  rule({
    name: "fallbacks-promoted",
    sentence: "Every fallback is the default reflex model or has been promoted, and is listed once.",
    reads: ["reflex", "promotion", "candidates", "gates"],
    check: (written) => {
      const { candidate, fallbacks } = written.reflex;
      return fallbacks.flatMap((name, index) => {
        const key = ["reflex", "fallbacks", index];
        if (name === candidate || fallbacks.indexOf(name) < index) return [policyFault(key, `${name} is listed already: remove it from the fallbacks`)];
        return mayServe(written, name)
          ? []
          : [policyFault(key, wayToPromotion(name, written.gates.reflex_promotion.min_epochs, "remove it from the fallbacks"))];
      });
    },
  }),
  rule({
    // Clocks and time zones differ by at most a day.
    name: "promotions-stand",
    sentence: "Every promotion names a known alternative, once, and a date that is not in the future.",
    reads: ["promotion", "candidates"],
    check: ({ promotion, candidates }, { today }) =>
      promotion.flatMap(({ candidate, promoted }, index) => {
        const key = ["promotion", index];
        if (!candidates.some(({ name }) => name === candidate))
          return [policyFault([...key, "candidate"], `${candidate} is not in candidates.toml: add it there or remove the promotion`)];
        if (promotion.findIndex((other) => other.candidate === candidate) < index)
          return [policyFault([...key, "candidate"], `${candidate} is promoted twice: keep the newer promotion`)];
        return daysBetween(today, promoted) > 1
          ? [policyFault([...key, "promoted"], `${promoted} is in the future (today is ${today}): correct the date`)]
          : [];
      }),
  }),
  rule({
    name: "reflex-is-local",
    sentence: "The reflex candidate and its fallbacks are served locally.",
    reads: ["reflex", "candidates", "providers"],
    check: (written) =>
      routedNames(written).flatMap(({ name, key }) => {
        const provider = written.candidates.find((candidate) => candidate.name === name)?.provider ?? "";
        return written.providers[provider]?.cloud
          ? [policyFault(key, `${name} is served by the cloud provider ${provider}: reflex is the local loop, choose a candidate of a local one`)]
          : [];
      }),
  }),
  rule({
    name: "canary-is-a-part",
    sentence: "A canary takes some of the tasks, but not all.",
    reads: ["reflex"],
    check: ({ reflex: { rollout } }) => {
      if (rollout.stage !== "canary" || (rollout.percent > 0 && rollout.percent < 100)) return [];
      return [
        policyFault(
          ["reflex", "rollout", "percent"],
          `a canary of ${rollout.percent} % is the stage ${rollout.percent === 0 ? "off" : "on"}: use that stage, or choose between 1 and 99`,
        ),
      ];
    },
  }),
];

function routedNames({ reflex }: Pick<Written, "reflex">): readonly { readonly name: string; readonly key: readonly PropertyKey[] }[] {
  return [{ name: reflex.candidate, key: ["reflex", "candidate"] }, ...reflex.fallbacks.map((name, index) => ({ name, key: ["reflex", "fallbacks", index] }))];
}

const isKnown = ({ candidates }: Pick<Written, "candidates">, name: string): boolean => candidates.some((candidate) => candidate.name === name);

/** Unknown names are reported by another rule. */
const mayServe = (written: Routed, name: string): boolean =>
  name === DEFAULT_REFLEX || !isKnown(written, name) || written.promotion.some((promotion) => promotion.candidate === name);

function wayToPromotion(name: string, epochs: number, otherwise = `restore candidate = "${DEFAULT_REFLEX}"`): string {
  return (
    `${name} has not been promoted: no [[promotion]] names it. ` +
    `Run the bakeoff (npm run bakeoff -- --candidates ${DEFAULT_REFLEX},${name} --epochs ${epochs}), ` +
    `then the gate (npm run gate -- --candidate ${name}), ` +
    `then apply its decision (bakeoff promote --candidate ${name} --decision FILE); or ${otherwise}`
  );
}
