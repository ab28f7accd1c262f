// A new page of docs/decisions, with the next free number.
import { readdirSync } from "node:fs";
import { join } from "node:path";

const SLUG_WORDS = 6;

export const decision = {
  usage: 'decision "SENTENCE"   a decision: one sentence that says what was decided',
  plan(root, title) {
    const slug = slugOf(title);
    if (slug === "") return { refusal: "the sentence holds no word to name a file by" };
    const id = nextId(join(root, "docs", "decisions"));
    const path = `docs/decisions/${id}-${slug}.md`;
    return {
      files: [[path, page(id, title)]],
      next: [
        `Write the three sections and \`shown by\` of ${path}.`,
        "If it supersedes another decision, say so in `supersedes`, and change the other page's status.",
        "Run `npm run docs`: it checks the page and writes the index and the register.",
      ],
    };
  },
};

function nextId(folder) {
  const taken = readdirSync(folder).flatMap((name) => /^(\d{4})-/.exec(name)?.[1] ?? []);
  return String(Math.max(0, ...taken.map(Number)) + 1).padStart(4, "0");
}

const slugOf = (title) => (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).slice(0, SLUG_WORDS).join("-");

/** Sections are left empty and `shown by` missing on purpose: `npm run check` fails until they are written. */
const page = (id, title) => `---
id: ${id}
formerly: none
date: ${new Date().toISOString().slice(0, 10)}
status: in force
locks: none
supersedes: none
shown by:
---

# ${title.replace(/\.$/, "")}

## Context

## Decision

## Alternatives
`;
