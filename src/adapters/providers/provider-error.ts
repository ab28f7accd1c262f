// An error as a server words it, brought down to plain values, so that nothing else walks what a server has nested.

type Json = Readonly<Record<string, unknown>>;

/** What an error's reader goes by. */
const TOLD = ["message", "type", "code", "param"] as const;

export type ToldError = Readonly<Partial<Record<(typeof TOLD)[number], string | number>>>;

/** The strings and numbers of an error; other words become its message. Never throws, whatever the error is. */
export function toldError(error: unknown): ToldError {
  if (typeof error !== "object" || error === null) return { message: wordsOf(error) };
  const { message } = error as Json;
  const told: ToldError = Object.fromEntries(TOLD.flatMap((name) => (isPlain((error as Json)[name]) ? [[name, (error as Json)[name]]] : [])));
  if (told.message !== undefined) return told;
  const said = message ?? (Object.keys(told).length === 0 ? error : null);
  return said === null ? told : { ...told, message: wordsOf(said) };
}

/** An error's body as the openai SDK reads one: nested under `error`. SGLang's is flat, FastAPI's has a `detail`. */
export function nestedError(body: Json): string {
  const { error } = body;
  const whole = typeof error === "object" && error !== null ? error : { message: error ?? body["detail"], ...body };
  return JSON.stringify({ error: toldError(whole) });
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // The stack has an end, and what a server nests need not have one.
    return "an error that is nested too deeply to be told";
  }
}
