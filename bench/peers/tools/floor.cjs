// The floor: the bare calls and the bare scorer, one after the other. Prints how many were scored as repaired.
const { repairs, score } = require("./score.cjs");

(async () => {
  let passed = 0;
  for (const { id, prompt } of repairs.values()) {
    const response = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: prompt }] }),
    });
    const { choices } = await response.json();
    if (score(id, choices[0].message.content)) passed += 1;
  }
  process.stdout.write(`PASSED ${passed}\n`);
})();
