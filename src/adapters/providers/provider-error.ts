// A server's error, reduced to plain values, so that no other code has to walk untrusted nesting.

type Json = Readonly<Record<string, unknown>>;

/** The parts of an error that are used. */
const TOLD = ["message", "type", "code", "param"] as const;

type PlainError = Readonly<Partial<Record<(typeof TOLD)[number], string | number>>>;

/** A server answered with an error: in a body, or in a frame of its stream. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  /** HTTP's, else a numeric code of the error's own, else 0. */
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly header: (name: string) => string | null;

  constructor(error: unknown, { status = 0, header = () => null }: { readonly status?: number; readonly header?: (name: string) => string | null } = {}) {
    const { message, code, type } = plainError(error);
    const words = message === undefined || message === "" ? textOf(code ?? type) : textOf(message);
    super([...(status === 0 ? [] : [String(status)]), words === "" ? "an error without words" : words].join(" "));
    this.status = status === 0 ? statusOf(code) : status;
    this.code = typeof code === "string" ? code : "";
    this.type = typeof type === "string" ? type : "";
    this.header = header;
  }
}

/** What an error body tells: nested under `error` at OpenAI and vLLM, flat at SGLang, in a list at Gemini, a `detail` at FastAPI; else its text. */
export function errorIn(body: unknown, text: string): unknown {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof first !== "object" || first === null) return text;
  const { error, detail, message } = first as Json;
  if (typeof error === "object" && error !== null) return withInner(error as Json);
  return { ...first, message: message ?? error ?? detail };
}

/** Azure says in an inner error what it filtered. */
function withInner(error: Json): Json {
  const inner = error["innererror"];
  const code = typeof inner === "object" && inner !== null ? (inner as Json)["code"] : undefined;
  return code === "ResponsibleAIPolicyViolation" ? { ...error, code: "content_filter" } : error;
}

/** The strings and numbers of an error; anything else becomes its message. Never throws. */
export function plainError(error: unknown): PlainError {
  if (typeof error !== "object" || error === null) return { message: wordsOf(error) };
  const { message } = error as Json;
  const told: PlainError = Object.fromEntries(TOLD.flatMap((name) => (isPlain((error as Json)[name]) ? [[name, (error as Json)[name]]] : [])));
  if (told.message !== undefined) return told;
  const said = message ?? (Object.keys(told).length === 0 ? error : null);
  return said === null ? told : { ...told, message: wordsOf(said) };
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";
const textOf = (value: string | number | undefined): string => (value === undefined ? "" : String(value));

/** SGLang and vLLM send the status as the code of an error frame. */
function statusOf(code: unknown): number {
  const status = Number(code ?? 0);
  return Number.isInteger(status) ? status : 0;
}

function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // The stack is finite; a server's nesting need not be.
    return "an error that is nested too deeply to be told";
  }
}
