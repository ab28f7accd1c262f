// A server's error, reduced to plain values, so that no other code has to walk untrusted nesting.

type Json = Readonly<Record<string, unknown>>;

/** The parts of an error that are used. */
const TOLD = ["message", "type", "code", "param"] as const;

export type PlainError = Readonly<Partial<Record<(typeof TOLD)[number], string | number>>>;

/** The strings and numbers of an error; anything else becomes its message. Never throws. */
export function plainError(error: unknown): PlainError {
  if (typeof error !== "object" || error === null) return { message: wordsOf(error) };
  const { message } = error as Json;
  const told: PlainError = Object.fromEntries(TOLD.flatMap((name) => (isPlain((error as Json)[name]) ? [[name, (error as Json)[name]]] : [])));
  if (told.message !== undefined) return told;
  const said = message ?? (Object.keys(told).length === 0 ? error : null);
  return said === null ? told : { ...told, message: wordsOf(said) };
}

/** An error body in the openai SDK's form, nested under `error`. SGLang's is flat, FastAPI's has a `detail`. */
export function nestedError(body: Json): string {
  const { error } = body;
  const whole = typeof error === "object" && error !== null ? error : { message: error ?? body["detail"], ...body };
  return JSON.stringify({ error: plainError(whole) });
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // The stack is finite; a server's nesting need not be.
    return "an error that is nested too deeply to be told";
  }
}
