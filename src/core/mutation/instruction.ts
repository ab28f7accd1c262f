// The instruction of a mutant's task: what fails, as the compiler and the tests report it, and never what to write.
import type { Mutant } from "./mutant.ts";
import type { MutantOutcome } from "./outcome.ts";

const MAX_ERRORS = 3;
const MAX_TESTS = 3;
const MAX_MESSAGE = 240;
/** A shorter text (`&`, `mut`, `+ 1`) is in most messages by chance. */
const MIN_ANSWER = 6;

/** `answer`: the text that the mutation removed. */
export function instructionFor(mutant: Mutant, outcome: MutantOutcome, answer: string): string {
  const told = outcome.status === "compile-error" ? compilerSays(mutant, outcome) : testsSay(mutant, outcome);
  const plain =
    outcome.status === "compile-error"
      ? `The crate does not compile any more: the cause is in \`${mutant.path}\`.`
      : `Tests fail since the last change of \`${mutant.path}\`.`;
  const end = "Repair it so that everything behaves as it did before; the tests say what is expected.";
  return `${holdsAnswer(told, answer) ? plain : told}\n\n${end}\n`;
}

const squeezed = (part: string): string => part.replace(/\s+/g, " ").trim();

function holdsAnswer(text: string, answer: string): boolean {
  const parts = answer
    .split("\n")
    .map(squeezed)
    .filter((part) => part.length >= MIN_ANSWER);
  return parts.some((part) => squeezed(text).includes(part));
}

function compilerSays({ path }: Mutant, { errors }: MutantOutcome): string {
  const lines = errors.slice(0, MAX_ERRORS).map(({ code, message, path: place, line }) => {
    const where = place === null ? "" : ` (\`${place}\`${line === null ? "" : `, line ${line}`})`;
    return `- ${code === "none" ? "error" : `error[${code}]`}: ${clipped(message)}${where}`;
  });
  const more = errors.length > MAX_ERRORS ? `\n- and ${errors.length - MAX_ERRORS} more` : "";
  return `The crate does not compile any more since the last change of \`${path}\`:\n\n${lines.join("\n")}${more}`;
}

function testsSay({ path }: Mutant, { failed }: MutantOutcome): string {
  const visible = failed.filter(({ heldOut }) => !heldOut);
  const lines = visible.slice(0, MAX_TESTS).map(({ id, output }) => {
    const said = panicOf(output);
    return `- \`${id}\`${said === "" ? "" : `: ${said}`}`;
  });
  const more = visible.length > MAX_TESTS ? `\n- and ${visible.length - MAX_TESTS} more` : "";
  return `Tests fail since the last change of \`${path}\`:\n\n${lines.join("\n")}${more}`;
}

/** A panic's message without its location: the lines after `panicked at`. */
function panicOf(output: string): string {
  const lines = output.split("\n");
  const panic = lines.findIndex((line) => line.includes("panicked at"));
  const said = panic < 0 ? lines.slice(0, 1) : lines.slice(panic + 1, panic + 4);
  return clipped(
    said
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("stack backtrace") && !line.startsWith("note:"))
      .join("; "),
  );
}

const clipped = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_MESSAGE ? line : `${line.slice(0, MAX_MESSAGE).toWellFormed()}…`;
};
