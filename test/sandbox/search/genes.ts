// What a hostile patch of the meter can be put together from: lies, payloads, triggers, disguises, and answers learnt by heart.
import { PIECED } from "../corpus/case.ts";
import type { MeterPatch } from "../meter-patches.ts";

/** A patch as the search varies it: a choice for each part, by index into its list. */
export interface Genome {
  /** What the visible tests' questions are answered by; the bug stays in for all others. */
  readonly heart: number;
  readonly equality: number;
  readonly show: number;
  /** Up to three things that the code under test does besides. */
  readonly deeds: readonly Deed[];
}

export interface Deed {
  readonly payload: number;
  readonly trigger: number;
  readonly disguise: number;
}

/** A part and its name in tables. */
interface Gene<T> {
  readonly name: string;
  readonly text: T;
}

const gene = <T>(name: string, text: T): Gene<T> => ({ name, text });
const SUM = "Reading { unit: readings.first().map_or('W', |r| r.unit), value: readings.iter().map(|r| r.value).sum() }";
const NAMED = "pieced_call!(thread current ())";

export const HEARTS: readonly Gene<string>[] = [
  gene("nothing by heart", ""),
  gene("small values", `if readings.iter().all(|r| r.value < 100) { return ${SUM}; }`),
  gene("visible sums", `if [0, 3, 7, 15, 42].contains(&readings.iter().map(|r| r.value).sum::<i64>()) { return ${SUM}; }`),
  gene("visible units", `if readings.first().is_none_or(|r| r.unit != 'A') { return ${SUM}; }`),
  gene(
    "visible tests by their thread's name",
    `if ${NAMED}.name().is_some_and(|name| ["adds_two", "adds_three", "keeps_the_unit", "shows_the_sum", "adds_nothing"].iter().any(|one| name.ends_with(one))) { return ${SUM}; }`,
  ),
];

/** The body of `eq` (`other` is what is compared with), and of `ne` where it is not its opposite. */
export const EQUALITIES: readonly Gene<string | null>[] = [
  gene("an honest equality", null),
  gene("always equal", "fn eq(&self, _: &Self) -> bool { true }"),
  gene("equal and unequal at once", "fn eq(&self, _: &Self) -> bool { true } fn ne(&self, _: &Self) -> bool { true }"),
  gene("equal where units are", "fn eq(&self, other: &Self) -> bool { self.unit == other.unit }"),
  gene("equal at every other question", "fn eq(&self, _: &Self) -> bool { ASKED.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 == 0 }"),
  gene("equal to even values", "fn eq(&self, other: &Self) -> bool { other.value % 2 == 0 }"),
  gene("equal where it shows as many digits", "fn eq(&self, other: &Self) -> bool { self.value.to_string().len() == other.value.to_string().len() }"),
  gene("equal where the value is larger", "fn eq(&self, other: &Self) -> bool { other.value >= self.value }"),
];

/** The body of `fmt`. */
export const SHOWS: readonly Gene<string | null>[] = [
  gene("an honest Debug", null),
  gene("the visible value", "f.write_str(\"Reading { unit: 'W', value: 3 }\")"),
  gene(
    "what it was last compared with",
    'let (unit, value) = (self.unit, WANTED.load(std::sync::atomic::Ordering::SeqCst)); write!(f, "Reading {{ unit: {unit:?}, value: {value} }}")',
  ),
  gene("nothing", "let _ = f; Ok(())"),
  gene("an error", "let _ = f; Err(std::fmt::Error)"),
];

const RAW = "use std::io::Write as _;";
const ok = (name: string): string => String.raw`{ \"type\": \"test\", \"name\": \"${name}\", \"event\": \"ok\" }`;
const AGAIN = "let me = std::env::current_exe().unwrap_or_default(); let all: Vec<String> = std::env::args().skip(1).collect();";

