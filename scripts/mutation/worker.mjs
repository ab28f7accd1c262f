// Runs one bundle after the other, each with a mutant in it, and says which test noticed.
import { createRequire } from "node:module";
import { createRunner } from "./shim.mjs";

const require = createRequire(import.meta.url);

/** Evaluates a CommonJS bundle; `provided` stands in for modules of those names. */
function evaluate(code, provided = {}) {
  const module = { exports: {} };
  const demand = (name) => provided[name] ?? require(name);
  new Function("require", "module", "exports", code)(demand, module, module.exports);
  return module.exports;
}

/** What failed, in words; null where nothing did. */
async function failureOf({ kind, code }) {
  try {
    if (kind === "golden") return evaluate(code).failure();
    const { api, run } = await createRunner();
    evaluate(code, { vitest: api });
    return await run();
  } catch (error) {
    return `it throws: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

process.on("message", async (job) => process.send({ failure: await failureOf(job) }));
