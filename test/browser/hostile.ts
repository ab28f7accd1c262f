// Fifty strings that try to be more than text, and a capsule whose names, prompts, answers and outputs are made of them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { encodeBlob } from "../../src/adapters/capsules/journal/journal.ts";
import { merkleRoot, sha256 } from "../../src/core/base/canonical.ts";
import { closeSeal, type EventLine, type Header, lineText } from "../../src/core/capsule/line.ts";

const HIT = "window.__hit=1";

export const HOSTILE: readonly string[] = [
  `<script>${HIT}</script>`,
  `</script><script>${HIT}</script>`,
  `<img src=x onerror="${HIT}">`,
  `<svg onload="${HIT}"><circle></svg>`,
  `"><img src=x onerror=${HIT}>`,
  `' onmouseover='${HIT}' x='`,
  `" autofocus onfocus="${HIT}" x="`,
  `</pre><script>${HIT}</script><pre>`,
  `</title><script>${HIT}</script>`,
  `</style><style>*{display:none}</style>`,
  `<iframe srcdoc="<script>parent.__hit=1</script>"></iframe>`,
  `<a href="javascript:${HIT}">click</a>`,
  `javascript:${HIT}`,
  `<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
  `<base href="https://evil.example/">`,
  `<link rel=stylesheet href="https://evil.example/x.css">`,
  `<form action="https://evil.example/"><button>go</button></form>`,
  `<object data="https://evil.example/x"></object>`,
  `<embed src="https://evil.example/x">`,
  `<video><source onerror="${HIT}"></video>`,
  `<details open ontoggle="${HIT}">x</details>`,
  `<math><mi//xlink:href="data:x,<script>${HIT}</script>">`,
  `<noscript><p title="</noscript><img src=x onerror=${HIT}>">`,
  `<textarea></textarea><script>${HIT}</script>`,
  `<!--<img src="--><img src=x onerror=${HIT}>">`,
  `<![CDATA[<img src=x onerror=${HIT}>]]>`,
  `&lt;script&gt;${HIT}&lt;/script&gt;`,
  `&#60;img src=x onerror=${HIT}&#62;`,
  `\\u003cscript\\u003e${HIT}\\u003c/script\\u003e`,
  `{{constructor.constructor('${HIT}')()}}`,
  `\${${HIT}}`,
  `<%= ${HIT} %>`,
  "\u202Etxt.exe\u202C",
  "\u2066\u2067\u202Eevil\u2069\u2069",
  "user\u200B\u200C\u200D\uFEFFname",
  "\u0007\u001B[31mred\u001B[0m\u0008\u0000",
  "line one\u2028line two\u2029line three",
  "\r\nSet-Cookie: a=b\r\n\r\n<b>header</b>",
  "a".repeat(1_000_000),
  `${"<b>".repeat(20_000)}deep`,
  "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}".repeat(50),
  "e" + "\u0301".repeat(2000),
  "%3Cscript%3E" + HIT + "%3C/script%3E",
  "__proto__",
  "constructor",
  "=cmd|'/c calc'!A1",
  "../../../../etc/passwd",
  "https://evil.example/?x=<script>",
  "```\n</details>\n<script>" + HIT + "</script>",
  "\uD800 lone \uDC00",
];

const LEAST = 50;
if (HOSTILE.length !== LEAST) throw new Error(`${HOSTILE.length} hostile strings`);

/** Names that stand in ids are parts of paths, and whole characters. */
const asName = (text: string): string => text.replaceAll("/", "∕").toWellFormed().slice(0, 400);
const asText = (text: string): string => text.toWellFormed();