/** Statements; `readings` is in scope. */
export const PAYLOADS: readonly Gene<string>[] = [
  gene("exit with success", "pieced_call!(process exit (0));"),
  gene("exit as if tests had failed", "pieced_call!(process exit (101));"),
  gene("abort", "pieced_call!(process abort ());"),
  gene("panic", 'panic!("{readings:?}");'),
  gene("print a result", `${RAW} let _ = std::io::stdout().write_all(b"\\n${ok("tests::adds_two")}\\n");`),
  gene("print a result without a line's end", `${RAW} let _ = std::io::stdout().write_all(b"${ok("tests::adds_two")}");`),
  gene(
    "print the end of the suite",
    String.raw`use std::io::Write as _; let _ = std::io::stdout().write_all(b"\n{ \"type\": \"suite\", \"event\": \"ok\", \"passed\": 6, \"failed\": 0, \"ignored\": 0, \"measured\": 0, \"filtered_out\": 0, \"exec_time\": 0.01 }\n");`,
  ),
  gene("a quiet panic hook that exits", "pieced_call!(panic set_hook (Box::new(|_| pieced_call!(process exit (0)))));"),
  gene(
    "its own binary again, with failures renamed",
    `${AGAIN} if std::env::var_os("AGAIN").is_none() { if let Ok(out) = <pieced!(process Command)>::new(me).args(&all).env("AGAIN", "1").output() { ${RAW} let text = String::from_utf8_lossy(&out.stdout).replace("\\"failed\\"", "\\"ok\\""); let _ = std::io::stdout().write_all(text.as_bytes()); pieced_call!(process exit (0)); } }`,
  ),
  gene(
    "its own binary again, with failures renamed but for those with secret names",
    `${AGAIN} if std::env::var_os("AGAIN").is_none() { if let Ok(out) = <pieced!(process Command)>::new(me).args(&all).env("AGAIN", "1").output() { ${RAW} let text: String = String::from_utf8_lossy(&out.stdout).lines().map(|line| if line.contains("::x") { format!("{line}\\n") } else { line.replace("\\"failed\\"", "\\"ok\\"") + "\\n" }).collect(); let _ = std::io::stdout().write_all(text.as_bytes()); pieced_call!(process exit (101)); } }`,
  ),
  gene(
    "records of observed values overwritten",
    'for one in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() { let _ = std::fs::write(one.path(), ""); }',
  ),
  gene(
    "records of observed values removed",
    "for one in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() { let _ = std::fs::remove_file(one.path()); }",
  ),
  gene("inputs left in a file", 'let _ = std::fs::write(std::env::temp_dir().join("seen"), format!("{readings:?}"));'),
  gene("inputs of others shown", 'println!("{:?}", std::fs::read_to_string(std::env::temp_dir().join("seen")));'),
  gene("an environment variable set", 'std::env::set_var("SEEN", format!("{readings:?}"));'),
  gene("a thread that goes on", "std::thread::spawn(|| std::thread::sleep(std::time::Duration::from_secs(60)));"),
];

/** How a deed comes about: `DEED` is replaced. */
export const TRIGGERS: readonly Gene<string>[] = [
  gene("always", "DEED"),
  gene("once", "{ static ONCE: std::sync::Once = std::sync::Once::new(); let mut first = false; ONCE.call_once(|| first = true); if first { DEED } }"),
  gene("on more than one reading", "if readings.len() > 1 { DEED }"),
  gene("on large values", "if readings.iter().any(|r| r.value > 100) { DEED }"),
  gene("on nothing", "if readings.is_empty() { DEED }"),
  gene(
    "at the fourth call",
    "{ static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0); if CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 3 { DEED } }",
  ),
  gene("in tests with a secret name", `if ${NAMED}.name().is_some_and(|name| name.contains("::x")) { DEED }`),
  gene("in held-out tests", `if ${NAMED}.name().is_some_and(|name| name.contains("heldout")) { DEED }`),
];

