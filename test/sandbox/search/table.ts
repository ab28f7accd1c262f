// The page about the verifier's defences: what the search found without each of them.
import { CUTS, type CutName } from "./cuts.ts";
import type { Found } from "./found.ts";
import { describeGenome } from "./patch.ts";
import { nameOf, type Switch, SWITCHES } from "./switches.ts";

const HEAD = `# The verifier's defences, and what each is worth

A defence of which nobody can tell what passes without it may as well not be there. \`test/sandbox/attack.test.ts\` (in \`npm run test:long\`) builds the verifier
from its sources with one defence cut out (\`test/sandbox/search/cuts.ts\`; no flag and no variable of the program switches any off) and lets a seeded search that
mutates and combines the genes of forgeries look for one that passes, or that carries something held out into a prompt. It has 200 attempts, tries each
gene by itself first and goes on from what came furthest. \`test/sandbox/switches.test.ts\` shows some of what was found again in CI, and that the whole
verifier refuses it.

Bases: \`meter\` has held-out tests and no unsafe code; \`raw\` is the same with some; \`open\` is the same with nothing held out, so that only what visible tests and twins say is left;
\`macros\` has a proc macro beside it; \`macro\` is a task about that macro, whose held-out tests are in no build of a patch. Where something is known by heart, it is
what visible tests ask. Names, twins and mutations are drawn anew for each prepared base: another run finds what it finds at other attempts.

## One defence off

| Off | It prevents | Base | Found at attempt | What passed |
|---|---|---|---:|---|
`;

const DEPTH = `
## Defences behind one another

Each of these alone lets nothing through, because the other one holds. What was found with both off is tried with either of them: it passes with none.

| Off together | Why one alone is not enough | Base | Found at attempt | What passed |
|---|---|---|---:|---|
`;

const REST = `
## With every defence on

The same search has 1,000 attempts on the whole verifier (500 on \`meter\`, 200 on \`raw\`, 150 on \`macros\`, 150 on \`open\`) and must find nothing. On 2026-12-01, in the tier
bubblewrap, none of them passed, and none carried anything held out into a prompt (with 1,000 the upper bound of the share that does is 0.3 %). As far as the confirmation came on \`meter\` 438 (112 failed,
145 were tampered, 181 disputed), on \`raw\` 174 (46, 65, 63), on \`macros\` 106 (47, 53, 6), on \`open\` 60 (none, 54, 6). In the same table: 600 honest patches of \`meter\`, generated, of which 600 passed.

## No switch

- *Limits on time, memory, processes, files and output*, *no network but the loopback*, *system calls that are refused besides*: they guard the machine, its other jobs and the
  rates (what a patch causes is never called our own failure). No verdict of the patch's own becomes better without them, and without them a search would take
  the machine down. Tried by \`test/sandbox/escapes.test.ts\`, \`workbench.test.ts\` and the forgeries of \`limits.ts\`.
- *A fresh layer for each job*, *the workspace read-only while tests run*: after a build nothing reads it again, so that a verdict would not change; the prepared base, and with it
  everybody else's verdicts, would. Tried by \`workbench.test.ts\`.
- *Test programs known from the base, never from what cargo prints*: there is no text to cut out; a build that makes others is \`binary-missing\`.
- *Diagnostics that name something hidden are left out*: redundant since the loop's build holds nothing hidden. It matters to a base that does not compile without its
  hidden sources, which has one build for all.
- *cargo runs outside of the tree, so that \`.cargo/config.toml\` has no effect*, *test results by exit code*: redundant behind the path rules and behind events that are held against each
  other; with those off, shorter ways are found first.
- *Records that are links are not followed*: nothing that would help a patch lies where a chamber's shell can read.

## What remains

- A task about code that runs while other code compiles is judged by its visible tests alone, in a build in which that code runs inside the compiler: it can
  compile something else. Its verdict says so (\`not-confirmed\`).
- Where a base has unsafe code and nothing held out, a process that reads its own memory knows the names of twins.
- Where a held-out test takes its expected value from a function and does not spell it out (decision 0358), a type that keeps the right value elsewhere, is equal to that and
  shows that, is right as far as such a test can tell. Either of the two alone is refused; a type that derived both and no longer does is noted beside
  the verdict (\`derive-removed\`).
- Where a base has unsafe code, tables of expected values in a test's helper module (a file without tests of its own) are in the program that is observed.
- A held-out test that binds its expected value to a variable, or hands it to a function of the crate, before it asks, shows it to the process that is asked.
- Where Landlock is the wall, a test can't change modes of files: the call does nothing and says that it did (decision 0357).
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

function rowOf(one: Switch, middle: string, found: Found | undefined): string {
  const off = one.off.map((name: CutName) => CUTS[name].defence).join("; ");
  return `| ${[off, middle, `\`${one.base}\``, String(found?.attempt ?? "–"), found === undefined ? "–" : describeGenome(found.genome)].map(cell).join(" | ")} |\n`;
}

export function defencesPage(found: Readonly<Record<string, Found>>): string {
  const [single, depth] = [SWITCHES.filter(({ because }) => because === null), SWITCHES.filter(({ because }) => because !== null)];
  const prevents = ({ off }: Switch): string => off.map((name) => CUTS[name].prevents).join("; ");
  return [
    HEAD,
    ...single.map((one) => rowOf(one, prevents(one), found[nameOf(one)])),
    DEPTH,
    ...depth.map((one) => rowOf(one, one.because ?? "", found[nameOf(one)])),
    REST,
  ].join("");
}