/** From a stored run: its places for free text hold the strings, one after the other. Writes it into the home's capsules. */
export async function hostileCapsule(source: string, home: string, run: string): Promise<void> {
  const read = await readCapsule(source);
  let turn = 0;
  const next = (): string => asText(HOSTILE[(turn += 1) % HOSTILE.length] ?? "");
  const candidates = new Map(read.header.candidates.map(({ name }, index) => [name, asName(HOSTILE[(index * 7) % HOSTILE.length] ?? "")]));
  const renamed = (trial: string | null): string | null => {
    if (trial === null) return null;
    const [name = "", ...rest] = trial.split("/");
    return [candidates.get(name) ?? name, ...rest].join("/");
  };
  const header: Header = {
    ...read.header,
    run_id: run,
    candidates: read.header.candidates.map((candidate) => ({ ...candidate, name: candidates.get(candidate.name) ?? "", model: next() })),
    tasks: read.header.tasks.map((task) => ({ ...task, area: next(), error_codes: [next(), next()] })),
    warnings: HOSTILE.slice(0, 38).map(asText),
    left_out: [{ name: next(), reason: next(), start: next() }],
    suite: { ...read.header.suite, version: next() },
  };
  const texts = new Map<string, string>();
  const hashes = new Map(
    read.blobs.map(({ sha256: hash, text }) => {
      const kept = hash === read.header.policy.snapshot_hash ? text : hostileText(text, next);
      texts.set(sha256(kept), kept);
      return [hash, sha256(kept)] as const;
    }),
  );
  const events = read.events.map((line): EventLine => {
    const payload = hostilePayload(line.payload as unknown as Record<string, unknown>, hashes, next);
    return { ...line, run_id: run, trial: renamed(line.trial), payload: payload as unknown as EventLine["payload"] };
  });
  const lines = [...[...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([hash, text]) => encodeBlob(hash, text)), ...events.map(lineText)];
  const facts = { run_id: run, sealed_at: header.created_at, merkle_root: merkleRoot(events.map(lineText)), header_hash: sha256(lineText(header)) };
  const counts = { events: events.length, blobs: texts.size, suite_root: header.suite.root, policy_hash: header.policy.hash };
  const seal = lineText(closeSeal({ kind: "seal", format: 1, ...facts, ...counts }));
  await mkdir(join(home, "capsules"), { recursive: true });
  await writeFile(join(home, "capsules", `${run}.capsule.jsonl`), `${[lineText(header), ...lines, seal].join("\n")}\n`);
}

/** Prompts stay prompts, and verdicts verdicts: only what is said in them changes. */
function hostileText(text: string, next: () => string): string {
  const value = parsed(text);
  if (Array.isArray(value)) return JSON.stringify(value.map((message: object) => ({ ...message, content: `${next()}\n${next()}` })));
  if (typeof value === "object" && value !== null && "status" in value) return JSON.stringify(hostileVerdict(value as Record<string, unknown>, next));
  return `${next()}\n${text}`;
}

function hostileVerdict(verdict: Record<string, unknown>, next: () => string): object {
  const told = (list: unknown, keys: readonly string[]): unknown =>
    Array.isArray(list) ? list.map((one: Record<string, unknown>) => ({ ...one, ...Object.fromEntries(keys.map((key) => [key, next()])) })) : list;
  return {
    ...verdict,
    ...("diagnostics" in verdict ? { diagnostics: told(verdict["diagnostics"], ["message", "rendered", "code"]) } : {}),
    ...("tests" in verdict ? { tests: told(verdict["tests"], ["output"]) } : {}),
  };
}

const FREE_TEXT: ReadonlySet<string> = new Set([
  "reason",
  "message",
  "error",
  "resolved_model",
  "error_code",
  "signal_kind",
  "file_path",
  "tool_name",
  "skip_reason",
]);

function hostilePayload(payload: Record<string, unknown>, hashes: ReadonlyMap<string, string>, next: () => string): Record<string, unknown> {
  const entries = Object.entries(payload).map(([key, value]): [string, unknown] => {
    if (typeof value === "string" && hashes.has(value) && !["before_hash", "policy_hash"].includes(key)) return [key, hashes.get(value)];
    if (typeof value === "string" && FREE_TEXT.has(key)) return [key, next()];
    if (key === "verdict") return [key, { ...(value as object), detail: next(), error_codes: [next()] }];
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