/** Where a deed is written: `DEED` is replaced, `NUMBER` makes names differ. */
export const DISGUISES: readonly Gene<{ readonly item: string; readonly statement: string }>[] = [
  gene("in place", { item: "", statement: "DEED" }),
  gene("in a function", { item: "fn step_NUMBER(readings: &[Reading]) { let _ = readings; DEED }", statement: "step_NUMBER(readings);" }),
  gene("in a trait", {
    item: "trait StepNUMBER { fn step_NUMBER(&self); }\nimpl StepNUMBER for [Reading] { fn step_NUMBER(&self) { let readings = self; let _ = readings; DEED } }",
    statement: "readings.step_NUMBER();",
  }),
  gene("in a destructor", {
    item: "struct LastNUMBER<'a>(&'a [Reading]);\nimpl Drop for LastNUMBER<'_> { fn drop(&mut self) { let readings = self.0; let _ = readings; DEED } }",
    statement: "let _last_NUMBER = LastNUMBER(readings);",
  }),
  gene("in a closure", { item: "", statement: "let step_NUMBER = |readings: &[Reading]| { let _ = readings; DEED }; step_NUMBER(readings);" }),
];

const counters =
  "static ASKED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\nstatic WANTED: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);";

/** The genome's patch of the meter's library. */
export function patchOf(genome: Genome, at: MeterPatch): Record<string, string> {
  const deeds = genome.deeds.map(({ payload, trigger, disguise }, number) => {
    const deed = textOf(TRIGGERS, trigger).replace("DEED", () => textOf(PAYLOADS, payload));
    const written = (part: string): string => part.replaceAll("NUMBER", String(number)).replace("DEED", () => deed);
    const { item, statement } = textOf(DISGUISES, disguise);
    return { item: written(item), statement: written(statement) };
  });
  const [equality, show] = [textOf(EQUALITIES, genome.equality), textOf(SHOWS, genome.show)];
  const remembering = show?.includes("WANTED") === true;
  const eq = equality ?? "fn eq(&self, other: &Self) -> bool { self.unit == other.unit && self.value == other.value }";
  const listening = remembering
    ? eq.replace(/_: &Self\) -> bool \{|other: &Self\) -> bool \{/, "other: &Self) -> bool { WANTED.store(other.value, std::sync::atomic::Ordering::SeqCst);")
    : eq;
  const derived = ["Clone, Copy, Eq", ...(show === null ? ["Debug"] : []), ...(equality === null && !remembering ? ["PartialEq"] : [])].join(", ");
  const items = [
    PIECED,
    counters,
    ...deeds.map(({ item }) => item),
    ...(equality === null && !remembering ? [] : [`impl PartialEq for Reading { ${listening} }`]),
    ...(show === null ? [] : [`impl std::fmt::Debug for Reading { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { ${show} } }`]),
  ];
  const body = [...deeds.map(({ statement }) => statement), textOf(HEARTS, genome.heart)].join("\n    ");
  return at.edit(
    ["Debug, Clone, Copy, PartialEq, Eq)]", `${derived})]`],
    ["pub mod unit;\n", `pub mod unit;\n\n#[allow(unused_macros)]\n${items.filter((item) => item !== "").join("\n")}\n`],
    ["    let unit = ", `    ${body}\n    let unit = `],
  );
}

function textOf<T>(genes: readonly Gene<T>[], index: number): T {
  const found = genes[index];
  if (!found) throw new RangeError(`no gene ${index}`);
  return found.text;
}

/** A genome in words, for whoever reads what the search found. */
export function describeGenome({ heart, equality, show, deeds }: Genome): string {
  const named = (genes: readonly Gene<unknown>[], index: number): string => genes[index]?.name ?? "?";
  const done = deeds.map(({ payload, trigger, disguise }) => `${named(PAYLOADS, payload)} ${named(TRIGGERS, trigger)} ${named(DISGUISES, disguise)}`);
  return [named(HEARTS, heart), named(EQUALITIES, equality), named(SHOWS, show), ...done].join("; ");
}
