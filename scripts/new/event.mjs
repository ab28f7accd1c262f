// A new kind of event: a file with its schema, step part, texts, fold and line for people; its place in the registry.
import { nameFault, pascal, Source, camel } from "./source.mjs";

const REGISTRY = "src/core/trial/event.ts";

export const event = {
  usage: "event NAME            a kind of event, such as patch-reviewed",
  plan(root, name) {
    const registry = new Source(root, REGISTRY);
    const refusal = nameFault(
      name,
      registry.keys("EVENT_KINDS").map((key) => key.replaceAll(/(?!^)[A-Z]/g, "-$&").toLowerCase()),
    );
    if (refusal) return { refusal };
    const path = `src/core/trial/events/${name}.ts`;
    const test = `test/unit/core/trial/events/${name}.test.ts`;
    return {
      files: [
        [path, skeleton(name)],
        [test, failing(name, path)],
      ],
      edits: [registry.import(`import { ${camel(name)} } from "./events/${name}.ts";`).entry("EVENT_KINDS", `${pascal(name)}: ${camel(name)}`)],
      next: [
        `Describe the event and its fields in ${path}. New kinds raise the capsule's format (docs/CAPSULE_FORMAT.md, Versions).`,
        `Fill in ${test}; it fails until the event tells people what happened.`,
        "Record it where it happens (src/trial/), then `npm run check`: the type checker names what else has to know it.",
        "`UPDATE_GOLDEN=1 npx vitest run --project unit test/unit/core` writes the schema and the table in docs/CAPSULE_FORMAT.md.",
      ],
    };
  },
};

const skeleton = (name) => `// ${pascal(name)}: say here in one sentence what it tells.
import { z } from "zod";
import { type EventKind, noOutcome, nothingNeeded, plain, plainFacts, unfolded } from "./kind.ts";

const schema = z.strictObject({ type: z.literal("${pascal(name)}") }).describe("");

export const ${camel(name)}: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "note",
  texts: {},
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: plainFacts,
  tone: plain,
};
`;

const failing = (name, path) => `// ${pascal(name)}: read back as it was written, and told to people in one line.
import { expect, it } from "vitest";
import { EVENT_KINDS, trialEvent } from "../../../../../src/core/trial/event.ts";

/** As a run records it, with every field. */
const example = { type: "${pascal(name)}" } as const;

it("is read back as it was written", () => {
  expect(trialEvent.parse(example)).toEqual(example);
});

it("tells people what happened", () => {
  expect(EVENT_KINDS.${pascal(name)}.account(example), "the line that people read: write it in ${path}").not.toBe("");
});
`;
