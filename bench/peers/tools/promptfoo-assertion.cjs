// promptfoo's assertion: one repair scored.
const { score } = require("./score.cjs");

module.exports = (output, { vars }) => {
  const pass = score(vars.id, typeof output === "string" ? output : JSON.stringify(output));
  return { pass, score: pass ? 1 : 0, reason: "cargo test" };
};
