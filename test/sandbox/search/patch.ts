// A genome as a patch of the meter, and in words.
import { PIECED } from "../corpus/case.ts";
import type { MeterPatch } from "../meter-patches.ts";
import { COMPILING, DISGUISES, EQUALITIES, type Gene, type Genome, HEARTS, KNOWLEDGE, PAYLOADS, SHOWS, TESTS, TRIGGERS } from "./genes.ts";
import type { Knowledge } from "./knowledge.ts";

const STATICS = `static ASKED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
static WANTED: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
thread_local!(static SUMMED: std::cell::Cell<i64> = const { std::cell::Cell::new(0) });`;

/** The files that the genome's patch changes. */
export function patchOf(genome: Genome, at: MeterPatch): Record<string, string> {
  const deeds = genome.deeds.map((_, number) => deedOf(genome, number));
  const knowledge = textOf(KNOWLEDGE, genome.knowledge);
  const body = [
    "SUMMED.set(readings.iter().map(|r| r.value).sum());",
    ...deeds.map(({ statement }) => statement),
    textOf(HEARTS, genome.heart),
    knowledge.answer === "" ? "" : "if let Some(known) = knowing::answer(readings) { return known; }",
  ].join("\n    ");
  const { derived, items } = traitsOf(genome, knowledge);
  const all = [PIECED, STATICS, ...deeds.map(({ item }) => item), ...items, knowingOf(knowledge)].filter((item) => item !== "");
  const tests = textOf(TESTS, genome.tests);
  const { "src/lib.rs": lib = "", ...files } = {
    ...at.edit(
      ["Debug, Clone, Copy, PartialEq, Eq)]", `${derived})]`],
      ["    let unit = ", `    ${body}\n    let unit = `],
      ["pub mod unit;\n", `pub mod unit;\n\n#[allow(unused_macros)]\n${all.join("\n")}\n`],
    ),
    ...tests.files,
    ...knowledge.files,
    ...macroOf(genome, knowledge, at),
  };
  return { ...files, "src/lib.rs": tests.change(lib) };
}

/** A deed whose payload brings items has a module of its own for them. */
function deedOf({ deeds }: Genome, number: number): { readonly item: string; readonly statement: string } {
  const { payload, trigger, disguise } = deeds[number] ?? { payload: 0, trigger: 0, disguise: 0 };
  const { items, code } = textOf(PAYLOADS, payload);
  const act = items === "" ? code : `act_${number}::act(readings);`;
  const deed = textOf(TRIGGERS, trigger).replace("DEED", () => act);
  const written = (part: string): string => part.replaceAll("NUMBER", String(number)).replace("DEED", () => deed);
  const { item, statement } = textOf(DISGUISES, disguise);
  const own = items === "" ? "" : `mod act_${number} {\nuse super::*;\n${items}\npub fn act(readings: &[Reading]) { let _ = readings; ${code} }\n}\n`;
  return { item: own + written(item), statement: written(statement) };
}

function knowingOf({ items, answer }: Knowledge): string {
  if (answer === "") return "";
  return `mod knowing {\nuse super::*;\n${items.replaceAll("\nfn heard", "\npub fn heard")}\npub fn answer(readings: &[Reading]) -> Option<Reading> { ${answer} }\n}`;
}

/** What is derived, and what is written by hand. */
function traitsOf(genome: Genome, { listens }: Knowledge): { readonly derived: string; readonly items: readonly string[] } {
  const [equality, show] = [textOf(EQUALITIES, genome.equality), textOf(SHOWS, genome.show)];
  const heard = [
    show?.includes("WANTED") === true ? "WANTED.store(other.value, std::sync::atomic::Ordering::SeqCst);" : "",
    listens ? "knowing::heard(other.value);" : "",
  ].join("");
  const eq = equality ?? "fn eq(&self, other: &Self) -> bool { self.unit == other.unit && self.value == other.value }";
  const listening = heard === "" ? eq : eq.replace(/fn eq\(&self, (?:_|other): &Self\) -> bool \{/, `fn eq(&self, other: &Self) -> bool { ${heard}`);
  const isOwn = equality !== null || heard !== "";
  return {
    derived: ["Clone, Copy, Eq", ...(show === null ? ["Debug"] : []), ...(isOwn ? [] : ["PartialEq"])].join(", "),
    items: [
      ...(isOwn ? [`impl PartialEq for Reading { ${listening} }`] : []),
      ...(show === null ? [] : [`impl std::fmt::Debug for Reading { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { ${show} } }`]),
    ],
  };
}

function macroOf({ compiling }: Genome, { macro = { items: "", code: "" } }: Knowledge, at: MeterPatch): Readonly<Record<string, string>> {
  const code = textOf(COMPILING, compiling) + macro.code;
  if (code === "") return {};
  const [head = "", ...rest] = at.macro.split("-> TokenStream {\n");
  return { "macros/src/lib.rs": `${head}-> TokenStream {\n    ${code}\n${rest.join("")}\n${macro.items}\n` };
}

function textOf<T>(genes: readonly Gene<T>[], index: number): T {
  const found = genes[index];
  if (!found) throw new RangeError(`no gene ${index}`);
  return found.text;
}

/** A genome in words, for whoever reads what the search found; what is as it should be is left out. */
export function describeGenome({ heart, knowledge, equality, show, tests, compiling, deeds }: Genome): string {
  const named = (genes: readonly Gene<unknown>[], index: number): string => genes[index]?.name ?? "?";
  const parts = [
    [HEARTS, heart],
    [KNOWLEDGE, knowledge],
    [EQUALITIES, equality],
    [SHOWS, show],
    [TESTS, tests],
    [COMPILING, compiling],
  ] as const;
  const done = deeds.map(({ payload, trigger, disguise }) => `${named(PAYLOADS, payload)} ${named(TRIGGERS, trigger)} ${named(DISGUISES, disguise)}`);
  const odd = [...parts.flatMap(([genes, index]) => (index === 0 ? [] : [named(genes, index)])), ...done];
  return odd.length === 0 ? "the bug as it is" : odd.join("; ");
}
