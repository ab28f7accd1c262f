// Mutants of the capsule that no test can notice, or that need none: a file, a line's own words, and why.

/** For the type checker: where it does not hold, what follows comes to the same. */
const NARROWING = "for the type checker: without it the value that it lets through changes nothing";
/** Both ends of a list of faults are faults. */
const ANY_FAULT = "which of several faults is told, each of them true";
const MEMORY = "memory: what is forgotten here is not asked for again";

/** @type {readonly (readonly [file: string, words: string, why: string])[]} */
const SURVIVORS = [
  ["capsule/order.ts", "const rankOf =", "a rank below all others is as good as one further below"],
  ["capsule/order.ts", "const byText =", "equal texts are told before, and only the sign of an order counts"],
  ["capsule/order.ts", "lastWhole.", "steps are counted from 0: whatever is below stands for none"],
  ["capsule/record.ts", "/^calibration", "any text that is no calibration trial's will do"],
  ["capsule/record.ts", "task !== undefined &&", NARROWING],
  ["capsule/reference.ts", "hash !== undefined", NARROWING],
  ["capsule/spent.ts", 'payload.type === "ModelCallEnvelope"', NARROWING],
  ["proof/statement.ts", "const keys =", "null is a key that verifies nothing"],
  ["proof/statement.ts", "const digestOf =", "a statement that names a subject twice is its signer's own"],
  ["proof/statement.ts", "if (!read.success) return null", NARROWING],
  ["proof/statement.ts", 'typeof key === "string" ? key', "what is no text is a key that verifies nothing"],
  ["proof/proof.ts", "max(10_000_000)", "a bound on memory, not a promise of a length"],
  ["capsule/parse.ts", "error instanceof BakeoffError", "canonical JSON throws nothing else"],
  ["capsule/parse.ts", "const where =", "the schema has an issue wherever it refuses"],
  ["capsule/parse.ts", "where.slice(0, 80)", "a bound on what is printed; every path of this format is shorter"],
  ["capsule/parse.ts", "return format > CAPSULE_FORMAT", "the format that this version reads does not come here"],
  ["capsule/stored-policy.ts", 'typeof id === "string"', NARROWING],
  ["capsule/observed-policy.ts", "observed_hash === undefined", NARROWING],
  ["plan/header-fit.ts", "const [wrong] = own.find(", ANY_FAULT],
  ["plan/given-patches.ts", "toSorted", "a task is there once, and only the sign of an order counts"],
  ["capsule/redaction.ts", "leak: (text)", "which of several secrets is told, each of them there"],
  ["checks/header.ts", "const [role] =", ANY_FAULT],
  ["plan/header-fit.ts", "agent !== null || provider === EXTERNAL_PROVIDER", "no candidate of a policy is external"],
  ["checks/header.ts", 'payload.type === "ModelCallEnvelope" && payload.provider', NARROWING],
  ["checks/header.ts", "given.set(`", NARROWING],
  ["checks/header.ts", "if (at > latest)", "the same time again"],
  ["checks/plants.ts", "if (isCalibrationId(trial))", MEMORY],
  ["checks/plants.ts", 'payload.type === "ErrorEvent"', NARROWING],
  ["checks/verdict.ts", "compared += 1", "only whether there was one is asked"],
  ["checks/order.ts", "let last = {", "a place before all others is as good as one further before"],
  ["checks/order.ts", "const place = {", "of the run's own events only the numbers are compared"],
  ["checks/order.ts", "a.rank > b.rank", "equal ranks are told before"],
  ["checks/order.ts", "a.seq > b.seq : a.trial > b.trial", "equal trials are told before"],
  ["checks/order.ts", "line.seq > place.seq", "equal numbers are told before"],
  ["checks/order.ts", "if (found !== null) fault.tell(found)", "no fault is kept where there is none"],
  ["checks/order.ts", "const cut =", ANY_FAULT],
  ["checks/trial.ts", "told.decided.clear()", MEMORY],
  ["checks/trial.ts", 'payload.type === "GateDecision"', NARROWING],
  ["checks/trial.ts", "const missing =", ANY_FAULT],
  ["checks/text.ts", "if (policy !== null) stored.set", "a text that is no policy resolves as little as one that is not there"],
  ["checks/text.ts", 'if (mode === "FullIo")', MEMORY],
  ["checks/text.ts", `mode === "FullIo" || mode === null`, MEMORY],
  ["checks/text.ts", "const kept =", ANY_FAULT],
];

/** Why nothing notices it; null: nobody has said. */
export const whySurvives = (path, written) => SURVIVORS.find(([file, words]) => path.endsWith(`/${file}`) && written.includes(words))?.[2] ?? null;
